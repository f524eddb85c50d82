// One pass over a feature map: signs, mean magnitude, and what the side branches read.
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

/// Four lanes' bytes as a word, those of `low` in lanes 0 of 4, those of `high` in lanes 2 of 4.
__device__ __forceinline__ uint32_t join(uint32_t low, uint32_t high) {
  const int lane = threadIdx.x & 3;
  const uint32_t own = low | high << 16;
  const uint32_t beside = __shfl_xor_sync(~0u, own, 1);
  const uint32_t two = lane & 1 ? beside | own << 8 : own | beside << 8;
  const uint32_t others = __shfl_xor_sync(~0u, two, 2);
  return lane & 2 ? others >> 16 | (two & 0xffff0000u) : (two & 0xffff) | others << 16;
}

/// Eight neighbouring channels of a pixel, of which `there` exist, where they cannot be read at once.
template <Type kType>
__device__ __forceinline__ void load_some(float (&v)[8], const void *x, int64_t at, int there) {
#pragma unroll
  for (int k = 0; k < 8; ++k) {
    v[k] = k < there ? load(x, kType, at + k) : 0.f;
  }
}

/// kLanes lanes, 8 or 32, share a pixel; each takes every kLanes-th run of eight channels.
/// kUnroll of these are on their way at a time. kWhole says that all runs have eight channels.
template <Type kType, int kLanes, int kUnroll, Activation kActivation, bool kWhole>
__device__ __forceinline__ void prepare(const Prepare &p) {
  constexpr int kPixels = 32 / kLanes;  // of a warp
  constexpr int kRunBytes = 8 * size_of(kType);
  const int lane = threadIdx.x & 31, part = lane & (kLanes - 1);
  const int bytes = p.chunks * 16;        // of signs for a pixel, and runs of eight channels
  const int runs = (p.channels + 7) / 8;  // of these, the ones with channels
  const int side_runs = p.a != nullptr ? p.side_steps * kSideStep / kRunBytes : 0;

  const int warps = gridDim.x * (blockDim.x >> 5);
  const int warp = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  for (int base = warp * kPixels; base < p.pixels; base += warps * kPixels) {
    const int pixel = base + lane / kLanes;
    const bool live = pixel < p.pixels;
    const int64_t row = static_cast<int64_t>(pixel) * p.channels;
    const int affine = p.before.per_picture && live
                           ? pixel / p.before.pixels_per_picture * p.channels
                           : 0;
    float sum = 0.f;
    int counts = 0;  // ones | ones of minus << 16
    for (int first = 0; first < bytes; first += kLanes * kUnroll) {
      Eight<kType> eights[kUnroll];
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int run = first + u * kLanes + part;
        if (kWhole && live && run < runs) {
          eights[u].load(p.x, row + run * 8);
        }
      }
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        if (first + u * kLanes >= bytes) {
          break;
        }
        const int run = first + u * kLanes + part, c = run * 8;
        uint32_t signs = 0, minus = 0;
        float v[8] = {};
        if (live && run < runs) {
          const int there = kWhole ? 8 : min(8, p.channels - c);
          if constexpr (kWhole) {
            eights[u].unpack(v);
          } else {
            load_some<kType>(v, p.x, row + c, there);
          }
          if (p.before.scale != nullptr) {
            float scale[8], shift[8];
            if constexpr (kWhole) {
#pragma unroll
              for (int half = 0; half < 8; half += 4) {
                float4 four = *reinterpret_cast<const float4 *>(p.before.scale + affine + c + half);
                scale[half] = four.x, scale[half + 1] = four.y;
                scale[half + 2] = four.z, scale[half + 3] = four.w;
                four = *reinterpret_cast<const float4 *>(p.before.shift + affine + c + half);
                shift[half] = four.x, shift[half + 1] = four.y;
                shift[half + 2] = four.z, shift[half + 3] = four.w;
              }
            } else {
              load_some<kFloat32>(scale, p.before.scale, affine + c, there);
              load_some<kFloat32>(shift, p.before.shift, affine + c, there);
            }
#pragma unroll
            for (int k = 0; k < 8; ++k) {
              v[k] = __fadd_rn(__fmul_rn(v[k], scale[k]), shift[k]);
            }
          }
          activate<kActivation>(v, p.before.negative_slope);
#pragma unroll
          for (int k = 0; k < 8; ++k) {
            sum += fabsf(v[k]);
            signs |= v[k] >= 0.f ? 1u << k : 0u;
          }
          const uint32_t inside = (1u << there) - 1;
          if (p.minus != nullptr) {
            minus = ~signs & inside;
            if (p.zero_is_zero) {
              uint32_t nulls = 0;
#pragma unroll
              for (int k = 0; k < 8; ++k) {
                nulls |= v[k] == 0.f ? 1u << k : 0u;
              }
              signs &= ~nulls;
            }
          }
          signs &= inside;
          counts += __popc(signs) | __popc(minus) << 16;
        }
        const uint32_t word = join(signs, minus);
        const int64_t at = static_cast<int64_t>(pixel) * bytes + (run & ~3);
        if (live && run < bytes) {
          if ((lane & 3) == 0) {
            *reinterpret_cast<uint32_t *>(reinterpret_cast<char *>(p.bits) + at) = word;
          } else if ((lane & 3) == 2 && p.minus != nullptr) {
            *reinterpret_cast<uint32_t *>(reinterpret_cast<char *>(p.minus) + at) = word;
          }
          if (run < side_runs) {
            uint4 *to = reinterpret_cast<uint4 *>(
                static_cast<char *>(p.a) +
                (static_cast<int64_t>(pixel) * side_runs + run) * kRunBytes);
            if constexpr (kType == kFloat32) {
              const float low[4] = {v[0], v[1], v[2], v[3]}, high[4] = {v[4], v[5], v[6], v[7]};
              to[0] = pack(low, kType);
              to[1] = pack(high, kType);
            } else {
              to[0] = pack(v, kType);
            }
          }
        }
      }
    }
#pragma unroll
    for (int step = kLanes / 2; step > 0; step >>= 1) {
      sum += __shfl_xor_sync(~0u, sum, step);
      counts += __shfl_xor_sync(~0u, counts, step);
    }
    if (live && part == 0) {
      const float mean = sum / static_cast<float>(p.channels);
      p.stats[pixel] = {counts, static_cast<int32_t>(__float_as_uint(mean))};
    }
  }
}

}  // namespace bimaco
