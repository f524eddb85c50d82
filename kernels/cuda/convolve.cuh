// Binary convolution on the tensor cores, and all that follows it in a layer.
//
// A block keeps the weights of its output channels in shared memory for good and goes from tile to
// tile of the picture; the next tile's signs arrive while one is counted. With bits 1 for +1, and
// over the taps inside the picture,
//   D = 4 ones(a & w) - 2 ones(a) - 2 ones(w) + products.
#pragma once

#include "numbers.cuh"

namespace bimaco {

/// What the epilogue knows of an output pixel.
struct Row {
  int32_t base;    // products - 2 ones(a)
  float mean;      // of |a| at the centre tap
  int32_t border;  // which taps are missing: top 1, bottom 2, left 4, right 8
  int32_t pixel;   // index in y, or -1
};

/// One tile's signs and what belongs to them, with the border that its outer taps read.
struct Halo {
  unsigned char *bits;   // [chunks][area][16]
  unsigned char *zeros;  // likewise
  int32_t *ones;         // [area]
  float *mean;           // [area]
};

/// Sizes that host and device must agree on; bimaco_gui/ops/cuda_plan.py computes the same.
struct Shape {
  int rows, columns, area;  // of a halo
  int tile_width, tile_pixels;
  int block_groups;
  int weight_bytes, offset_bytes, halo_bytes, row_bytes;
  int side_pixels, x_pitch, y_pitch;

  __device__ __forceinline__ Shape(const Convolve &p, int warp_m, int warp_n) {
    tile_width = 1 << p.tile_width_log2;
    tile_pixels = tile_width * p.tile_height;
    rows = (p.tile_height - 1) * p.stride + p.kernel;
    columns = (tile_width - 1) * p.stride + p.kernel;
    area = rows * columns;
    block_groups = p.warps_n * warp_n;
    weight_bytes = block_groups * p.steps * 512;
    offset_bytes = (p.steps * 2 * 4 + 15) / 16 * 16;
    const int planes = p.zeros != nullptr ? 2 : 1;
    halo_bytes = (area * (planes * p.chunks * 16 + 8) + 15) / 16 * 16;
    row_bytes = tile_pixels * static_cast<int>(sizeof(Row));
    side_pixels = p.warps_m * 16;
    x_pitch = p.channels | 1;
    y_pitch = (block_groups * kGroup) | 1;
  }
};

struct Place {
  int picture, y, x;
};

__device__ __forceinline__ Place place_of(const Convolve &p, int tile) {
  const int in_picture = p.tiles_x * p.tiles_y;
  Place at;
  at.picture = tile / in_picture;
  const int rest = tile - at.picture * in_picture;
  at.y = rest / p.tiles_x * p.tile_height;
  at.x = rest % p.tiles_x << p.tile_width_log2;
  return at;
}

__device__ __forceinline__ Halo halo_at(const Convolve &p, const Shape &s, unsigned char *memory) {
  Halo halo;
  const int plane = s.area * p.chunks * 16;
  halo.bits = memory;
  halo.zeros = p.zeros != nullptr ? memory + plane : memory;
  halo.ones = reinterpret_cast<int32_t *>(halo.zeros + plane);
  halo.mean = reinterpret_cast<float *>(halo.ones + s.area);
  return halo;
}

__device__ __forceinline__ void fetch_halo(const Convolve &p, const Shape &s, const Halo &halo,
                                           int tile) {
  const Place at = place_of(p, tile);
  const int pad = p.kernel / 2;
  const int top = at.y * p.stride - pad, left = at.x * p.stride - pad;
  const int height = p.height << p.doubled, width = p.width << p.doubled;
  for (int i = threadIdx.x; i < s.area * p.chunks; i += blockDim.x) {
    const int place = i / p.chunks, chunk = i - place * p.chunks;
    const int row = place / s.columns, column = place - row * s.columns;
    const int y = top + row, x = left + column;
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    const int64_t pixel =
        inside ? (static_cast<int64_t>(at.picture) * p.height + (y >> p.doubled)) * p.width +
                     (x >> p.doubled)
               : 0;
    const int64_t from = (pixel * p.chunks + chunk) * 4;
    const int to = (chunk * s.area + place) * 16;
    copy16(halo.bits + to, p.bits + from, inside);
    if (p.zeros != nullptr) {
      copy16(halo.zeros + to, p.zeros + from, inside);
    }
    if (chunk == 0) {
      copy4(halo.ones + place, p.ones + pixel, inside);
      copy4(halo.mean + place, p.mean + pixel, inside);
    }
  }
}

/// Fills the rows of a tile from its halo. Returns whether this thread saw a zero.
__device__ __forceinline__ bool describe_rows(const Convolve &p, const Shape &s, const Halo &halo,
                                              Row *rows, int tile) {
  const Place at = place_of(p, tile);
  const int pad = p.kernel / 2;
  const int height = p.height << p.doubled, width = p.width << p.doubled;
  bool seen = false;
  for (int m = threadIdx.x; m < s.tile_pixels; m += blockDim.x) {
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    const int oy = at.y + my, ox = at.x + mx;
    const int place = my * p.stride * s.columns + mx * p.stride;  // of the first tap
    int ones = 0, zeros = 0;
    for (int tap = 0; tap < p.kernel * p.kernel; ++tap) {
      const int counts = halo.ones[place + tap / p.kernel * s.columns + tap % p.kernel];
      ones += counts & 0xffff;
      zeros += counts >> 16;
    }
    const bool top = oy * p.stride < pad, bottom = oy * p.stride + pad >= height;
    const bool left = ox * p.stride < pad, right = ox * p.stride + pad >= width;
    const int taps = (p.kernel - top - bottom) * (p.kernel - left - right);
    const bool there = oy < p.out_height && ox < p.out_width;
    Row row;
    row.base = taps * p.channels - 2 * ones - zeros;
    row.mean = halo.mean[place + pad * s.columns + pad];
    row.border = top | bottom << 1 | left << 2 | right << 3;
    row.pixel = there ? (at.picture * p.out_height + oy) * p.out_width + ox : -1;
    rows[m] = row;
    seen |= there && zeros != 0;
  }
  return seen;
}

/// Sums over the input pixels that an output pixel's side branches read: itself, or its 2 x 2 mean.
template <typename Add>
__device__ __forceinline__ void for_sources(const Convolve &p, int pixel, Add add) {
  const int ox = pixel % p.out_width, rest = pixel / p.out_width;
  const int oy = rest % p.out_height, n = rest / p.out_height;
  if (p.stride == 1) {
    add((static_cast<int64_t>(n) * p.height + (oy >> p.doubled)) * p.width + (ox >> p.doubled), 1.f);
    return;
  }
  const int rows = min(2, p.height - oy * 2), columns = min(2, p.width - ox * 2);
  const float share = 1.f / static_cast<float>(rows * columns);
  for (int i = 0; i < rows * columns; ++i) {
    const int y = oy * 2 + i / columns, x = ox * 2 + i % columns;
    add((static_cast<int64_t>(n) * p.height + y) * p.width + x, share);
  }
}

/// Brings a's values for 16 pixels of each row of warps into shared memory.
__device__ __forceinline__ void stage_side(const Convolve &p, const Shape &s, const Row *rows,
                                           int warp_m, int part, float *x) {
  const bool vectors = p.channels % 4 == 0;
  const int width = vectors ? p.channels / 4 : p.channels;
  for (int i = threadIdx.x; i < s.side_pixels * width; i += blockDim.x) {
    const int place = i / width, c = (i - place * width) * (vectors ? 4 : 1);
    const int pixel = rows[((place >> 4) * warp_m + part) * 16 + (place & 15)].pixel;
    float sum[4] = {0.f, 0.f, 0.f, 0.f};
    if (pixel >= 0) {
      for_sources(p, pixel, [&](int64_t source, float share) {
        const int64_t at = source * p.channels + c;
        float v[4] = {};
        if (vectors) {
          load4(v, p.x, p.type, at);
        } else {
          v[0] = load(p.x, p.type, at);
        }
        const int affine = c + (p.before.per_picture ? static_cast<int>(
                                    source / p.before.pixels_per_picture) * p.channels : 0);
#pragma unroll
        for (int k = 0; k < 4; ++k) {
          if (k == 0 || vectors) {
            const bool there = p.before.scale != nullptr;
            const float a = before(v[k], there ? p.before.scale[affine + k] : 1.f,
                                   there ? p.before.shift[affine + k] : 0.f, p.before);
            sum[k] = fmaf(a, share, sum[k]);
          }
        }
      });
    }
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      if (k == 0 || vectors) {
        x[place * s.x_pitch + c + k] = sum[k];
      }
    }
  }
}

/// y[pixel][o] = sum of the sparse entries of o, for the staged pixels and this block's channels.
__device__ __forceinline__ void apply_sparse(const Convolve &p, const Shape &s, const float *x,
                                             float *y, int first_channel) {
  const int slices = blockDim.x / s.side_pixels;
  const int place = threadIdx.x % s.side_pixels, slice = threadIdx.x / s.side_pixels;
  if (slice >= slices) {
    return;
  }
  const int channels = s.block_groups * kGroup;
  int o = min(first_channel + channels * slice / slices, p.padded);
  const int stop = min(first_channel + channels * (slice + 1) / slices, p.padded);
  const float *from = x + place * s.x_pitch;
  float *to = y + place * s.y_pitch - first_channel;
  const int last = p.sparse_rows[stop];
  float sum = 0.f;
#pragma unroll 4
  for (int e = p.sparse_rows[o]; e < last; ++e) {
    const uint2 entry = reinterpret_cast<const uint2 *>(p.sparse)[e];
    sum = fmaf(__uint_as_float(entry.x), from[entry.y & 0xffff], sum);
    if (entry.y >> 31) {
      to[o] = sum;
      sum = 0.f;
      ++o;
    }
  }
}

/// Cuts a float to tf32, and returns it and what is left of it.
__device__ __forceinline__ void split(float value, float &high, float &low) {
  high = __uint_as_float(__float_as_uint(value) & 0xffffe000u);
  low = value - high;
}

/// The integer `value`, whose magnitude is below 2^22, as a float.
__device__ __forceinline__ float exact(int32_t value) {
  return __uint_as_float(static_cast<uint32_t>(value + 0x4b400000)) - 12582912.f;
}

/// kM * 16 pixels and kN * 16 channels for each warp.
template <int kM, int kN, bool kPerTap>
__device__ __forceinline__ void convolve(const Convolve &p, unsigned char *memory) {
  const Shape s(p, kM, kN);
  unsigned char *weights = memory;
  int32_t *offsets = reinterpret_cast<int32_t *>(weights + s.weight_bytes);
  unsigned char *halos = weights + s.weight_bytes + s.offset_bytes;
  Row *rows = reinterpret_cast<Row *>(halos + 2 * s.halo_bytes);
  float *side_x = reinterpret_cast<float *>(halos + 2 * s.halo_bytes + s.row_bytes);
  float *side_y = side_x + s.side_pixels * s.x_pitch;

  const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
  const int warp_m = warp / p.warps_n, warp_n = warp % p.warps_n;
  const int first_group = blockIdx.y * s.block_groups;
  const int groups = min(s.block_groups, p.padded / kGroup - first_group);
  const int tiles = p.tiles_x * p.tiles_y * p.batch;
  const bool has_side = p.sparse_rows != nullptr || p.mean_shortcut;

  const uint32_t *from = p.weights + static_cast<int64_t>(first_group) * p.steps * 128;
  for (int i = threadIdx.x; i < groups * p.steps * 32; i += blockDim.x) {
    copy16(weights + i * 16, from + i * 4, true);
  }
  // Where the chunk of each half step lies in a halo. Counts past the last chunk have no weights.
  const int taps = p.kernel * p.kernel;
  for (int i = threadIdx.x; i < p.steps * 2; i += blockDim.x) {
    const int per_tap = kPerTap ? p.steps / taps * 2 : p.chunks;
    const int tap = min(i / per_tap, taps - 1), chunk = min(i - tap * per_tap, p.chunks - 1);
    offsets[i] =
        (chunk * s.area + tap / p.kernel * s.columns + tap % p.kernel) * 16;
  }

  int tile = blockIdx.x;
  if (tile < tiles) {
    fetch_halo(p, s, halo_at(p, s, halos), tile);
  }
  end_copies();

  // What a lane reads of the signs: row lane % 16, first or second half of a step.
  int32_t bases[kM];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
    const int m = (warp_m * kM + i) * 16 + (lane & 15);
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    bases[i] = (my * s.columns + mx) * p.stride * 16;
  }

  for (int turn = 0; tile < tiles; tile += gridDim.x, turn ^= 1) {
    const Halo halo = halo_at(p, s, halos + turn * s.halo_bytes);
    if (tile + static_cast<int>(gridDim.x) < tiles) {
      fetch_halo(p, s, halo_at(p, s, halos + (turn ^ 1) * s.halo_bytes), tile + gridDim.x);
    }
    end_copies();
    wait_copies<1>();
    __syncthreads();
    const bool seen = describe_rows(p, s, halo, rows, tile);
    const bool zeros = __syncthreads_or(p.zeros != nullptr && seen) != 0;

    int32_t count[kM][2 * kN][4];
    float sums[kPerTap ? kM : 1][2 * kN][4];
    if constexpr (kPerTap) {
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            sums[i][j][k] = 0.f;
          }
        }
      }
    }
    const int rounds = kPerTap ? taps : 1, steps = p.steps / rounds;
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            count[i][j][k] = 0;
          }
        }
      }
      // Where a is 0 its sign was taken for -1. Counting ones twice and zeros once puts that right.
      for (int pass = 0; pass < (zeros ? 3 : 1); ++pass) {
        const unsigned char *plane = pass == 2 ? halo.zeros : halo.bits;
        const int32_t *offset = offsets + round * steps * 2 + (lane >> 4);
        const uint4 *b = reinterpret_cast<const uint4 *>(weights) + lane +
                         (warp_n * kN * p.steps + round * steps) * 32;
#pragma unroll 2
        for (int step = 0; step < steps; ++step) {
          uint32_t a[kM][4];
          const unsigned char *at = plane + offset[step * 2];
#pragma unroll
          for (int i = 0; i < kM; ++i) {
            load_matrices(a[i], at + bases[i]);
          }
#pragma unroll
          for (int j = 0; j < kN; ++j) {
            const uint4 w = b[(j * p.steps + step) * 32];
#pragma unroll
            for (int i = 0; i < kM; ++i) {
              count_ones(count[i][2 * j], a[i], w.x, w.y);
              count_ones(count[i][2 * j + 1], a[i], w.z, w.w);
            }
          }
        }
      }
      if constexpr (kPerTap) {
        const int place = round / p.kernel * s.columns + round % p.kernel;
        const float factor = zeros ? 2.f : 4.f;
#pragma unroll
        for (int i = 0; i < kM; ++i) {
          float mean[2], base[2];
#pragma unroll
          for (int r = 0; r < 2; ++r) {
            const int m = (warp_m * kM + i) * 16 + (lane >> 2) + r * 8;
            const int at = place + (m >> p.tile_width_log2) * p.stride * s.columns +
                           (m & (s.tile_width - 1)) * p.stride;
            const int counts = halo.ones[at];
            mean[r] = halo.mean[at];
            base[r] = exact(p.channels - 2 * (counts & 0xffff) - (counts >> 16));
          }
#pragma unroll
          for (int j = 0; j < kN; ++j) {
            const int group = warp_n * kN + j;
            if (group >= groups) {
              break;
            }
            const int4 twice = *reinterpret_cast<const int4 *>(
                &p.weight_ones[round * p.padded + (first_group + group) * kGroup + 4 * (lane & 3)]);
            const float ones[4] = {exact(twice.x), exact(twice.y), exact(twice.z), exact(twice.w)};
#pragma unroll
            for (int k = 0; k < 4; ++k) {
#pragma unroll
              for (int r = 0; r < 2; ++r) {
                const int tile_n = 2 * j + (k >> 1), at = 2 * r + (k & 1);
                const float dot = fmaf(factor, exact(count[i][tile_n][at]), base[r] - ones[k]);
                sums[i][tile_n][at] = fmaf(mean[r], dot, sums[i][tile_n][at]);
              }
            }
          }
        }
      }
    }

    // A tile of 8 columns holds channels 4t + {0, 1} or 4t + {2, 3}: a lane has four neighbours.
    const int factor = zeros ? 2 : 4;
#pragma unroll
    for (int i = 0; i < kM; ++i) {
      if (has_side) {
        __syncthreads();
        stage_side(p, s, rows, kM, i, side_x);
        __syncthreads();
        if (p.sparse_rows != nullptr) {
          apply_sparse(p, s, side_x, side_y, first_group * kGroup);
        }
        __syncthreads();
      }
      Row row[2];
      row[0] = rows[(warp_m * kM + i) * 16 + (lane >> 2)];
      row[1] = rows[(warp_m * kM + i) * 16 + (lane >> 2) + 8];
      float high[4], low[4];
      if (p.up != nullptr) {
#pragma unroll
        for (int k = 0; k < 4; ++k) {
          float inner = 0.f;
          const int pixel = row[k & 1].pixel;
          if (pixel >= 0) {
            for_sources(p, pixel, [&](int64_t source, float share) {
              inner = fmaf(p.inner[source * kRank + (lane & 3) + (k >> 1) * 4], share, inner);
            });
          }
          split(inner, high[k], low[k]);
        }
      }
#pragma unroll
      for (int j = 0; j < kN; ++j) {
        const int group = warp_n * kN + j;
        if (group >= groups) {
          break;
        }
        float extra[2][4] = {};
        if (p.up != nullptr) {
          const float4 *up = reinterpret_cast<const float4 *>(
              p.up + ((first_group + group) * 32 + lane) * 8);
#pragma unroll
          for (int t = 0; t < 2; ++t) {
            const float4 f = up[t];
            multiply_tf32(extra[t], low, f.x, f.y);
            multiply_tf32(extra[t], high, f.z, f.w);
            multiply_tf32(extra[t], high, f.x, f.y);
          }
        }
        const int in_block = group * kGroup + 4 * (lane & 3);
        const int o = first_group * kGroup + in_block;
        if (o >= p.out_channels) {
          continue;
        }
        const bool vectors = p.out_channels % 4 == 0;
        const float4 alphas = *reinterpret_cast<const float4 *>(p.channel + o);
        const float4 biases = *reinterpret_cast<const float4 *>(p.channel + p.padded + o);
        const float alpha[4] = {alphas.x, alphas.y, alphas.z, alphas.w};
        const float bias[4] = {biases.x, biases.y, biases.z, biases.w};
        float slope[4] = {1.f, 1.f, 1.f, 1.f}, after[4] = {0.f, 0.f, 0.f, 0.f};
        if (p.activation) {
          const float4 slopes = *reinterpret_cast<const float4 *>(p.channel + 2 * p.padded + o);
          const float4 afters = *reinterpret_cast<const float4 *>(p.channel + 3 * p.padded + o);
          slope[0] = slopes.x, slope[1] = slopes.y, slope[2] = slopes.z, slope[3] = slopes.w;
          after[0] = afters.x, after[1] = afters.y, after[2] = afters.z, after[3] = afters.w;
        }
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          if (row[r].pixel < 0) {
            continue;
          }
          const int64_t at = static_cast<int64_t>(row[r].pixel) * p.out_channels + o;
          float v[4];
          if constexpr (kPerTap) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[k] = fmaf(alpha[k], sums[i][2 * j + (k >> 1)][2 * r + (k & 1)], bias[k]);
            }
          } else {
            const int4 twice =
                *reinterpret_cast<const int4 *>(&p.weight_ones[row[r].border * p.padded + o]);
            const int32_t ones[4] = {twice.x, twice.y, twice.z, twice.w};
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              const int32_t dot = factor * count[i][2 * j + (k >> 1)][2 * r + (k & 1)] +
                                  (row[r].base - ones[k]);
              if (p.dots != nullptr) {
                if (o + k < p.out_channels) {
                  p.dots[at + k] = dot;
                }
              }
              v[k] = fmaf(exact(dot) * alpha[k], row[r].mean, bias[k]);
            }
            if (p.dots != nullptr) {
              continue;
            }
          }
          if (p.activation) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[k] = (v[k] >= 0.f ? v[k] : v[k] * slope[k]) + after[k];
            }
          }
          if (p.up != nullptr) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[k] += extra[k >> 1][2 * r + (k & 1)];
            }
          }
          if (has_side) {
            const int place = warp_m * 16 + (lane >> 2) + r * 8;
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              if (p.sparse_rows != nullptr) {
                v[k] += side_y[place * s.y_pitch + in_block + k];
              }
              if (p.mean_shortcut && o + k < p.channels) {
                v[k] += side_x[place * s.x_pitch + o + k];
              }
            }
          }
          if (vectors) {
            if (p.residual != nullptr) {
              float other[4];
              load4(other, p.residual, p.residual_type, at);
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[k] += other[k];
              }
            }
            store4(p.y, p.y_type, at, v);
          } else {
            for (int k = 0; k < 4 && o + k < p.out_channels; ++k) {
              const float other =
                  p.residual != nullptr ? load(p.residual, p.residual_type, at + k) : 0.f;
              store(p.y, p.y_type, at + k, v[k] + other);
            }
          }
        }
      }
    }
    // The next turn's copies go where this turn's signs are, and its rows replace these.
    __syncthreads();
  }
  wait_copies<0>();
}

}  // namespace bimaco
