// The inner loops, written once over the small vector types of an instruction set and compiled in
// its own file. Everything here has internal linkage and calls no inline function of the standard
// library, so that no wide code can reach a processor without it.
//
// A binary product by look-up: the signs of four input channels at a pixel are a nibble, and the
// weights of two output channels for it make a byte, which chooses one of 256 tables of 16 entries.
// An entry holds how many of the four signs differ, for the even channel in its low nibble and for
// the odd one in its high nibble. One shuffle looks up all pixels of a vector.

#if defined(_MSC_VER)
#define BIMACO_RESTRICT __restrict
#else
#define BIMACO_RESTRICT __restrict__
#endif

#if defined(__GNUC__) && !defined(__clang__)
// A loop whose body fills the registers: unrolled, it would not fit.
#define BIMACO_KEEP_LOOP _Pragma("GCC unroll 1")
#else
#define BIMACO_KEEP_LOOP
#endif

// A part of the work that a profile shows by itself.
#if defined(BIMACO_PROFILE) && defined(__GNUC__)
#define BIMACO_STAGE __attribute__((noinline))
#else
#define BIMACO_STAGE
#endif

#include <cstring>

#include "scratch.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBlock = kBytes * kVectors;
// Output channels whose counts are kept in the first cache until they are finished.
constexpr std::int64_t kBand = 2 * kTileChannels;
static_assert(kBlock <= kMostBlock);

struct Tables {
  alignas(64) std::uint8_t entry[256][16];

  constexpr Tables() : entry{} {
    for (int weights = 0; weights < 256; ++weights) {
      for (int signs = 0; signs < 16; ++signs) {
        const int differ = weights ^ (signs | signs << 4);
        int count = 0;
        for (int bit = 0; bit < 4; ++bit) {
          count += (differ >> bit & 1) + (differ >> (4 + bit) & 1) * 16;
        }
        entry[weights][signs] = static_cast<std::uint8_t>(count);
      }
    }
  }
};
constexpr Tables kTables;

inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
inline std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

template <class T>
inline void copy(T* BIMACO_RESTRICT target, const T* BIMACO_RESTRICT source, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = source[i];
}
template <class T>
inline void fill(T* target, T value, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = value;
}

// Feature maps are read and written in runs that are a picture apart, which hardware does not
// foresee. Asks for the lines of `count` floats.
inline void prefetch_floats(const float* p, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += 16) prefetch(p + i);
}

// A run of output pixels of one row within a block.
struct Segment {
  std::int64_t at, length;  // within the block
  std::int64_t row, column;
  std::int64_t slot;  // of the ring, with stride 1: where the values of its pixels are
};

// What one thread works with.
struct Worker {
  // Rings of rows of a, one slot a row of x.
  std::uint8_t* signs;     // [ring_rows][groups][stride * phase_pitch]: nibbles, zeros as +1
  std::uint8_t* positive;  // likewise, zeros as -1
  std::uint8_t* has_zero;  // [ring_rows]
  float* scale;            // [ring_rows][stride * phase_pitch]: s
  float* values;           // [value_rows][in_channels][value_pitch]: a
  float* inner;            // [value_rows][rank][value_pitch]: down a

  // One row on its way there.
  float* row_scale;  // [value_pitch]
  float* row_inner;  // [rank][value_pitch]

  // One block.
  Segment* segments;            // [kBlock]
  const std::uint8_t** rows;    // [kBlock][3]: signs of each segment's rows; null outside
  std::uint8_t* nibbles[2];     // [depth][kBlock] and some, zeros as +1 and as -1
  float* tap_scale;             // [taps][kBlock]
  float* valid;                 // [kBlock]: sign products of a pixel
  float* block_inner;           // [rank][kBlock]
  float* means;                 // [in_channels][kBlock]: a, or its 2x2 means, with stride 2
  // A band of output channels of the block.
  std::uint16_t* counts;        // [kBand][kBlock]; bytes where one chunk is all
  float* sums;                  // [kBand][kBlock]: per tap
  float* result;                // [kTileChannels][kBlock]
  float* tile;                  // [kTileChannels][kTile], and as many raw values
  std::int64_t segment_count;
  std::int64_t packed_until;  // the last row in the rings
};

void take_all(Scratch& scratch, const LayerPlan& plan, Worker& w) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  const std::int64_t sign_bytes = plan.ring_rows * plan.groups * row_bytes;
  scratch.take(w.signs, sign_bytes + kTile);
  scratch.take(w.positive, call.zero_is_zero ? sign_bytes + kTile : 0);
  scratch.take(w.has_zero, plan.ring_rows);
  scratch.take(w.scale, plan.ring_rows * row_bytes);
  scratch.take(w.values,
               plan.keeps_values ? plan.value_rows * plan.padded_in * plan.value_pitch : 0);
  scratch.take(w.inner, plan.value_rows * call.rank * plan.value_pitch);
  scratch.take(w.row_scale, plan.value_pitch);
  scratch.take(w.row_inner, plan.doubling ? call.rank * plan.value_pitch : 0);
  scratch.take(w.segments, kBlock);
  scratch.take(w.rows, kBlock * 3);
  scratch.take(w.nibbles[0], plan.depth * kBlock + kTile);
  scratch.take(w.nibbles[1], call.zero_is_zero ? plan.depth * kBlock + kTile : 0);
  scratch.take(w.counts, kBand * kBlock);
  scratch.take(w.sums, plan.per_tap ? kBand * kBlock : 0);
  scratch.take(w.tap_scale, plan.taps * kBlock);
  scratch.take(w.valid, kBlock);
  scratch.take(w.block_inner, call.rank * kBlock);
  scratch.take(w.means, plan.keeps_values && call.stride == 2 ? plan.padded_in * kBlock : 0);
  scratch.take(w.result, kTileChannels * kBlock);
  scratch.take(w.tile, 2 * kTileChannels * kTile);
}

#include "inner_activations.inl"
#include "inner_prologue.inl"
#include "inner_product.inl"
#include "inner_epilogue.inl"

bool run_layer(const LayerPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  Worker w{};
  Scratch scratch(Owner::kWorker);
  take_all(scratch, plan, w);
  if (!scratch.allocate()) return false;
  take_all(scratch, plan, w);
  // Lanes that no pixel fills are read too.
  fill(w.nibbles[0], kOutside, plan.depth * kBlock + kTile);
  if (call.zero_is_zero) fill(w.nibbles[1], kOutside, plan.depth * kBlock + kTile);
  fill(w.block_inner, 0.0f, call.rank * kBlock);
  if (plan.keeps_values && call.stride == 2) fill(w.means, 0.0f, plan.padded_in * kBlock);
  fill(w.tile, 1.0f, 2 * kTileChannels * kTile);  // not 0: zeros are looked for

  const Prepare prepare_tile = preparation(call);
  const std::int64_t units_of_split = call.batch * plan.blocks;
  std::int64_t last_picture = -1;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t picture = unit / plan.blocks;  // of a split
    const std::int64_t image = unit % units_of_split / plan.blocks;
    const std::int64_t split = unit / units_of_split;
    const std::int64_t first = unit % plan.blocks * kBlock;
    const std::int64_t pixels = smaller(kBlock, plan.out.pixels - first);
    const std::int64_t reach = larger(plan.padding, call.stride - 1);
    const std::int64_t top = first / plan.out.width * call.stride - plan.padding;
    const std::int64_t bottom = (first + pixels - 1) / plan.out.width * call.stride + reach;
    if (picture != last_picture) w.packed_until = -1;
    last_picture = picture;
    for (std::int64_t y = larger(larger(top, 0) >> plan.doubling, w.packed_until + 1);
         y <= smaller(bottom, plan.virtual_height - 1) >> plan.doubling; ++y) {
      pack_row(plan, w, prepare_tile, image, y);
      w.packed_until = y;
    }
    const std::int64_t channel = split * plan.split_channels;
    const std::int64_t last = smaller(channel + plan.split_channels, plan.padded_out);
    if (channel >= last) continue;
    const Product product = prepare_product(plan, w, first, pixels);
    for (std::int64_t r = 0; r < call.rank; ++r) {
      fetch(plan, w, w.inner, call.rank, r, w.block_inner + r * kBlock);
    }
    if (plan.keeps_values && call.stride == 2) {
      for (std::int64_t c = 0; c < call.in_channels; ++c) {
        fetch(plan, w, w.values, plan.padded_in, c, w.means + c * kBlock);
      }
    }
    for (std::int64_t band = channel; band < last; band += kBand) {
      const std::int64_t end_of_band = smaller(band + kBand, last);
      multiply_band(plan, w, product, image, first, pixels, band, end_of_band);
      if (call.dots) {
        write_dots(plan, w, product, image, first, pixels, band, end_of_band);
        continue;
      }
      for (std::int64_t tile = band; tile < smaller(end_of_band, call.out_channels);
           tile += kTileChannels) {
        finish_tile(plan, w, product, image, first, pixels, tile, (tile - band) * kBlock);
      }
    }
  }
  return true;
}

#include "inner_norm.inl"
#include "inner_full.inl"
#include "inner_attention.inl"

constexpr Kernels kKernels = {kBlock, run_layer, run_norm, run_convolution, run_attention};

}  // namespace
}  // namespace bimaco
