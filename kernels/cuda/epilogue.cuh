// What follows the counts: scales, bias, RPReLU, and the way to the result.
#pragma once

#include "halo.cuh"

namespace bimaco {

constexpr float kMagicValue = 12582912.f;  // its last bit is worth 1
constexpr int32_t kMagic = 0x4b400000;     // its bits

/// The integer `value - kMagic`, whose magnitude is below 2^22, as a float.
__device__ __forceinline__ float without_magic(int32_t value) {
  return __uint_as_float(static_cast<uint32_t>(value)) - kMagicValue;
}

/// A warp's part of a block's work, as a lane sees it.
struct Part {
  int lane, m, n;     // the lane, and the warp's place along pixels and channels
  int first_group;    // of output channels
  int groups;         // from there on in the block: perhaps more than the warp has, or none
  const float *channels;  // of the lane's channels in the first group, see `Channels`
};

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

/// v = RPReLU(scales, counts and bias), from what a warp has counted over all taps.
template <int kM, int kN>
__device__ __forceinline__ void finish_counts(const Convolve &p, float (&v)[kM][2 * kN][4],
                                              const int32_t (&count)[kM][2 * kN][4],
                                              const Row &own, const Part &part) {
  const int factor = p.minus != nullptr ? 2 : 4;
  Row rows[kM][2];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      rows[i][r] = own.of(i * 16 + r * 8 + (part.lane >> 2));
    }
  }
  // A tile of 8 columns holds channels 4t + {0, 1} or 4t + {2, 3}: a lane has four neighbours.
#pragma unroll
  for (int j = 0; j < kN; ++j) {
    if (j < part.groups) {
      const int o = (part.first_group + j) * kGroup + 4 * (part.lane & 3);
      const Channels mine(p, part.channels + j * 5 * kGroup);
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

/// The same from sums that hold each tap's scale already; `halves` is what they have too much.
template <int kM, int kN>
__device__ __forceinline__ void finish_sums(const Convolve &p, float (&v)[kM][2 * kN][4],
                                            const float (&halves)[kM][2], const Part &part) {
#pragma unroll
  for (int j = 0; j < kN; ++j) {
    if (j < part.groups) {
      const Channels mine(p, part.channels + j * 5 * kGroup);
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          float four[4];
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            const float sum = v[i][2 * j + (k >> 1)][2 * r + (k & 1)];
            four[k] = fmaf(mine.alpha[k], fmaf(2.f, sum, -halves[i][r]), mine.bias[k]);
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

/// Writes the integers instead of what a layer makes of them.
template <int kM, int kN>
__device__ __forceinline__ void write_dots(const Convolve &p,
                                           const int32_t (&count)[kM][2 * kN][4], const Row &own,
                                           const Part &part) {
  const int factor = p.minus != nullptr ? 2 : 4;
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      const Row row = own.of(i * 16 + r * 8 + (part.lane >> 2));
#pragma unroll
      for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
        for (int k = 0; k < 2; ++k) {
          const int o = (part.first_group + j / 2) * kGroup + 4 * (part.lane & 3) + 2 * (j & 1) + k;
          if (j / 2 < part.groups && row.pixel >= 0 && o < p.out_channels) {
            const int twice = p.weight_ones[row.border * p.padded + o];
            p.dots[static_cast<int64_t>(row.pixel) * p.out_channels + o] =
                factor * count[i][j][2 * r + k] + (row.base - twice) - kMagic;
          }
        }
      }
    }
  }
}

/// Adds the residual and writes a warp's results.
template <int kM, int kN, Type kType>
__device__ __forceinline__ void write_results(const Convolve &p, const float (&v)[kM][2 * kN][4],
                                              const Row &own, const Part &part) {
  const int first = part.first_group * kGroup + 4 * (part.lane & 3);
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      const int pixel = __shfl_sync(~0u, own.pixel, i * 16 + r * 8 + (part.lane >> 2));
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

/// Begins to bring a warp's residual nearer.
template <int kN, Type kType>
__device__ __forceinline__ void expect_residual(const Convolve &p, const Row &own,
                                                const Part &part) {
  if (p.residual == nullptr || own.pixel < 0) {
    return;
  }
  constexpr int kSize = size_of(kType);
  const int first = part.first_group * kGroup;
  const char *other = static_cast<const char *>(p.residual) +
                      (static_cast<int64_t>(own.pixel) * p.out_channels + first) * kSize;
  const int bytes = min(kN * kGroup, p.out_channels - first) * kSize;
  for (int i = 0; i < bytes; i += 32) {
    expect(other + i);
  }
}

}  // namespace bimaco
