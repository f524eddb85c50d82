// Binary convolution on the matrix units that count ones, and all that follows it in a layer.
//
// A block keeps the weights of its output channels in shared memory for good and goes from tile to
// tile of the picture; the next tile's signs arrive while one is counted. With bits 1 for +1, and
// over the taps inside the picture,
//   D = 4 ones(a & w) - 2 ones(a) - 2 ones(w) + products.
// With a second plane of bits for what is negative, zeros have a bit in neither, and
//   D = 2 (ones(plus & w) + ones(minus & ~w)) - ones(plus) - ones(minus).
#pragma once

#include "side.cuh"

namespace bimaco {

constexpr int32_t kMagic = 0x4b400000;  // the bits of 12582912.f, whose last bit is worth 1

/// The integer `value - kMagic`, whose magnitude is below 2^22, as a float.
__device__ __forceinline__ float without_magic(int32_t value) {
  return __uint_as_float(static_cast<uint32_t>(value)) - 12582912.f;
}

/// What the epilogue knows of an output pixel.
struct Row {
  int32_t base;    // products - 2 ones(a), or - ones(plus) - ones(minus), and kMagic
  float mean;      // of |a| at the centre tap
  int32_t border;  // which taps are missing: top 1, bottom 2, left 4, right 8
  int32_t pixel;   // index in y, or -1

  __device__ __forceinline__ Row(const Convolve &p, const Shape &s, const Halo &halo,
                                 const Tile &at, int m) {
    const int pad = p.kernel / 2;
    const int height = p.height << p.doubled, width = p.width << p.doubled;
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    const int oy = at.y(p) + my, ox = at.x(p) + mx;
    const int2 *first = halo.stats + my * p.stride * s.columns + mx * p.stride;
    int counts = 0;
    for (int dy = 0; dy < p.kernel; ++dy) {
      for (int dx = 0; dx < p.kernel; ++dx) {
        counts += first[dy * s.columns + dx].x;
      }
    }
    const int ones = counts & 0xffff, minus = counts >> 16;
    const bool top = oy * p.stride < pad, bottom = oy * p.stride + pad >= height;
    const bool left = ox * p.stride < pad, right = ox * p.stride + pad >= width;
    if (p.minus != nullptr) {
      base = kMagic - ones - minus;
      border = 0;
    } else {
      const int taps = (p.kernel - top - bottom) * (p.kernel - left - right);
      base = kMagic + taps * p.channels - 2 * ones;
      border = top | bottom << 1 | left << 2 | right << 3;
    }
    mean = __uint_as_float(static_cast<uint32_t>(first[pad * s.columns + pad].y));
    const bool there = oy < p.out_height && ox < p.out_width;
    pixel = there ? (at.picture * p.out_height + oy) * p.out_width + ox : -1;
  }

  Row() = default;

  /// The row that another lane holds.
  __device__ __forceinline__ Row of(int lane) const {
    Row row;
    row.base = __shfl_sync(~0u, base, lane);
    row.mean = __shfl_sync(~0u, mean, lane);
    row.border = __shfl_sync(~0u, border, lane);
    row.pixel = __shfl_sync(~0u, pixel, lane);
    return row;
  }
};

/// Adds what a warp counts in `steps` steps of one plane to `count`.
///
/// Args: `plane` is a halo's; `bases` a lane's rows in it; `offset` where each half step's chunk lies;
/// `weights` a lane's, of the first step; `flip` is ~0 where weights count that are 0, in `halves` half
/// steps that have any.
template <int kM, int kN>
__device__ __forceinline__ void count_plane(int32_t (&count)[kM][2 * kN][4],
                                            const unsigned char *plane, const int32_t (&bases)[kM],
                                            const int32_t *offset, const uint4 *weights, int steps,
                                            int group_steps, int halves, uint32_t flip) {
#pragma unroll 2
  for (int step = 0; step < steps; ++step) {
    uint32_t a[kM][4];
    const unsigned char *at = plane + offset[step * 2];
    const uint32_t second = step * 2 + 1 < halves ? flip : 0;
#pragma unroll
    for (int i = 0; i < kM; ++i) {
      load_matrices(a[i], at + bases[i]);
    }
#pragma unroll
    for (int j = 0; j < kN; ++j) {
      const uint4 w = weights[(j * group_steps + step) * 32];
#pragma unroll
      for (int i = 0; i < kM; ++i) {
        count_ones(count[i][2 * j], a[i], w.x ^ flip, w.y ^ second);
        count_ones(count[i][2 * j + 1], a[i], w.z ^ flip, w.w ^ second);
      }
    }
  }
}

template <int kM, int kN, typename Value>
__device__ __forceinline__ void fill(Value (&v)[kM][2 * kN][4], Value value) {
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        v[i][j][k] = value;
      }
    }
  }
}

/// What belongs to four neighbouring output channels, and twice their weights' ones.
struct Channels {
  float alpha[4], bias[4], slope[4], after[4];
  int4 ones;

  /// `from` are the group's, as `fetch_channels` brought them.
  __device__ __forceinline__ Channels(const Convolve &p, const float *from) {
    read4(alpha, from);
    read4(bias, from + kGroup);
    if (p.activation) {
      read4(slope, from + 2 * kGroup);
      read4(after, from + 3 * kGroup);
    }
    ones = *reinterpret_cast<const int4 *>(from + 4 * kGroup);
  }

  __device__ __forceinline__ void activate(const Convolve &p, float (&v)[4]) const {
    if (p.activation) {
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        v[k] = (v[k] >= 0.f ? v[k] : v[k] * slope[k]) + after[k];
      }
    }
  }
};

/// Begins to copy what belongs to the channels of `groups` groups: [groups][5][kGroup].
__device__ __forceinline__ void fetch_channels(const Convolve &p, float *to, int first,
                                               int groups) {
  for (int i = threadIdx.x; i < groups * 5 * (kGroup / 4); i += blockDim.x) {
    const int group = i / (5 * (kGroup / 4)), rest = i - group * (5 * (kGroup / 4));
    const int row = rest / (kGroup / 4), o = (first + group) * kGroup + rest % (kGroup / 4) * 4;
    const void *from = row < 4 ? static_cast<const void *>(p.channel + row * p.padded + o)
                               : static_cast<const void *>(p.weight_ones + o);
    copy16(to + i * 4, from, true);
  }
}

/// Writes the integers instead of what a layer makes of them.
template <int kM, int kN>
__device__ __forceinline__ void write_dots(const Convolve &p,
                                           const int32_t (&count)[kM][2 * kN][4], const Row &own,
                                           int factor, int first_group, int groups) {
  const int lane = threadIdx.x & 31;
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      const Row row = own.of(i * 16 + r * 8 + (lane >> 2));
#pragma unroll
      for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
        for (int k = 0; k < 2; ++k) {
          const int o = (first_group + j / 2) * kGroup + 4 * (lane & 3) + 2 * (j & 1) + k;
          if (j / 2 < groups && row.pixel >= 0 && o < p.out_channels) {
            const int twice = p.weight_ones[row.border * p.padded + o];
            p.dots[static_cast<int64_t>(row.pixel) * p.out_channels + o] =
                factor * count[i][j][2 * r + k] + (row.base - twice) - kMagic;
          }
        }
      }
    }
  }
}

/// kM * 16 pixels and kN * 16 channels for each warp.
template <int kM, int kN, bool kPerTap, Type kType>
__device__ __forceinline__ void convolve(const Convolve &p, unsigned char *memory) {
  const Shape s(p, kN, kType);
  unsigned char *weights = memory;
  int32_t *offsets = reinterpret_cast<int32_t *>(weights + s.weight_bytes);
  float *channels = reinterpret_cast<float *>(weights + s.weight_bytes + s.offset_bytes);
  unsigned char *halos = weights + s.weight_bytes + s.offset_bytes + s.channel_bytes;
  unsigned char *sides = halos + 2 * s.halo_bytes;

  const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
  const int warp_m = warp / p.warps_n, warp_n = warp % p.warps_n;
  const int block_group = blockIdx.y * s.block_groups;
  const int block_groups = min(s.block_groups, p.padded / kGroup - block_group);
  const int first_group = block_group + warp_n * kN;  // of the warp
  const int groups = block_groups - warp_n * kN;      // it may have more than kN, or none
  const int tiles = p.tiles_x * p.tiles_y * p.batch;

  const uint32_t *from = p.weights + static_cast<int64_t>(block_group) * p.steps * 128;
  for (int i = threadIdx.x; i < block_groups * p.steps * 32; i += blockDim.x) {
    copy16(weights + i * 16, from + i * 4, true);
  }
  fetch_channels(p, channels, block_group, block_groups);
  // Where the chunk of each half step lies in a halo. Counts past the last chunk have no weights,
  // or read zeros.
  const int taps = p.kernel * p.kernel;
  for (int i = threadIdx.x; i < p.steps * 2; i += blockDim.x) {
    const int per_tap = kPerTap ? p.steps / taps * 2 : p.chunks;
    const int tap = min(i / per_tap, taps - 1), chunk = min(i - tap * per_tap, p.chunks - 1);
    offsets[i] = (tap / p.kernel * s.columns + tap % p.kernel) * s.pixel_pitch + chunk * 16;
  }

  if (s.stages == 1) {
    fetch_side_weights<kType>(p, s, side_weights_at(s, sides, 0), block_group, block_groups, 0);
  }
  // Up to here all that was read are weights, which no kernel just before this one writes.
  follow();

  const auto begin_stage = [&](int slot, const Tile &at, int stage) {
    fetch_side<kType>(p, s, sides + slot * s.side_bytes, at, stage);
    if (s.stages > 1) {
      unsigned char *to = side_weights_at(s, sides, slot);
      fetch_side_weights<kType>(p, s, to, block_group, block_groups, stage);
    }
  };
  int tile = blockIdx.x;
  Tile next(p, tile);
  if (tile < tiles) {
    fetch_halo(p, s, halo_at(p, s, halos), next);
  }
  end_copies();
  if (s.stages > 0) {
    begin_stage(0, next, 0);
    end_copies();
  }

  // What a lane reads: row lane % 16, first or second half of a step.
  int32_t bases[kM], side_bases[kM];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
    const int m = (warp_m * kM + i) * 16 + (lane & 15);
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    bases[i] = (my * s.columns + mx) * p.stride * s.pixel_pitch;
    side_bases[i] = m * s.side_pitch + (lane >> 4) * 16;
  }

  for (int turn = 0, ring = 0; tile < tiles; tile += gridDim.x, turn ^= 1) {
    const Halo halo = halo_at(p, s, halos + turn * s.halo_bytes);
    const Tile at = next;
    const bool more = tile + static_cast<int>(gridDim.x) < tiles;
    s.stages > 0 ? wait_copies<1>() : wait_copies<0>();
    // From here on all warps have this turn's signs, and are done with the last turn's.
    __syncthreads();
    if (more) {
      next.advance(p);
      fetch_halo(p, s, halo_at(p, s, halos + (turn ^ 1) * s.halo_bytes), next);
    }
    end_copies();

    const Row own(p, s, halo, at, warp_m * kM * 16 + (lane & (kM * 16 - 1)));
    if (p.residual != nullptr && own.pixel >= 0) {
      constexpr int kSize = size_of(kType);
      const char *other = static_cast<const char *>(p.residual) +
                          (static_cast<int64_t>(own.pixel) * p.out_channels + first_group * kGroup) *
                              kSize;
      const int bytes = min(kN * kGroup, p.out_channels - first_group * kGroup) * kSize;
      for (int i = 0; i < bytes; i += 32) {
        expect(other + i);
      }
    }

    float v[kM][2 * kN][4];
    const uint4 *b = reinterpret_cast<const uint4 *>(weights) + lane + warp_n * kN * p.steps * 32;
    const int32_t *offset = offsets + (lane >> 4);
    const float *own_channels = channels + warp_n * kN * 5 * kGroup + 4 * (lane & 3);
    if constexpr (kPerTap) {
      // Each tap's matches, less half of the signs that are no zeros, times the tap's mean.
      fill<kM, kN>(v, 0.f);
      const int steps = p.steps / taps;
      const int2 *stats[kM][2];
      float halves[kM][2] = {};  // where the number of signs is odd
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          const int m = (warp_m * kM + i) * 16 + r * 8 + (lane >> 2);
          const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
          stats[i][r] = halo.stats + (my * s.columns + mx) * p.stride;
        }
      }
      for (int tap = 0; tap < taps; ++tap) {
        int32_t count[kM][2 * kN][4];
        fill<kM, kN>(count, kMagic);
        count_plane<kM, kN>(count, halo.bits, bases, offset + tap * steps * 2, b + tap * steps * 32,
                            steps, p.steps, p.chunks, 0);
        count_plane<kM, kN>(count, halo.minus, bases, offset + tap * steps * 2,
                            b + tap * steps * 32, steps, p.steps, p.chunks, ~0u);
        const int place = tap / p.kernel * s.columns + tap % p.kernel;
#pragma unroll
        for (int i = 0; i < kM; ++i) {
#pragma unroll
          for (int r = 0; r < 2; ++r) {
            const int2 here = stats[i][r][place];
            const int signs = (here.x & 0xffff) + (here.x >> 16);
            const float mean = __uint_as_float(static_cast<uint32_t>(here.y));
            const float half = 12582912.f + static_cast<float>(signs >> 1);
            halves[i][r] += signs & 1 ? mean : 0.f;
#pragma unroll
            for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
              for (int k = 0; k < 2; ++k) {
                const float matches = __uint_as_float(static_cast<uint32_t>(count[i][j][2 * r + k]));
                v[i][j][2 * r + k] = fmaf(mean, matches - half, v[i][j][2 * r + k]);
              }
            }
          }
        }
      }
#pragma unroll
      for (int j = 0; j < kN; ++j) {
        if (j < groups) {
          const Channels mine(p, own_channels + j * 5 * kGroup);
#pragma unroll
          for (int i = 0; i < kM; ++i) {
#pragma unroll
            for (int r = 0; r < 2; ++r) {
              float four[4];
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                const float sum = v[i][2 * j + (k >> 1)][2 * r + (k & 1)];
                four[k] =
                    fmaf(mine.alpha[k], fmaf(2.f, sum, -halves[i][r]), mine.bias[k]);
              }
              mine.activate(p, four);
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[i][2 * j + (k >> 1)][2 * r + (k & 1)] = four[k];
              }
            }
          }
        }
      }
    } else {
      int32_t count[kM][2 * kN][4];
      fill<kM, kN>(count, 0);
      const int halves = taps * p.chunks;
      count_plane<kM, kN>(count, halo.bits, bases, offset, b, p.steps, p.steps, halves, 0);
      if (p.minus != nullptr) {
        count_plane<kM, kN>(count, halo.minus, bases, offset, b, p.steps, p.steps, halves, ~0u);
      }
      const int factor = p.minus != nullptr ? 2 : 4;
      if (p.dots != nullptr) {
        write_dots<kM, kN>(p, count, own, factor, first_group, groups);
        continue;
      }
      Row rows[kM][2];
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          rows[i][r] = own.of(i * 16 + r * 8 + (lane >> 2));
        }
      }
      // A tile of 8 columns holds channels 4t + {0, 1} or 4t + {2, 3}: a lane has four neighbours.
#pragma unroll
      for (int j = 0; j < kN; ++j) {
        if (j < groups) {
          const int o = (first_group + j) * kGroup + 4 * (lane & 3);
          const Channels mine(p, own_channels + j * 5 * kGroup);
#pragma unroll
          for (int i = 0; i < kM; ++i) {
#pragma unroll
            for (int r = 0; r < 2; ++r) {
              const Row &row = rows[i][r];
              int4 ones = mine.ones;
              if (row.border != 0) {
                ones = *reinterpret_cast<const int4 *>(&p.weight_ones[row.border * p.padded + o]);
              }
              const int32_t twice[4] = {ones.x, ones.y, ones.z, ones.w};
              float four[4];
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                const int32_t dot = factor * count[i][2 * j + (k >> 1)][2 * r + (k & 1)] +
                                    (row.base - twice[k]);
                four[k] = fmaf(without_magic(dot) * mine.alpha[k], row.mean, mine.bias[k]);
              }
              mine.activate(p, four);
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[i][2 * j + (k >> 1)][2 * r + (k & 1)] = four[k];
              }
            }
          }
        }
      }
    }

    for (int stage = 0; stage < s.stages; ++stage, ring ^= 1) {
      stage == 0 ? wait_copies<1>() : wait_copies<0>();
      __syncthreads();
      if (stage + 1 < s.stages) {
        begin_stage(ring ^ 1, at, stage + 1);
      } else if (more) {
        begin_stage(ring ^ 1, next, 0);
      }
      end_copies();
      const unsigned char *rows[kM];
#pragma unroll
      for (int i = 0; i < kM; ++i) {
        rows[i] = sides + ring * s.side_bytes + side_bases[i];
      }
      const unsigned char *here =
          side_weights_at(s, sides, ring) + warp_n * kN * s.side_group_bytes + lane * 16;
      const int steps = min(p.stage_steps, p.side_steps - stage * p.stage_steps);
      multiply_side<kM, kN, kType>(s, v, rows, here, steps);
    }

    const int first = first_group * kGroup + 4 * (lane & 3);
#pragma unroll
    for (int i = 0; i < kM; ++i) {
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        const int pixel = __shfl_sync(~0u, own.pixel, i * 16 + r * 8 + (lane >> 2));
        if (pixel < 0) {
          continue;
        }
        const int64_t at = static_cast<int64_t>(pixel) * p.out_channels + first;
        Four others[kN];  // on their way before any is waited for
        if (p.residual != nullptr) {
#pragma unroll
          for (int j = 0; j < kN; ++j) {
            if (first + j * kGroup < p.out_channels) {
              others[j].load(p.residual, kType, at + j * kGroup);
            }
          }
        }
#pragma unroll
        for (int j = 0; j < kN; ++j) {
          if (first + j * kGroup < p.out_channels) {
            float four[4] = {v[i][2 * j][2 * r], v[i][2 * j][2 * r + 1], v[i][2 * j + 1][2 * r],
                             v[i][2 * j + 1][2 * r + 1]};
            if (p.residual != nullptr) {
              others[j].add_to(four, kType);
            }
            store4(p.y, kType, at + j * kGroup, four);
          }
        }
      }
    }
  }
  wait_copies<0>();
}

}  // namespace bimaco
