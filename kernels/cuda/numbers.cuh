// Feature maps of three types, and what is computed on their values.
#pragma once

#include "arguments.h"
#include "lanes.cuh"

namespace bimaco {

__device__ __forceinline__ float bfloat_to_float(uint32_t bits) {
  return __uint_as_float(bits << 16);
}

__device__ __forceinline__ float load(const void *x, int type, int64_t at) {
  if (type == kFloat32) {
    return static_cast<const float *>(x)[at];
  }
  const uint16_t bits = static_cast<const uint16_t *>(x)[at];
  return type == kFloat16 ? half_to_float(bits) : bfloat_to_float(bits);
}

__device__ __forceinline__ void read4(float (&v)[4], const float *from) {
  const float4 f = *reinterpret_cast<const float4 *>(from);
  v[0] = f.x, v[1] = f.y, v[2] = f.z, v[3] = f.w;
}

/// Four neighbouring values as they lie in memory.
struct Four {
  uint4 raw;  // half of it where values are short

  /// From a place that is a multiple of 4.
  __device__ __forceinline__ void load(const void *x, Type type, int64_t at) {
    if (type == kFloat32) {
      raw = *reinterpret_cast<const uint4 *>(static_cast<const float *>(x) + at);
    } else {
      const uint2 u = *reinterpret_cast<const uint2 *>(static_cast<const uint16_t *>(x) + at);
      raw.x = u.x, raw.y = u.y;
    }
  }

  __device__ __forceinline__ void add_to(float (&v)[4], Type type) const {
    if (type == kFloat32) {
      v[0] += __uint_as_float(raw.x), v[1] += __uint_as_float(raw.y);
      v[2] += __uint_as_float(raw.z), v[3] += __uint_as_float(raw.w);
    } else if (type == kFloat16) {
      v[0] += half_to_float(raw.x & 0xffff), v[1] += half_to_float(raw.x >> 16);
      v[2] += half_to_float(raw.y & 0xffff), v[3] += half_to_float(raw.y >> 16);
    } else {
      v[0] += bfloat_to_float(raw.x & 0xffff), v[1] += __uint_as_float(raw.x & 0xffff0000u);
      v[2] += bfloat_to_float(raw.y & 0xffff), v[3] += __uint_as_float(raw.y & 0xffff0000u);
    }
  }
};

__device__ __forceinline__ void store4(void *y, int type, int64_t at, const float (&v)[4]) {
  if (type == kFloat32) {
    *reinterpret_cast<float4 *>(static_cast<float *>(y) + at) = make_float4(v[0], v[1], v[2], v[3]);
    return;
  }
  uint2 u;
  if (type == kFloat16) {
    u.x = floats_to_halves(v[0], v[1]), u.y = floats_to_halves(v[2], v[3]);
  } else {
    u.x = floats_to_bfloats(v[0], v[1]), u.y = floats_to_bfloats(v[2], v[3]);
  }
  *reinterpret_cast<uint2 *>(static_cast<uint16_t *>(y) + at) = u;
}

__device__ constexpr int size_of(Type type) { return type == kFloat32 ? 4 : 2; }

/// Parts in which the side branches' weights come: floats as what tf32 holds and what is left.
__device__ constexpr int side_parts(Type type) { return type == kFloat32 ? 2 : 1; }

/// The values of 16 bytes.
template <int kValues>
__device__ __forceinline__ void unpack(float (&v)[kValues], const uint4 &raw, Type type) {
  const uint32_t words[4] = {raw.x, raw.y, raw.z, raw.w};
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    if constexpr (kValues == 4) {
      v[i] = __uint_as_float(words[i]);
    } else if (type == kFloat16) {
      v[2 * i] = half_to_float(words[i] & 0xffff);
      v[2 * i + 1] = half_to_float(words[i] >> 16);
    } else {
      v[2 * i] = bfloat_to_float(words[i] & 0xffff);
      v[2 * i + 1] = __uint_as_float(words[i] & 0xffff0000u);
    }
  }
}

template <int kValues>
__device__ __forceinline__ uint4 pack(const float (&v)[kValues], Type type) {
  uint32_t words[4];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    if constexpr (kValues == 4) {
      words[i] = __float_as_uint(v[i]);
    } else if (type == kFloat16) {
      words[i] = floats_to_halves(v[2 * i], v[2 * i + 1]);
    } else {
      words[i] = floats_to_bfloats(v[2 * i], v[2 * i + 1]);
    }
  }
  return {words[0], words[1], words[2], words[3]};
}

/// Products round before they are added to, as on the processor: a sign may hang on it.
template <Activation kActivation, int kValues>
__device__ __forceinline__ void activate(float (&v)[kValues], float negative_slope) {
#pragma unroll
  for (int k = 0; k < kValues; ++k) {
    if constexpr (kActivation == kLeaky) {
      v[k] = v[k] >= 0.f ? v[k] : __fmul_rn(v[k], negative_slope);
    } else if constexpr (kActivation == kSilu) {
      v[k] = v[k] / (1.f + expf(-v[k]));
    } else if constexpr (kActivation == kGelu) {
      v[k] = v[k] * 0.5f * (1.f + erff(v[k] * 0.70710678118654752440f));
    }
  }
}

}  // namespace bimaco
