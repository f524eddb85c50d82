// Arguments of the kernels. Plain structures, mirrored by ctypes in bimaco_gui/ops/cuda_driver.py.
//
// Feature maps have their channels innermost: [N, H, W, C]. A "pixel" is an index into [N * H * W].
// Signs are packed in chunks of 128 channels: [pixels][chunks][4] words, bit c % 32 of word c / 32
// is 1 where channel c is not negative, bits past the last channel are 0. A second plane marks what is
// negative, where zeros count as nothing or counts are scaled tap by tap.
#pragma once

#include <cstdint>

namespace bimaco {

enum Type : int32_t { kFloat32 = 0, kFloat16 = 1, kBfloat16 = 2 };
enum Activation { kNone = 0, kLeaky = 1, kSilu = 2, kGelu = 3 };

constexpr int kGroup = 16;  // output channels that one tile of weights serves
constexpr int kSideStep = 32;  // bytes of a pixel's channels that one multiplication takes

/// a = activation(x * scale + shift): what stands between a feature map and the signs.
struct Before {
  const float *scale;  // [C] or [N, C], or null for none
  const float *shift;
  int32_t per_picture;  // whether scale and shift are [N, C]
  int32_t pixels_per_picture;
  float negative_slope;  // of the leaky activation; a kernel's name says which it is
};

struct Prepare {
  const void *x;    // [pixels, channels]
  void *a;          // [pixels, side_steps * kSideStep bytes] of x's type, zeros past the channels; or null
  uint32_t *bits;   // [pixels, chunks, 4]
  uint32_t *minus;  // likewise, 1 where a is negative or no number; null where bits say it all
  int2 *stats;      // [pixels]: ones of bits | of minus << 16, and the bits of the mean of |a|
  Before before;
  int32_t pixels, channels, chunks, side_steps;
  int32_t zero_is_zero;  // whether a zero has a bit in neither plane; minus is there then
};

/// Divides numbers below 2^16 by one below 2^16, without a division.
struct Divisor {
  uint32_t factor;  // 2^32 / divisor, rounded up; 0 for 1

  __device__ __forceinline__ int quotient(int value) const {
    return factor ? static_cast<int>(__umulhi(static_cast<uint32_t>(value), factor)) : value;
  }
};

struct Convolve {
  const uint32_t *bits;
  const uint32_t *minus;
  const int2 *stats;
  const uint32_t *weights;  // [groups, steps, 32 lanes, 4]
  const int32_t *weight_ones;  // [16 border cases, padded]: twice the ones; zeros with `minus`
  const float *channel;     // [4, padded]: alpha, bias, slope, after
  const void *side;         // [pixels of x, side_steps * kSideStep bytes]: what side branches read
  const uint32_t *side_weights;  // [groups, side_steps, parts, 32 lanes, 4], null for no branches
  const void *residual;     // [out pixels, out_channels] or null
  void *y;
  int32_t *dots;            // if not null, the integers instead of y
  int32_t batch, height, width;  // of x
  int32_t out_height, out_width;
  int32_t channels, chunks, out_channels, padded;  // out_channels is a multiple of 4
  int32_t kernel, stride, doubled, steps;
  int32_t activation;       // whether slope and after are there
  int32_t side_steps, stage_steps;  // of a pixel's row, and of a stage in shared memory
  int32_t tile_width_log2, tile_height, tiles_x, tiles_y;
  int32_t warps_m, warps_n;
  int32_t step_x, step_y, step_pictures;  // from a block's tile to its next one, in tiles
  Divisor by_chunks, by_columns, by_pieces;  // chunks, columns of a halo, 16-byte pieces of a stage
};

/// Group normalization as scale and shift of each channel: from sums over chunks of a picture.
struct GroupNorm {
  const void *x;        // [N, pixels, channels]
  const float *weight;  // [channels]
  const float *bias;
  const float *time_scale;  // [N or 1, channels], rows `time_stride` apart, or null: 1 + it scales
  const float *time_shift;  // the result, and this is added
  float *sums;          // [N, groups, chunks, 2]: of differences and of their squares
  float *scale;         // [N, channels]
  float *shift;
  int32_t type, batch, pixels, channels, groups;
  int32_t chunks, slices, time_stride;
  float epsilon;
};

/// Attention among the pixels of windows.
struct Attention {
  const void *qkv;         // [N, height, width, 3, heads, depth]
  const float *bias;       // [heads, window^2, window^2]
  const int32_t *regions;  // [windows of a picture, 64], or null
  void *y;                 // [N, height, width, heads, depth]
  int32_t batch, height, width, heads, depth, window, shift;
  float apart;
};

/// A 3x3 convolution in full precision of activation(x * scale + shift).
struct Edge {
  const void *x;        // [N, height, width, channels]
  const float *scale;   // [channels] or [N, channels], or null for none
  const float *shift;
  const float *weight;  // [out_channels, channels, 3, 3]
  const float *bias;    // [out_channels]
  void *y;              // [N, height, width, out_channels]
  int32_t type, batch, height, width, channels, out_channels;
  int32_t per_picture, activation;
  float negative_slope;
  int32_t lanes;   // threads of a tile of 16 by lanes / 4 pixels
  int32_t groups;  // of output channels in a block
  int32_t splits;  // of the input channels
  int32_t stage;   // input channels in shared memory; a multiple of 4 and of `splits`
};

/// What the matrix units reach where nothing else is to be done.
struct Ceiling {
  int32_t *sums;  // [threads of all blocks]
  int32_t rounds;
};

}  // namespace bimaco
