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

/// What makes scale and shift of a channel besides the sums, to be read while these are not there.
struct Finish {
  float weight, bias, factor = 1.f, added = 0.f;

  __device__ __forceinline__ Finish(const GroupNorm &p, int n, int c)
      : weight(p.weight[c]), bias(p.bias[c]) {
    if (p.time_scale != nullptr) {
      const int64_t at = static_cast<int64_t>(n) * p.time_stride + c;
      factor = 1.f + p.time_scale[at];
      added = p.time_shift[at];
    }
  }
};

/// A group whose sums are on their way: what a lane of the warp that ends it reads beforehand.
struct Group {
  int n, first, width;
  float origin;
  Finish own;  // of the lane's first channel, or of some other where there is none

  __device__ __forceinline__ Group(const GroupNorm &p, int n, int group, int width)
      : n(n), first(group * width), width(width), origin(origin_of(p, n, group)),
        own(p, n, first + min(static_cast<int>(threadIdx.x) & 31, width - 1)) {}

  /// Writes scale and shift of its channels; by a whole warp.
  __device__ __forceinline__ void finish(const GroupNorm &p, float sum, float squares) const {
    const float count = static_cast<float>(p.pixels) * static_cast<float>(width);
    const float away = sum / count;
    const float mean = origin + away;
    const float variance = fmaxf(squares / count - away * away, 0.f);
    const float inverse = 1.f / sqrtf(variance + p.epsilon);
    for (int i = threadIdx.x & 31; i < width; i += 32) {
      const int c = first + i;
      const Finish channel = i < 32 ? own : Finish(p, n, c);
      const float scale = inverse * channel.weight;
      const float shift = channel.bias - mean * scale;
      p.scale[n * p.channels + c] = scale * channel.factor;
      p.shift[n * p.channels + c] = shift * channel.factor + channel.added;
    }
  }
};

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

  const int lane = threadIdx.x & 31, warp = static_cast<int>(threadIdx.x) >> 5;
  const Group mine(p, n, first_group + min(warp, groups - 1), width);

  if (row < rows) {
    float origin[8], sums[8] = {}, squares[8] = {};
    int group = run * 8 / width, next = (group + 1) * width;
#pragma unroll
    for (int k = 0; k < 8; ++k) {
      const int c = run * 8 + k;
      if (c == next) {
        ++group, next += width;
      }
      origin[k] = c < channels ? origin_of(p, n, first_group + group) : 0.f;
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

  // A warp adds what all threads found of a group: lane after lane along its channels and rows.
  const int warps = static_cast<int>(blockDim.x) >> 5;
  const int row_step = 32 / width, channel_step = 32 % width;
  for (int g = warp; g < groups; g += warps) {
    float sum = 0.f, square = 0.f;
    int from = lane / width, c = lane % width;
    while (from < rows) {
      const int channel = g * width + c;
      const int at = (channel & 7) * stride + from * runs + (channel >> 3);
      sum += memory[at];
      square += memory[8 * stride + at];
      from += row_step, c += channel_step;
      if (c >= width) {
        ++from, c -= width;
      }
    }
    sum = warp_sum(sum), square = warp_sum(square);
    if (p.chunks > 1) {
      if (lane == 0) {
        const int64_t at = static_cast<int64_t>(n * p.groups + first_group + g) * p.chunks + chunk;
        p.sums[2 * at] = sum;
        p.sums[2 * at + 1] = square;
      }
    } else if (g == warp) {
      mine.finish(p, sum, square);
    } else {
      Group(p, n, first_group + g, width).finish(p, sum, square);
    }
  }
}

/// A warp for each group of each picture adds the sums of its chunks, always in the same order.
__device__ __forceinline__ void group_norm(const GroupNorm &p) {
  const int group = blockIdx.x * (blockDim.x >> 5) + (threadIdx.x >> 5);
  if (group >= p.batch * p.groups) {
    return;
  }
  const Group mine(p, group / p.groups, group % p.groups, p.channels / p.groups);
  float sum = 0.f, square = 0.f;
  const float *sums = p.sums + static_cast<int64_t>(group) * p.chunks * 2;
#pragma unroll 4
  for (int i = threadIdx.x & 31; i < p.chunks; i += 32) {
    sum += sums[2 * i];
    square += sums[2 * i + 1];
  }
  sum = warp_sum(sum), square = warp_sum(square);
  mine.finish(p, sum, square);
}

}  // namespace bimaco
