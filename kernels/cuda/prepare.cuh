// One pass over a feature map: signs, mean magnitude, and the low-rank branch's inner channels.
#pragma once

#include "numbers.cuh"

namespace bimaco {

/// Eight neighbouring channels as they lie in memory.
template <Type kType>
struct Eight {
  uint4 raw[kType == kFloat32 ? 2 : 1];

  __device__ __forceinline__ void load(const void *x, int64_t at) {
    constexpr int kBytes = kType == kFloat32 ? 4 : 2;
    const uint4 *from = reinterpret_cast<const uint4 *>(static_cast<const char *>(x) + at * kBytes);
    raw[0] = from[0];
    if constexpr (kType == kFloat32) {
      raw[1] = from[1];
    }
  }

  __device__ __forceinline__ void unpack(float (&v)[8]) const {
    if constexpr (kType == kFloat32) {
      const uint32_t words[8] = {raw[0].x, raw[0].y, raw[0].z, raw[0].w,
                                 raw[1].x, raw[1].y, raw[1].z, raw[1].w};
#pragma unroll
      for (int i = 0; i < 8; ++i) {
        v[i] = __uint_as_float(words[i]);
      }
    } else {
      const uint32_t words[4] = {raw[0].x, raw[0].y, raw[0].z, raw[0].w};
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        if constexpr (kType == kFloat16) {
          v[2 * i] = half_to_float(words[i] & 0xffff);
          v[2 * i + 1] = half_to_float(words[i] >> 16);
        } else {
          v[2 * i] = bfloat_to_float(words[i] & 0xffff);
          v[2 * i + 1] = __uint_as_float(words[i] & 0xffff0000u);
        }
      }
    }
  }
};

/// Adds 8 values of each of 8 neighbouring lanes; lane i of them gets the sum of value i.
__device__ __forceinline__ float sums_by_lane(const float (&v)[8], int part) {
  float four[4], two[2];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const float other = __shfl_xor_sync(~0u, part & 4 ? v[i] : v[i + 4], 4);
    four[i] = (part & 4 ? v[i + 4] : v[i]) + other;
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    const float other = __shfl_xor_sync(~0u, part & 2 ? four[i] : four[i + 2], 2);
    two[i] = (part & 2 ? four[i + 2] : four[i]) + other;
  }
  const float other = __shfl_xor_sync(~0u, part & 1 ? two[0] : two[1], 1);
  return (part & 1 ? two[1] : two[0]) + other;
}

/// Brings the low-rank branch's first factor into shared memory as [rank][half][run][4], so that
/// eight lanes read 128 neighbouring bytes.
__device__ __forceinline__ void fetch_down(const Prepare &p, float *down, int runs) {
  if (p.channels % 8 == 0) {
    for (int i = threadIdx.x; i < kRank * 2 * runs; i += blockDim.x) {
      const int r = i / (2 * runs), half = i / runs & 1, run = i % runs;
      const bool there = r < p.rank;
      copy16(down + i * 4, p.down + (there ? r * p.channels + run * 8 + half * 4 : 0), there);
    }
    end_copies();
    wait_copies<0>();
  } else {
    for (int i = threadIdx.x; i < kRank * runs * 8; i += blockDim.x) {
      const int r = i / (runs * 8), c = i % (runs * 8);
      const bool there = r < p.rank && c < p.channels;
      down[((r * 2 + (c >> 2 & 1)) * runs + (c >> 3)) * 4 + (c & 3)] =
          there ? p.down[r * p.channels + c] : 0.f;
    }
  }
  __syncthreads();
}

/// kLanes lanes, 8 or 32, share a pixel; each takes every kLanes-th run of eight channels.
/// kUnroll of these are on their way at a time.
template <Type kType, int kLanes, int kUnroll>
__device__ __forceinline__ void prepare(const Prepare &p, float *down) {
  constexpr int kPixels = 32 / kLanes;  // of a warp
  const int lane = threadIdx.x & 31, part = lane & (kLanes - 1);
  const int bytes = p.chunks * 16;               // of signs for a pixel
  const int runs = (p.channels + 7) / 8;         // of eight channels
  const bool aligned = p.channels % 8 == 0;

  if (p.down != nullptr) {
    fetch_down(p, down, runs);
  }

  const int warps = gridDim.x * (blockDim.x >> 5);
  const int warp = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  for (int base = warp * kPixels; base < p.pixels; base += warps * kPixels) {
    const int pixel = base + lane / kLanes;
    const bool live = pixel < p.pixels;
    const int64_t row = static_cast<int64_t>(pixel) * p.channels;
    const int affine = p.before.per_picture && live
                           ? pixel / p.before.pixels_per_picture * p.channels
                           : 0;
    float sum = 0.f, inner[8] = {0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f};
    int counts = 0;  // ones | zeros << 16
    for (int first = 0; first < bytes; first += kLanes * kUnroll) {
      Eight<kType> eights[kUnroll];
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int run = first + u * kLanes + part;
        if (live && aligned && run < runs) {
          eights[u].load(p.x, row + run * 8);
        }
      }
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int run = first + u * kLanes + part;
        if (!live || run >= bytes) {
          continue;
        }
        uint32_t signs = 0, nulls = 0;
        if (run < runs) {
          float v[8];
          if (aligned) {
            eights[u].unpack(v);
          }
#pragma unroll
          for (int half = 0; half < 2; ++half) {
            float four[4], scale[4] = {1.f, 1.f, 1.f, 1.f}, shift[4] = {};
            const int c = run * 8 + half * 4;
            if (aligned) {
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                four[k] = v[half * 4 + k];
              }
              if (p.before.scale != nullptr) {
                load4(scale, p.before.scale, kFloat32, affine + c);
                load4(shift, p.before.shift, kFloat32, affine + c);
              }
            } else {
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                const bool inside = c + k < p.channels;
                four[k] = inside ? load(p.x, kType, row + c + k) : 0.f;
                if (p.before.scale != nullptr && inside) {
                  scale[k] = p.before.scale[affine + c + k];
                  shift[k] = p.before.shift[affine + c + k];
                }
              }
            }
            prepend(four, scale, shift, p.before);
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[half * 4 + k] = four[k];
              sum += fabsf(four[k]);
              signs |= static_cast<uint32_t>(four[k] >= 0.f) << (half * 4 + k);
            }
          }
          if (p.zeros != nullptr) {
#pragma unroll
            for (int i = 0; i < 8; ++i) {
              nulls |= static_cast<uint32_t>(v[i] == 0.f) << i;
            }
          }
          const uint32_t inside =
              aligned ? 0xff : (1u << min(8, p.channels - run * 8)) - 1;
          nulls &= inside;
          signs &= inside & ~nulls;
          if (p.down != nullptr) {
#pragma unroll
            for (int r = 0; r < kRank; ++r) {
#pragma unroll
              for (int half = 0; half < 2; ++half) {
                const float4 d =
                    *reinterpret_cast<const float4 *>(&down[((r * 2 + half) * runs + run) * 4]);
                inner[r] = fmaf(d.x, v[half * 4], inner[r]);
                inner[r] = fmaf(d.y, v[half * 4 + 1], inner[r]);
                inner[r] = fmaf(d.z, v[half * 4 + 2], inner[r]);
                inner[r] = fmaf(d.w, v[half * 4 + 3], inner[r]);
              }
            }
          }
        }
        const int64_t at = static_cast<int64_t>(pixel) * bytes + run;
        reinterpret_cast<uint8_t *>(p.bits)[at] = static_cast<uint8_t>(signs);
        if (p.zeros != nullptr) {
          reinterpret_cast<uint8_t *>(p.zeros)[at] = static_cast<uint8_t>(nulls);
        }
        counts += __popc(signs) | __popc(nulls) << 16;
      }
    }
#pragma unroll
    for (int step = kLanes / 2; step > 0; step >>= 1) {
      sum += __shfl_xor_sync(~0u, sum, step);
      counts += __shfl_xor_sync(~0u, counts, step);
    }
    if (live && part == 0) {
      p.mean[pixel] = sum / static_cast<float>(p.channels);
      p.ones[pixel] = counts;
    }
    if (p.down != nullptr) {
      float total = sums_by_lane(inner, part & 7);
#pragma unroll
      for (int step = kLanes / 2; step > 4; step >>= 1) {
        total += __shfl_xor_sync(~0u, total, step);
      }
      if (live && part < kRank) {
        p.inner[static_cast<int64_t>(pixel) * kRank + part] = total;
      }
    }
  }
}

}  // namespace bimaco
