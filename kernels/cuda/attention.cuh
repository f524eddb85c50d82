// Attention among the pixels of windows, from the map of queries, keys and values to the result.
//
// A block takes one head, whose biases stay in registers, and goes from window to window. The roll
// of shifted windows is a matter of addresses.
#pragma once

#include "attention_lanes.cuh"
#include "numbers.cuh"

namespace bimaco {

constexpr int kTokens = 64;  // pixels of a window, the missing ones as zeros
constexpr float kLog2E = 1.44269504088896340736f;

/// The windows of all pictures.
struct Windows {
  int count, rows, columns;

  __device__ __forceinline__ explicit Windows(const Attention &p)
      : rows(p.height / p.window), columns(p.width / p.window) {
    count = p.batch * rows * columns;
  }
};

/// One of them, and where its pixels lie.
struct Window {
  int place;    // in its picture
  int inverse;  // 2^16 / window, rounded up
  int top, left;
  int64_t picture;  // its first pixel among those of all pictures

  __device__ __forceinline__ Window(const Attention &p, const Windows &windows, int number) {
    const int n = number / (windows.rows * windows.columns);
    place = number - n * windows.rows * windows.columns;
    const int row = place / windows.columns;
    top = row * p.window + p.shift;
    left = (place - row * windows.columns) * p.window + p.shift;
    picture = static_cast<int64_t>(n) * p.height * p.width;
    inverse = ((1 << 16) + p.window - 1) / p.window;
  }

  /// Of its pixel `token`, among those of all pictures.
  __device__ __forceinline__ int64_t pixel(const Attention &p, int token) const {
    const int down = token * inverse >> 16;  // exact up to kTokens
    int y = top + down, x = left + token - down * p.window;
    y -= y >= p.height ? p.height : 0;
    x -= x >= p.width ? p.width : 0;
    return picture + static_cast<int64_t>(y) * p.width + x;
  }
};

/// Begins to copy a window's queries, keys and values to [3][kTokens] rows of kRow bytes, with zeros
/// behind the last channel and pixel, and the regions of its pixels.
template <int kBytes, int kDepth, int kRow>
__device__ __forceinline__ void fetch_window(const Attention &p, const Window &window,
                                             unsigned char *to, int32_t *regions) {
  constexpr int kPieces = kDepth * kBytes / 16;
  const int tokens = p.window * p.window;
  const auto *from = static_cast<const unsigned char *>(p.qkv);
  for (int i = threadIdx.x; i < kTokens * kPieces; i += blockDim.x) {
    const int token = i / kPieces, piece = i % kPieces;
    const bool present = token < tokens && piece * 16 < p.depth * kBytes;
    const int64_t pixel = present ? window.pixel(p, token) : 0;
#pragma unroll
    for (int part = 0; part < 3; ++part) {
      const int64_t channel = (pixel * 3 + part) * p.heads + blockIdx.y;
      copy16(to + (part * kTokens + token) * kRow + piece * 16,
             from + (present ? channel * p.depth * kBytes + piece * 16 : 0), present);
    }
  }
  if (p.regions != nullptr && threadIdx.x < kTokens / 4) {
    copy16(regions + threadIdx.x * 4, p.regions + window.place * kTokens + threadIdx.x * 4, true);
  }
}

/// What is added to the score of a query for a key; minus infinity where there is no such key.
__device__ __forceinline__ float bias_of(const Attention &p, int query, int key) {
  const int tokens = p.window * p.window;
  if (key >= tokens) {
    return -INFINITY;
  }
  const int64_t head = blockIdx.y;
  return query < tokens ? p.bias[(head * tokens + query) * tokens + key] : 0.f;
}

/// float16 and bfloat16, four warps: both products on the matrix units, sums in float32. A warp has
/// 16 queries; a lane those of two rows, two keys in eight.
template <Type kType, int kDepth>
__device__ __forceinline__ void attend_short(const Attention &p, unsigned char *memory) {
  constexpr bool kHalf = kType == kFloat16;
  constexpr int kRow = kDepth * 2 + 16;  // bytes; the 16 spread rows over the banks
  constexpr int kMap = kTokens * kRow, kBuffer = 3 * kMap;
  int32_t *regions = reinterpret_cast<int32_t *>(memory + 2 * kBuffer);
  const Windows windows(p);
  const int lane = threadIdx.x & 31, top = static_cast<int>(threadIdx.x) >> 5 << 4;
  const int tokens = p.window * p.window;

  float bias[8][4];
#pragma unroll
  for (int j = 0; j < 8; ++j) {
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const int query = top + lane / 4 + k / 2 * 8, key = j * 8 + lane % 4 * 2 + k % 2;
      bias[j][k] = bias_of(p, query, key) * kLog2E;
    }
  }
  const float scale = kLog2E / sqrtf(static_cast<float>(p.depth));
  const float apart = p.apart * kLog2E;

  int turn = 0;
  Window window(p, windows, blockIdx.x);
  follow();  // biases are weights, which no kernel before writes
  fetch_window<2, kDepth, kRow>(p, window, memory, regions);
  end_copies();
  for (int number = blockIdx.x; number < windows.count; number += gridDim.x, turn ^= 1) {
    const Window next(p, windows, number + static_cast<int>(gridDim.x));
    if (number + static_cast<int>(gridDim.x) < windows.count) {
      fetch_window<2, kDepth, kRow>(p, next, memory + (turn ^ 1) * kBuffer,
                                    regions + (turn ^ 1) * kTokens);
    }
    end_copies();
    wait_copies<1>();
    __syncthreads();
    unsigned char *queries = memory + turn * kBuffer;
    const unsigned char *keys = queries + kMap, *values = keys + kMap;

    float score[8][4] = {};
#pragma unroll
    for (int d = 0; d < kDepth / 16; ++d) {
      uint32_t a[4];
      load_matrices(a, queries + (top + lane % 16) * kRow + d * 32 + lane / 16 * 16);
#pragma unroll
      for (int j = 0; j < 8; j += 2) {
        uint32_t b[4];
        load_matrices(b, keys + (j * 8 + lane / 16 * 8 + lane % 8) * kRow + d * 32 + (lane & 8) * 2);
        multiply_short<kHalf>(score[j], a, b[0], b[1]);
        multiply_short<kHalf>(score[j + 1], a, b[2], b[3]);
      }
    }
    const int32_t *own = regions + turn * kTokens;
#pragma unroll
    for (int j = 0; j < 8; ++j) {
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        score[j][k] = fmaf(score[j][k], scale, bias[j][k]);
        if (p.regions != nullptr &&
            own[top + lane / 4 + k / 2 * 8] != own[j * 8 + lane % 4 * 2 + k % 2]) {
          score[j][k] += apart;
        }
      }
    }

    float sum[2];
#pragma unroll
    for (int row = 0; row < 2; ++row) {
      float most = -INFINITY;
#pragma unroll
      for (int j = 0; j < 8; ++j) {
        most = fmaxf(most, fmaxf(score[j][row * 2], score[j][row * 2 + 1]));
      }
      most = fmaxf(most, __shfl_xor_sync(~0u, most, 1));
      most = fmaxf(most, __shfl_xor_sync(~0u, most, 2));
      sum[row] = 0.f;
#pragma unroll
      for (int j = 0; j < 8; ++j) {
#pragma unroll
        for (int k = row * 2; k < row * 2 + 2; ++k) {
          score[j][k] = exp2f(score[j][k] - most);
          sum[row] += score[j][k];
        }
      }
      sum[row] += __shfl_xor_sync(~0u, sum[row], 1);
      sum[row] += __shfl_xor_sync(~0u, sum[row], 2);
      sum[row] = 1.f / sum[row];
    }

    const auto pack = [](float low, float high) {
      return kHalf ? floats_to_halves(low, high) : floats_to_bfloats(low, high);
    };
    float mixed[kDepth / 8][4] = {};
#pragma unroll
    for (int t = 0; t < kTokens / 16; ++t) {
      const float(&left)[4] = score[2 * t], (&right)[4] = score[2 * t + 1];
      const uint32_t a[4] = {pack(left[0], left[1]), pack(left[2], left[3]),
                             pack(right[0], right[1]), pack(right[2], right[3])};
#pragma unroll
      for (int d = 0; d < kDepth / 8; d += 2) {
        uint32_t b[4];
        load_transposed(b, values + (t * 16 + lane % 16) * kRow + (d + lane / 16) * 16);
        multiply_short<kHalf>(mixed[d], a, b[0], b[1]);
        multiply_short<kHalf>(mixed[d + 1], a, b[2], b[3]);
      }
    }

    // The warp's queries have been read; its results take their place, to be written 16 bytes at a
    // time.
    wait_for_lanes();
#pragma unroll
    for (int d = 0; d < kDepth / 8; ++d) {
#pragma unroll
      for (int row = 0; row < 2; ++row) {
        const int at = (top + lane / 4 + row * 8) * kRow + d * 16 + lane % 4 * 4;
        *reinterpret_cast<uint32_t *>(queries + at) =
            pack(mixed[d][row * 2] * sum[row], mixed[d][row * 2 + 1] * sum[row]);
      }
    }
    wait_for_lanes();
    auto *y = static_cast<unsigned char *>(p.y);
#pragma unroll
    for (int i = lane; i < 16 * (kDepth / 8); i += 32) {
      const int token = top + i / (kDepth / 8), piece = i % (kDepth / 8);
      if (token < tokens && piece * 8 < p.depth) {
        const int64_t channel = window.pixel(p, token) * p.heads + blockIdx.y;
        *reinterpret_cast<uint4 *>(y + (channel * p.depth + piece * 8) * 2) =
            *reinterpret_cast<const uint4 *>(queries + token * kRow + piece * 16);
      }
    }
    __syncthreads();
    window = next;
  }
}

/// float32, eight warps: products and sums in float32, as on the processor. A warp has 8 queries; a
/// lane four of them, and every 16th key.
template <int kDepth>
__device__ __forceinline__ void attend_float(const Attention &p, unsigned char *memory) {
  constexpr int kRow = kDepth + 4;    // floats; the 4 spread rows over the banks
  constexpr int kScores = kTokens + 4;
  constexpr int kPart = kDepth / 16;  // channels of a lane's results
  float *queries = reinterpret_cast<float *>(memory), *keys = queries + kTokens * kRow;
  float *values = keys + kTokens * kRow, *scores = values + kTokens * kRow;
  int32_t *regions = reinterpret_cast<int32_t *>(scores + kTokens * kScores);
  const Windows windows(p);
  const int tokens = p.window * p.window, part = threadIdx.x & 15;
  const int top = static_cast<int>(threadIdx.x) >> 4 << 2;

  float bias[4][4];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      bias[i][j] = bias_of(p, top + i, part + 16 * j);
    }
  }
  const float scale = 1.f / sqrtf(static_cast<float>(p.depth));

  follow();  // biases are weights, which no kernel before writes
  for (int number = blockIdx.x; number < windows.count; number += gridDim.x) {
    const Window window(p, windows, number);
    fetch_window<4, kDepth, kRow * 4>(p, window, memory, regions);
    end_copies();
    wait_copies<0>();
    __syncthreads();

    float score[4][4] = {};
#pragma unroll 4
    for (int d = 0; d < kDepth; d += 4) {
      float4 key[4];
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        key[j] = *reinterpret_cast<const float4 *>(keys + (part + 16 * j) * kRow + d);
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const float4 query = *reinterpret_cast<const float4 *>(queries + (top + i) * kRow + d);
#pragma unroll
        for (int j = 0; j < 4; ++j) {
          score[i][j] = fmaf(query.x, key[j].x, score[i][j]);
          score[i][j] = fmaf(query.y, key[j].y, score[i][j]);
          score[i][j] = fmaf(query.z, key[j].z, score[i][j]);
          score[i][j] = fmaf(query.w, key[j].w, score[i][j]);
        }
      }
    }

    float sum[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      float most = -INFINITY;
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        float added = bias[i][j];
        if (p.regions != nullptr && regions[top + i] != regions[part + 16 * j]) {
          added += p.apart;
        }
        score[i][j] = fmaf(score[i][j], scale, added);
        most = fmaxf(most, score[i][j]);
      }
#pragma unroll
      for (int step = 8; step > 0; step >>= 1) {
        most = fmaxf(most, __shfl_xor_sync(~0u, most, step));
      }
      sum[i] = 0.f;
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const float weight = expf(score[i][j] - most);
        scores[(top + i) * kScores + part + 16 * j] = weight;
        sum[i] += weight;
      }
#pragma unroll
      for (int step = 8; step > 0; step >>= 1) {
        sum[i] += __shfl_xor_sync(~0u, sum[i], step);
      }
    }
    wait_for_lanes();

    float mixed[4][kPart] = {};
#pragma unroll 4
    for (int t = 0; t < kTokens; t += 4) {
      float value[4][kPart];
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        const float *from = values + (t + k) * kRow + part * kPart;
        if constexpr (kPart == 2) {
          const uint2 both = *reinterpret_cast<const uint2 *>(from);
          value[k][0] = __uint_as_float(both.x), value[k][1] = __uint_as_float(both.y);
        } else {
          read4(value[k], from);
        }
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const float4 weight = *reinterpret_cast<const float4 *>(scores + (top + i) * kScores + t);
#pragma unroll
        for (int c = 0; c < kPart; ++c) {
          mixed[i][c] = fmaf(weight.x, value[0][c], mixed[i][c]);
          mixed[i][c] = fmaf(weight.y, value[1][c], mixed[i][c]);
          mixed[i][c] = fmaf(weight.z, value[2][c], mixed[i][c]);
          mixed[i][c] = fmaf(weight.w, value[3][c], mixed[i][c]);
        }
      }
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      if (top + i < tokens && part * kPart < p.depth) {
        const int64_t channel = window.pixel(p, top + i) * p.heads + blockIdx.y;
        float *y = static_cast<float *>(p.y) + channel * p.depth + part * kPart;
        const float inverse = 1.f / sum[i];
        if constexpr (kPart == 2) {
          *reinterpret_cast<uint2 *>(y) = uint2{__float_as_uint(mixed[i][0] * inverse),
                                                __float_as_uint(mixed[i][1] * inverse)};
        } else {
          *reinterpret_cast<float4 *>(y) = make_float4(mixed[i][0] * inverse, mixed[i][1] * inverse,
                                                       mixed[i][2] * inverse, mixed[i][3] * inverse);
        }
      }
    }
    __syncthreads();
  }
}

}  // namespace bimaco
