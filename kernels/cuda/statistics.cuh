// GroupNorm as a scale and a shift of each channel of each picture.
#pragma once

#include "prepare.cuh"

namespace bimaco {

/// The sum of a warp's values, in every lane.
__device__ __forceinline__ float warp_sum(float v) {
#pragma unroll
  for (int step = 16; step > 0; step >>= 1) {
    v += __shfl_xor_sync(~0u, v, step);
  }
  return v;
}

/// The value that a group's differences are taken to: its first, which lies near the mean, so that
/// squares do not swallow the variance.
__device__ __forceinline__ float origin_of(const GroupNorm &p, int n, int group) {
  const int64_t picture = static_cast<int64_t>(n) * p.pixels * p.channels;
  return load(p.x, p.type, picture + group * (p.channels / p.groups));
}

/// Writes scale and shift of a group's channels, from its sums; by a whole warp.
__device__ __forceinline__ void finish_group(const GroupNorm &p, int n, int group, float sum,
                                             float squares) {
  const int width = p.channels / p.groups;
  const float count = static_cast<float>(p.pixels) * static_cast<float>(width);
  const float away = sum / count;
  const float mean = origin_of(p, n, group) + away;
  const float variance = fmaxf(squares / count - away * away, 0.f);
  const float inverse = 1.f / sqrtf(variance + p.epsilon);
  for (int c = group * width + (threadIdx.x & 31); c < (group + 1) * width; c += 32) {
    float scale = inverse * p.weight[c];
    float shift = p.bias[c] - mean * scale;
    if (p.time_scale != nullptr) {
      const int64_t at = static_cast<int64_t>(n) * p.time_stride + c;
      const float factor = 1.f + p.time_scale[at];
      scale = scale * factor;
      shift = shift * factor + p.time_shift[at];
    }
    p.scale[n * p.channels + c] = scale;
    p.shift[n * p.channels + c] = shift;
  }
}

/// One block for each chunk of the pixels and each slice of the groups of each picture.
///
/// Threads side by side read eight channels each, side by side in memory, and go from pixel to
/// pixel. Where a chunk is the whole picture, its block ends the work; else `group_norm` does.
template <Type kType>
__device__ __forceinline__ void group_sums(const GroupNorm &p, float *memory) {
  constexpr int kUnroll = kType == kFloat32 ? 2 : 4;  // pixels that are on their way at a time
  const int width = p.channels / p.groups, groups = p.groups / p.slices;
  const int block = blockIdx.x / p.chunks, chunk = blockIdx.x % p.chunks;
  const int n = block / p.slices, first_group = block % p.slices * groups;
  const int channels = groups * width, first = first_group * width;
  const int runs = (channels + 7) / 8, rows = static_cast<int>(blockDim.x) / runs;
  const int row = static_cast<int>(threadIdx.x) / runs, run = static_cast<int>(threadIdx.x) % runs;
  const bool aligned = p.channels % 8 == 0;
  const int64_t start = static_cast<int64_t>(n) * p.pixels * p.channels + first + run * 8;
  const int share = (p.pixels + p.chunks - 1) / p.chunks;
  const int end = min(p.pixels, (chunk + 1) * share);
  // Of the sums of a channel of eight in shared memory; the 4 spread neighbours over its banks.
  const int stride = static_cast<int>(blockDim.x) + 4;

  if (row < rows) {
    float origin[8], sums[8] = {}, squares[8] = {};
#pragma unroll
    for (int k = 0; k < 8; ++k) {
      const int c = run * 8 + k;
      origin[k] = c < channels ? origin_of(p, n, (first + c) / width) : 0.f;
    }
    for (int from = chunk * share + row; from < end; from += kUnroll * rows) {
      Eight<kType> eights[kUnroll];
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int pixel = from + u * rows;
        if (aligned && pixel < end) {
          eights[u].load(p.x, start + static_cast<int64_t>(pixel) * p.channels);
        }
      }
#pragma unroll
      for (int u = 0; u < kUnroll; ++u) {
        const int pixel = from + u * rows;
        if (pixel >= end) {
          continue;
        }
        float v[8];
        if (aligned) {
          eights[u].unpack(v);
        } else {
#pragma unroll
          for (int k = 0; k < 8; ++k) {
            const int64_t at = start + static_cast<int64_t>(pixel) * p.channels + k;
            v[k] = run * 8 + k < channels ? load(p.x, kType, at) : 0.f;
          }
        }
#pragma unroll
        for (int k = 0; k < 8; ++k) {
          const float d = v[k] - origin[k];
          sums[k] += d;
          squares[k] = fmaf(d, d, squares[k]);
        }
      }
    }
#pragma unroll
    for (int k = 0; k < 8; ++k) {
      memory[k * stride + threadIdx.x] = sums[k];
      memory[(8 + k) * stride + threadIdx.x] = squares[k];
    }
  }
  __syncthreads();

  // A warp adds what all threads found of a group.
  const int lane = threadIdx.x & 31, warps = static_cast<int>(blockDim.x) >> 5;
  for (int g = static_cast<int>(threadIdx.x) >> 5; g < groups; g += warps) {
    float sum = 0.f, square = 0.f;
    for (int i = lane; i < rows * width; i += 32) {
      const int c = g * width + i % width;
      const int at = (c & 7) * stride + i / width * runs + (c >> 3);
      sum += memory[at];
      square += memory[8 * stride + at];
    }
    sum = warp_sum(sum), square = warp_sum(square);
    if (p.chunks == 1) {
      finish_group(p, n, first_group + g, sum, square);
    } else if (lane == 0) {
      const int64_t at = static_cast<int64_t>(n * p.groups + first_group + g) * p.chunks + chunk;
      p.sums[2 * at] = sum;
      p.sums[2 * at + 1] = square;
    }
  }
}

/// A warp for each group of each picture adds the sums of its chunks, always in the same order.
__device__ __forceinline__ void group_norm(const GroupNorm &p) {
  const int group = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  if (group >= p.batch * p.groups) {
    return;
  }
  float sum = 0.f, square = 0.f;
  const float *sums = p.sums + static_cast<int64_t>(group) * p.chunks * 2;
#pragma unroll 4
  for (int i = threadIdx.x & 31; i < p.chunks; i += 32) {
    sum += sums[2 * i];
    square += sums[2 * i + 1];
  }
  finish_group(p, group / p.groups, group % p.groups, warp_sum(sum), warp_sum(square));
}

}  // namespace bimaco
