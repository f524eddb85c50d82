// What one call computes and where its data lie: filled once, read by every inner loop.
#pragma once

#include <cstdint>

namespace bimaco {

constexpr std::int64_t kWordBits = 32;

// Taps outside the picture, as seen from an output pixel: a set of these bits.
enum Outside : std::int32_t { kTop = 1, kBottom = 2, kLeft = 4, kRight = 8, kOutsideSets = 16 };

// A binary convolution as a matrix product of sign words. One side is held in vector lanes (the
// pixels of a row, or output channels where channels are innermost), the other is broadcast. Both
// are addressed by `depth` offsets, one for each word of each tap.
struct ConvolutionPlan {
  std::int64_t batch, in_channels, out_channels;
  std::int64_t height, width, out_height, out_width;
  std::int64_t kernel_size, stride, padding;
  std::int64_t words;  // per tap
  std::int64_t depth;  // words of all taps
  bool channels_innermost;

  const float* x;
  const std::uint8_t* bits;
  const float* alpha;
  const float* bias;
  float* y;
  std::int32_t* dots;

  // Signs of x, with zeros around each picture. Channels outermost: [batch][words][padded row]
  // [phase][column], where padded column c is in phase c % stride at c / stride. Channels
  // innermost: [batch][padded row][padded column][words].
  std::uint32_t* signs;
  std::int64_t image_words, row_words, plane_words, phase_words;
  float* scale;  // mean of |x|, [batch, out_height, out_width]

  // Signs of the weights. Channels outermost: [padded out channel][depth]; innermost:
  // [depth][padded out channel].
  std::uint32_t* weights;
  std::int64_t padded_out_channels;
  std::int32_t* at_zero_mismatch;  // D where no sign differs, [kOutsideSets][padded out channel]
  std::int64_t* lane_offset;       // [depth]
  std::int64_t* broadcast_offset;  // [depth]
};

struct SparsePlan {
  std::int64_t batch, in_channels, out_channels, pixels;
  const float* x;
  float* y;
  const std::int64_t* first;  // entries of channel o are first[o] .. first[o + 1] - 1
  const float* values;
  const std::int32_t* in_index;
};

// The inner loops of one instruction set. Each works on a range of independent units.
struct Kernels {
  std::int64_t tile_lanes;       // lanes of a tile; a multiple of the vector length
  std::int64_t tile_broadcasts;  // broadcast operands of a tile
  // Units: output channels.
  void (*pack_weights)(const ConvolutionPlan&, std::int64_t begin, std::int64_t end);
  // Units: blocks of kPackBlock input pixels of one picture.
  void (*pack_pixels)(const ConvolutionPlan&, std::int64_t begin, std::int64_t end);
  // Units: tiles of pixels.
  void (*convolve)(const ConvolutionPlan&, std::int64_t begin, std::int64_t end);
  // Units: blocks of kSparseBlock pixels of one picture.
  void (*sparse_outermost)(const SparsePlan&, std::int64_t begin, std::int64_t end);
  void (*sparse_innermost)(const SparsePlan&, std::int64_t begin, std::int64_t end);
};

constexpr std::int64_t kPackBlock = 512;
constexpr std::int64_t kSparseBlock = 512;

static constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace bimaco
