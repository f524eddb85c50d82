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

/// Four neighbours from a place that is a multiple of 4.
__device__ __forceinline__ void load4(float (&v)[4], const void *x, int type, int64_t at) {
  if (type == kFloat32) {
    const float4 f = *reinterpret_cast<const float4 *>(static_cast<const float *>(x) + at);
    v[0] = f.x, v[1] = f.y, v[2] = f.z, v[3] = f.w;
    return;
  }
  const uint2 u = *reinterpret_cast<const uint2 *>(static_cast<const uint16_t *>(x) + at);
  if (type == kFloat16) {
    v[0] = half_to_float(u.x & 0xffff), v[1] = half_to_float(u.x >> 16);
    v[2] = half_to_float(u.y & 0xffff), v[3] = half_to_float(u.y >> 16);
  } else {
    v[0] = bfloat_to_float(u.x & 0xffff), v[1] = __uint_as_float(u.x & 0xffff0000u);
    v[2] = bfloat_to_float(u.y & 0xffff), v[3] = __uint_as_float(u.y & 0xffff0000u);
  }
}

__device__ __forceinline__ uint16_t narrow(float value, int type) {
  return type == kFloat16 ? float_to_half(value) : float_to_bfloat(value);
}

__device__ __forceinline__ void store(void *y, int type, int64_t at, float value) {
  if (type == kFloat32) {
    static_cast<float *>(y)[at] = value;
  } else {
    static_cast<uint16_t *>(y)[at] = narrow(value, type);
  }
}

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

/// Makes a of four values of x. Products and sums round apart, as on the processor: a sign may hang
/// on it. Choices are made once for all four.
__device__ __forceinline__ void prepend(float (&v)[4], const float (&scale)[4],
                                        const float (&shift)[4], const Before &b) {
  if (b.scale != nullptr) {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      v[k] = __fadd_rn(__fmul_rn(v[k], scale[k]), shift[k]);
    }
  }
  if (b.activation == kLeaky) {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      v[k] = v[k] >= 0.f ? v[k] : __fmul_rn(v[k], b.negative_slope);
    }
  } else if (b.activation == kSilu) {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      v[k] = v[k] / (1.f + expf(-v[k]));
    }
  } else if (b.activation == kGelu) {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      v[k] = v[k] * 0.5f * (1.f + erff(v[k] * 0.70710678118654752440f));
    }
  }
}

}  // namespace bimaco
