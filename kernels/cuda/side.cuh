// The side branches: low rank, sparse and mean shortcut together are one matrix over a pixel's
// channels, which the matrix units multiply beside the signs.
#pragma once

#include "halo.cuh"

namespace bimaco {

/// Begins to copy a stage's part of the channels of a tile's pixels: a itself, or its 2 x 2 mean.
///
/// A pixel's row is a whole number of steps of kSideStep bytes, and a stage holds p.stage_steps of
/// them; past a row's end are zeros, and so are the weights.
template <Type kType>
__device__ __forceinline__ void fetch_side(const Convolve &p, const Shape &s, unsigned char *to,
                                           const Tile &at, int stage) {
  const int pieces = p.stage_steps * (kSideStep / 16);
  const int64_t row = static_cast<int64_t>(p.side_steps) * kSideStep;
  const int first = stage * p.stage_steps * kSideStep;
  const unsigned char *from = static_cast<const unsigned char *>(p.side) + first;
  const int left = static_cast<int>(row) - first;
  for (int i = threadIdx.x; i < s.tile_pixels * pieces; i += blockDim.x) {
    const int m = p.by_pieces.quotient(i), piece = (i - m * pieces) * 16;
    const int y = at.y(p) + (m >> p.tile_width_log2), x = at.x(p) + (m & (s.tile_width - 1));
    const bool there = y < p.out_height && x < p.out_width && piece < left;
    unsigned char *here = to + m * s.side_pitch + piece;
    if (p.stride == 1) {
      const int64_t pixel =
          there ? static_cast<int64_t>(at.picture * p.height + (y >> p.doubled)) * p.width +
                      (x >> p.doubled)
                : 0;
      copy16(here, from + pixel * row + (there ? piece : 0), there);
      continue;
    }
    constexpr int kValues = 16 / size_of(kType);
    float sum[kValues] = {};
    if (there) {
      const int rows = min(2, p.height - y * 2), columns = min(2, p.width - x * 2);
      const float share = 1.f / static_cast<float>(rows * columns);
      for (int n = 0; n < rows * columns; ++n) {
        const int64_t pixel =
            static_cast<int64_t>(at.picture * p.height + y * 2 + n / columns) * p.width + x * 2 +
            n % columns;
        float v[kValues];
        unpack(v, *reinterpret_cast<const uint4 *>(from + pixel * row + piece), kType);
#pragma unroll
        for (int k = 0; k < kValues; ++k) {
          sum[k] = fmaf(v[k], share, sum[k]);
        }
      }
    }
    *reinterpret_cast<uint4 *>(here) = pack(sum, kType);
  }
}

/// Begins to copy a stage's weights for `groups` groups of output channels from `first` on.
template <Type kType>
__device__ __forceinline__ void fetch_side_weights(const Convolve &p, const Shape &s,
                                                   unsigned char *to, int first, int groups,
                                                   int stage) {
  constexpr int kWords = side_parts(kType) * 32 * 4;  // of a step
  const int start = stage * p.stage_steps, steps = min(p.stage_steps, p.side_steps - start);
  for (int group = 0; group < groups; ++group) {
    const uint32_t *from =
        p.side_weights +
        (static_cast<int64_t>(first + group) * p.side_steps + start) * kWords;
    for (int i = threadIdx.x; i < steps * kWords / 4; i += blockDim.x) {
      copy16(to + group * s.side_group_bytes + i * 16, from + i * 4, true);
    }
  }
}

/// Rounds a float to tf32, and returns it and what is left of it, which the matrix units cut to tf32:
/// half of its last bit is added, so that it is rounded too.
__device__ __forceinline__ void split(uint32_t bits, float &high, float &low) {
  high = __uint_as_float((bits + 0x1000) & 0xffffe000u);
  low = __uint_as_float(__float_as_uint(__uint_as_float(bits) - high) + 0x1000);
}

/// Adds to v what a stage brings. `rows` holds a lane's row of each 16 pixels, `weights` a lane's of
/// the warp's first group.
///
/// Floats are multiplied as three products of tf32, which together are as exact as float32; each
/// step's sum begins anew, because the matrix units cut a sum off instead of rounding it.
template <int kM, int kN, Type kType>
__device__ __forceinline__ void multiply_side(const Shape &s, float (&v)[kM][2 * kN][4],
                                              const unsigned char *const (&rows)[kM],
                                              const unsigned char *weights, int steps) {
#pragma unroll 2
  for (int step = 0; step < steps; ++step) {
    uint32_t a[kM][4];
#pragma unroll
    for (int i = 0; i < kM; ++i) {
      load_matrices(a[i], rows[i] + step * kSideStep);
    }
    if constexpr (kType == kFloat32) {
      float high[kM][4], low[kM][4];
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int k = 0; k < 4; ++k) {
          split(a[i][k], high[i][k], low[i][k]);
        }
      }
#pragma unroll
      for (int j = 0; j < kN; ++j) {
        const uint4 *w = reinterpret_cast<const uint4 *>(weights + j * s.side_group_bytes) +
                         step * 64;
        const uint4 major = w[0], minor = w[32];
        const float b[4] = {__uint_as_float(major.x), __uint_as_float(major.y),
                            __uint_as_float(major.z), __uint_as_float(major.w)};
        const float c[4] = {__uint_as_float(minor.x), __uint_as_float(minor.y),
                            __uint_as_float(minor.z), __uint_as_float(minor.w)};
#pragma unroll
        for (int i = 0; i < kM; ++i) {
#pragma unroll
          for (int t = 0; t < 2; ++t) {
            float sum[4] = {};
            multiply_tf32(sum, low[i], b[2 * t], b[2 * t + 1]);
            multiply_tf32(sum, high[i], c[2 * t], c[2 * t + 1]);
            multiply_tf32(sum, high[i], b[2 * t], b[2 * t + 1]);
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[i][2 * j + t][k] += sum[k];
            }
          }
        }
      }
    } else {
#pragma unroll
      for (int j = 0; j < kN; ++j) {
        const uint4 w =
            reinterpret_cast<const uint4 *>(weights + j * s.side_group_bytes)[step * 32];
#pragma unroll
        for (int i = 0; i < kM; ++i) {
          multiply_short<kType == kFloat16>(v[i][2 * j], a[i], w.x, w.y);
          multiply_short<kType == kFloat16>(v[i][2 * j + 1], a[i], w.z, w.w);
        }
      }
    }
  }
}

}  // namespace bimaco
