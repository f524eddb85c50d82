// GroupNorm as a scale and a shift of each channel of each picture.
#pragma once

#include "numbers.cuh"

namespace bimaco {

/// The sum over a block, in every thread. `memory` holds a float for each warp.
__device__ __forceinline__ float block_sum(float v, float *memory) {
#pragma unroll
  for (int step = 16; step > 0; step >>= 1) {
    v += __shfl_xor_sync(~0u, v, step);
  }
  __syncthreads();
  if ((threadIdx.x & 31) == 0) {
    memory[threadIdx.x >> 5] = v;
  }
  __syncthreads();
  float sum = 0.f;
  for (int i = 0; i < static_cast<int>(blockDim.x >> 5); ++i) {
    sum += memory[i];
  }
  return sum;
}

/// One block for each group of each picture: first the mean, then the mean square around it.
__device__ __forceinline__ void group_norm(const GroupNorm &p, float *memory) {
  const int width = p.channels / p.groups;
  const int n = blockIdx.x / p.groups, first = blockIdx.x % p.groups * width;
  const int64_t start = static_cast<int64_t>(n) * p.pixels * p.channels + first;
  const int count = p.pixels * width;
  float sum = 0.f;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    const int pixel = i / width;
    sum += load(p.x, p.type, start + static_cast<int64_t>(pixel) * p.channels + (i - pixel * width));
  }
  const float mean = block_sum(sum, memory) / static_cast<float>(count);
  float squares = 0.f;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    const int pixel = i / width;
    const float d =
        load(p.x, p.type, start + static_cast<int64_t>(pixel) * p.channels + (i - pixel * width)) -
        mean;
    squares = fmaf(d, d, squares);
  }
  const float variance = block_sum(squares, memory) / static_cast<float>(count);
  const float inverse = 1.f / sqrtf(variance + p.epsilon);
  for (int c = threadIdx.x; c < width; c += blockDim.x) {
    const int at = n * p.channels + first + c;
    const float scale = inverse * (p.weight != nullptr ? p.weight[first + c] : 1.f);
    p.scale[at] = scale;
    p.shift[at] = (p.bias != nullptr ? p.bias[first + c] : 0.f) - mean * scale;
  }
}

}  // namespace bimaco
