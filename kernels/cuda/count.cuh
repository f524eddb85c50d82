// Products of signs on the matrix units that count ones. With bits 1 for +1, and over the taps inside
// the picture,
//   D = 4 ones(a & w) - 2 ones(a) - 2 ones(w) + products.
// With a second plane of bits for what is negative, zeros have a bit in neither, and
//   D = 2 (ones(plus & w) + ones(minus & ~w)) - ones(plus) - ones(minus).
#pragma once

#include "epilogue.cuh"

namespace bimaco {

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

/// Sums of each tap's matches, less half of the signs that are no zeros, times the tap's mean.
/// `halves` gets what is left of an odd number of signs.
template <int kM, int kN>
__device__ __forceinline__ void sum_by_tap(const Convolve &p, const Shape &s, const Halo &halo,
                                           float (&v)[kM][2 * kN][4], float (&halves)[kM][2],
                                           const int32_t (&bases)[kM], const int32_t *offset,
                                           const uint4 *weights, const Part &part) {
  const int taps = p.kernel * p.kernel, steps = p.steps / taps;
  const int2 *stats[kM][2];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      const int m = (part.m * kM + i) * 16 + r * 8 + (part.lane >> 2);
      const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
      stats[i][r] = halo.stats + (my * s.columns + mx) * p.stride;
      halves[i][r] = 0.f;
    }
  }
  fill<kM, kN>(v, 0.f);
  for (int tap = 0; tap < taps; ++tap) {
    int32_t count[kM][2 * kN][4];
    fill<kM, kN>(count, kMagic);
    const int32_t *from = offset + tap * steps * 2;
    const uint4 *w = weights + tap * steps * 32;
    count_plane<kM, kN>(count, halo.bits, bases, from, w, steps, p.steps, p.chunks, 0);
    count_plane<kM, kN>(count, halo.minus, bases, from, w, steps, p.steps, p.chunks, ~0u);
    const int place = tap / p.kernel * s.columns + tap % p.kernel;
#pragma unroll
    for (int i = 0; i < kM; ++i) {
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        const int2 here = stats[i][r][place];
        const int signs = (here.x & 0xffff) + (here.x >> 16);
        const float mean = __uint_as_float(static_cast<uint32_t>(here.y));
        const float half = kMagicValue + static_cast<float>(signs >> 1);
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
}

}  // namespace bimaco
