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

/// One block for each group of each picture. Sums are of differences to one value of the group,
/// which lies near the mean, so that squares do not swallow the variance.
__device__ __forceinline__ void group_norm(const GroupNorm &p, float *memory) {
  constexpr int kUnroll = 4;  // pixels whose values are on their way at a time
  const int width = p.channels / p.groups;
  const int n = blockIdx.x / p.groups, first = blockIdx.x % p.groups * width;
  const int64_t start = static_cast<int64_t>(n) * p.pixels * p.channels + first;
  const float origin = load(p.x, p.type, start);
  float sum = 0.f, squares = 0.f;
  const int stride = static_cast<int>(blockDim.x);
  for (int from = threadIdx.x; from < p.pixels; from += kUnroll * stride) {
    for (int c = 0; c < width; ++c) {
      float d[kUnroll];
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int pixel = from + u * stride;
        d[u] = pixel < p.pixels
                   ? load(p.x, p.type, start + static_cast<int64_t>(pixel) * p.channels + c) - origin
                   : 0.f;
      }
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        sum += d[u];
        squares = fmaf(d[u], d[u], squares);
      }
    }
  }
  const float count = static_cast<float>(p.pixels) * static_cast<float>(width);
  const float away = block_sum(sum, memory) / count;
  const float mean = origin + away;
  const float variance = fmaxf(block_sum(squares, memory) / count - away * away, 0.f);
  const float inverse = 1.f / sqrtf(variance + p.epsilon);
  for (int c = threadIdx.x; c < width; c += blockDim.x) {
    const int at = n * p.channels + first + c;
    const float scale = inverse * (p.weight != nullptr ? p.weight[first + c] : 1.f);
    p.scale[at] = scale;
    p.shift[at] = (p.bias != nullptr ? p.bias[first + c] : 0.f) - mean * scale;
  }
}

}  // namespace bimaco
