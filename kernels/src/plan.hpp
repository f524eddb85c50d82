// What one call computes and where its data lie: filled once, read by every inner loop.
#pragma once

#include <cstdint>

#include "bimaco.h"

namespace bimaco {

constexpr std::int64_t kTile = 32;           // pixels that are prepared and packed together
constexpr std::int64_t kTileChannels = 8;    // channels likewise; also of the epilogue
constexpr std::int64_t kGroup = 4;           // channels of one look-up
constexpr std::int64_t kStep = 3;            // look-ups whose sum fits a nibble
constexpr std::int64_t kMostGroups = 63;     // of a chunk: counts of 63 look-ups fit a byte
constexpr std::int64_t kMostBlock = 256;     // no instruction set has larger blocks of pixels
constexpr std::int64_t kMostTaps = 9;
constexpr std::int64_t kMostRank = 64;
constexpr std::int64_t kFlatWidth = 256;     // a picture without neighbours is cut into such rows
constexpr std::uint8_t kOutside = 0x80;      // looks up 0: a pixel outside the picture

static constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
static constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) {
  return ceil_div(a, b) * b;
}

// Row `row` of a picture has min(width, pixels - row * width) pixels, so that a picture without
// neighbours can be cut into rows of any width.
struct Picture {
  std::int64_t height, width, pixels;
  std::int64_t channel_stride, pixel_stride;  // in memory
};

// Look-ups that are counted together: all of one tap where each tap has its own scale.
struct Chunk {
  std::int32_t first, count;  // within the depth; count is a multiple of kStep
  std::int32_t tap;
  std::uint8_t half;  // of the channels that it counts, rounded down
  bool is_odd;        // whether their number is
};

struct LayerPlan {
  const bimaco_layer* call;
  Picture in;   // of x
  Picture out;  // of y
  std::int64_t virtual_height, virtual_width;  // of a: those of x, or twice
  std::int64_t doubling;                       // 1 where doubled, else 0: a shift
  std::int64_t padding, taps, groups;
  std::int64_t padded_in, padded_out;  // channels, rounded up to whole tiles
  bool per_tap;
  bool keeps_values;                   // the sparse branch or the mean shortcut reads a

  // Look-ups run tap by tap, group by group; some that look up nothing fill up whole steps.
  std::int64_t depth;      // look-ups of an output channel
  std::int64_t tap_depth;  // from one tap's first to the next one's
  std::int64_t chunk_count;
  const Chunk* chunks;
  const std::uint8_t* weights;  // [padded_out / 2][depth]: nibbles of an even and an odd channel
  const float* down;            // [rank][padded_in]
  const std::int32_t* first_entry;  // [out_channels + 1]: the sparse entries of each channel
  const std::int32_t* entry_in;
  const float* entry_value;

  // Rows of a that a block of output pixels needs are kept in rings: packed, and their values for
  // the side branches, which reach no further than the block itself.
  std::int64_t ring_rows, value_rows;
  std::int64_t phase_pitch;  // columns are split into `stride` phases of this many
  std::int64_t value_pitch;  // of rows of values that are not split

  std::int64_t blocks;       // of each picture
  std::int64_t channel_splits;
  std::int64_t split_channels;  // a multiple of kTileChannels
};

struct NormPlan {
  const bimaco_norm* call;
};

constexpr std::int64_t kFullChannels = 6;  // output channels of a full convolution at a time

struct ConvolutionPlan {
  const bimaco_convolution* call;
  const float* weights;  // [out_channels / kFullChannels][in_channels][9][kFullChannels]
};

struct AttentionPlan {
  const bimaco_attention* call;
};

// The inner loops of one instruction set. Each works on a range of independent units.
struct Kernels {
  std::int64_t block;  // output pixels that are computed together
  // Units: blocks of each picture, for each split of the output channels. False: no memory.
  bool (*layer)(const LayerPlan&, std::int64_t begin, std::int64_t end);
  // Units: groups of each picture.
  bool (*norm)(const NormPlan&, std::int64_t begin, std::int64_t end);
  // Units: rows of each picture. False: no memory.
  bool (*convolution)(const ConvolutionPlan&, std::int64_t begin, std::int64_t end);
  // Units: heads of each window of each picture. False: no memory.
  bool (*attention)(const AttentionPlan&, std::int64_t begin, std::int64_t end);
};

}  // namespace bimaco
