// Arguments of the kernels. Plain structures, mirrored by ctypes in bimaco_gui/ops/cuda_driver.py.
//
// Feature maps have their channels innermost: [N, H, W, C]. A "pixel" is an index into [N * H * W].
// Signs are packed in chunks of 128 channels: [pixels][chunks][4] words, bit c % 32 of word c / 32
// is 1 where channel c is not negative, bits past the last channel are 0.
#pragma once

#include <cstdint>

namespace bimaco {

enum Type : int32_t { kFloat32 = 0, kFloat16 = 1, kBfloat16 = 2 };
enum Activation : int32_t { kNone = 0, kLeaky = 1, kSilu = 2, kGelu = 3 };

constexpr int kRank = 8;  // of the low-rank branch, padded with zeros
constexpr int kGroup = 16;  // output channels that one tile of weights serves

/// a = activation(x * scale + shift): what stands between a feature map and the signs.
struct Before {
  const float *scale;  // [C] or [N, C], or null for none
  const float *shift;
  int32_t per_picture;  // whether scale and shift are [N, C]
  int32_t pixels_per_picture;
  int32_t activation;
  float negative_slope;
};

struct Prepare {
  const void *x;     // [pixels, channels]
  const float *down; // [rank, channels] or null
  uint32_t *bits;    // [pixels, chunks, 4]
  uint32_t *zeros;   // likewise, 1 where a is 0; null where zeros count as +1
  int32_t *ones;     // [pixels]: ones | zeros << 16
  float *mean;       // [pixels]: mean of |a|
  float *inner;      // [pixels, kRank]: down @ a, or null
  Before before;
  int32_t pixels, channels, chunks, rank;
};

struct Convolve {
  const uint32_t *bits;
  const uint32_t *zeros;
  const int32_t *ones;
  const float *mean;
  const float *inner;
  const uint32_t *weights;  // [groups, steps, 32 lanes, 4]
  const int32_t *weight_ones;  // [16 border cases, padded] twice the ones; per tap [taps, padded]
  const float *channel;     // [4, padded]: alpha, bias, slope, after
  const float *up;          // [groups, 32 lanes, 8], or null: low_rank_up split in two
  const int32_t *sparse_rows;  // [padded + 1], or null: first entry of each output channel
  const uint32_t *sparse;   // [entries, 2]: value, input channel | last << 31
  const void *x;            // what the side branches read, with `before`
  const void *residual;     // [out pixels, out_channels] or null
  void *y;
  int32_t *dots;            // if not null, the integers instead of y
  Before before;
  int32_t type, residual_type, y_type;
  int32_t batch, height, width;  // of x
  int32_t out_height, out_width;
  int32_t channels, chunks, out_channels, padded;
  int32_t kernel, stride, doubled, steps;
  int32_t activation;     // whether slope and after are there
  int32_t mean_shortcut;
  int32_t tile_width_log2, tile_height, tiles_x, tiles_y;
  int32_t warps_m, warps_n;
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

/// What the matrix units reach where nothing else is to be done.
struct Ceiling {
  int32_t *sums;  // [threads of all blocks]
  int32_t rounds;
};

}  // namespace bimaco
