// 3x3 convolutions in full precision, as stand at the edges of a network: few channels on one side.
#pragma once

#include "numbers.cuh"

namespace bimaco {

constexpr int kEdgeWidth = 16;  // pixels of a tile in a row
constexpr int kEdgePitch = 20;  // floats of a row in shared memory: the tile's, and one on each side

/// Four neighbouring channels of a pixel after scale, shift and activation; zeros behind the last.
__device__ __forceinline__ void read_edge(float (&v)[4], const Edge &p, int n, int64_t pixel,
                                          int channel) {
  const int64_t at = pixel * p.channels + channel;
  if (p.channels % 4 == 0) {
    const Type type = static_cast<Type>(p.type);
    Four four;
    four.load(p.x, type, at);
    v[0] = v[1] = v[2] = v[3] = 0.f;
    four.add_to(v, type);
  } else {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      v[k] = channel + k < p.channels ? load(p.x, p.type, at + k) : 0.f;
    }
  }
  const int first = (p.per_picture ? n * p.channels : 0) + channel;
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (channel + k < p.channels) {
      if (p.scale != nullptr) {
        v[k] = __fadd_rn(__fmul_rn(v[k], p.scale[first + k]), p.shift[first + k]);
      }
      if (p.activation == kLeaky) {
        v[k] = v[k] >= 0.f ? v[k] : __fmul_rn(v[k], p.negative_slope);
      } else if (p.activation == kSilu) {
        v[k] = v[k] / (1.f + expf(-v[k]));
      }
    }
  }
}

/// A block computes a tile of pixels for `groups` times kOut output channels. A thread has four
/// pixels side by side and kOut channels; threads that share these share out the input channels, of
/// which `stage` are in shared memory at a time.
template <int kOut>
__device__ __forceinline__ void convolve_edge(const Edge &p, float *memory) {
  const int threads = static_cast<int>(blockDim.x), thread = static_cast<int>(threadIdx.x);
  const int height = p.lanes / 4, plane = (height + 2) * kEdgePitch;
  const int pitch = p.groups * kOut + 4;  // of weights; the 4 spread taps over the banks
  const int first_out = static_cast<int>(blockIdx.y) * p.groups * kOut;
  const int across = (p.width + kEdgeWidth - 1) / kEdgeWidth, down = (p.height + height - 1) / height;
  const int tile = static_cast<int>(blockIdx.x) % (across * down);
  const int n = static_cast<int>(blockIdx.x) / (across * down);
  const int top = tile / across * height, left = tile % across * kEdgeWidth;
  const int64_t picture = static_cast<int64_t>(n) * p.height * p.width;
  float *weights = memory + p.stage * plane;

  const int lane = thread % p.lanes, unit = thread / p.lanes;
  const int group = unit % p.groups, split = unit / p.groups, share = p.stage / p.splits;
  const int x = lane % 4 * 4, y = lane / 4;
  float sums[kOut][4] = {};
  for (int first = 0; first < p.channels; first += p.stage) {
    __syncthreads();
    const int quads = p.stage / 4, places = (height + 2) * (kEdgeWidth + 2);
    for (int i = thread; i < quads * places; i += threads) {
      const int place = i / quads, c = i % quads * 4;
      const int row = place / (kEdgeWidth + 2), column = place % (kEdgeWidth + 2);
      const int from_y = top + row - 1, from_x = left + column - 1;
      float v[4] = {};
      if (from_y >= 0 && from_y < p.height && from_x >= 0 && from_x < p.width &&
          first + c < p.channels) {
        read_edge(v, p, n, picture + static_cast<int64_t>(from_y) * p.width + from_x, first + c);
      }
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        memory[(c + k) * plane + row * kEdgePitch + column] = v[k];
      }
    }
    for (int i = thread; i < p.groups * kOut * p.stage * 9; i += threads) {
      const int o = i / (p.stage * 9), tap = i % (p.stage * 9);  // of all channels of the stage
      const bool there = first_out + o < p.out_channels && first * 9 + tap < p.channels * 9;
      weights[tap * pitch + o] =
          there ? p.weight[((first_out + o) * p.channels + first) * 9 + tap] : 0.f;
    }
    __syncthreads();
    for (int c = split * share; c < (split + 1) * share; ++c) {
#pragma unroll
      for (int row = 0; row < 3; ++row) {
        const float *from = memory + c * plane + (y + row) * kEdgePitch + x;
        const float4 four = *reinterpret_cast<const float4 *>(from);
        const uint2 two = *reinterpret_cast<const uint2 *>(from + 4);
        const float v[6] = {four.x, four.y, four.z, four.w,
                            __uint_as_float(two.x), __uint_as_float(two.y)};
#pragma unroll
        for (int tap = 0; tap < 3; ++tap) {
#pragma unroll
          for (int half = 0; half < kOut; half += 4) {
            const float4 w = *reinterpret_cast<const float4 *>(
                weights + (c * 9 + row * 3 + tap) * pitch + group * kOut + half);
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              sums[half][k] = fmaf(w.x, v[tap + k], sums[half][k]);
              sums[half + 1][k] = fmaf(w.y, v[tap + k], sums[half + 1][k]);
              sums[half + 2][k] = fmaf(w.z, v[tap + k], sums[half + 2][k]);
              sums[half + 3][k] = fmaf(w.w, v[tap + k], sums[half + 3][k]);
            }
          }
        }
      }
    }
  }

  if (p.splits > 1) {
    __syncthreads();
#pragma unroll
    for (int o = 0; o < kOut; ++o) {
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        memory[(o * 4 + k) * threads + thread] = sums[o][k];
      }
    }
    __syncthreads();
    if (split > 0) {
      return;
    }
    for (int other = 1; other < p.splits; ++other) {
      const int from = thread + other * p.groups * p.lanes;
#pragma unroll
      for (int o = 0; o < kOut; ++o) {
#pragma unroll
        for (int k = 0; k < 4; ++k) {
          sums[o][k] += memory[(o * 4 + k) * threads + from];
        }
      }
    }
  }

  const int out = first_out + group * kOut;
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (top + y >= p.height || left + x + k >= p.width) {
      continue;
    }
    const int64_t pixel = picture + static_cast<int64_t>(top + y) * p.width + left + x + k;
    const int64_t at = pixel * p.out_channels + out;
#pragma unroll
    for (int half = 0; half < kOut; half += 4) {
      float v[4];
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int o = out + half + i;
        v[i] = sums[half + i][k] + (o < p.out_channels ? p.bias[o] : 0.f);
      }
      if (p.out_channels % 4 == 0) {
        if (out + half < p.out_channels) {
          store4(p.y, p.type, at + half, v);
        }
        continue;
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        if (out + half + i >= p.out_channels) {
          break;
        }
        if (p.type == kFloat32) {
          static_cast<float *>(p.y)[at + half + i] = v[i];
        } else {
          static_cast<uint16_t *>(p.y)[at + half + i] =
              p.type == kFloat16 ? float_to_half(v[i]) : float_to_bfloat(v[i]);
        }
      }
    }
  }
}

}  // namespace bimaco
