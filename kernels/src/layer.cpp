// Checks a call, lays out its weights for the inner loops, and shares out its blocks.
#include <cstring>
#include <initializer_list>

#include "bimaco.h"
#include "isa.hpp"
#include "parallel.hpp"
#include "plan.hpp"
#include "scratch.hpp"

namespace bimaco {
namespace {

// No product of sizes below may pass this, which leaves room for offsets in bytes.
constexpr std::int64_t kMostElements = std::int64_t{1} << 46;
constexpr std::int64_t kMostCount = 32767;  // twice it, for zeros, fits the 16 bits of a count
// Sign products that are worth a thread.
constexpr double kGrainProducts = 8e6;

// The product of positive sizes; 0 where one is not positive or the product is too large.
std::int64_t checked_product(std::initializer_list<std::int64_t> sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    if (size <= 0 || product > kMostElements / size) return 0;
    product *= size;
  }
  return product;
}

bool all_or_none(std::initializer_list<const void*> pointers) {
  std::size_t given = 0;
  for (const void* pointer : pointers) given += pointer != nullptr;
  return given == 0 || given == pointers.size();
}

bool is_sane(const bimaco_layer& c) {
  const bool sizes = (c.kernel_size == 1 || c.kernel_size == 3) &&
                     (c.stride == 1 || c.stride == 2) && c.in_channels > 0 &&
                     c.out_channels > 0 &&
                     c.in_channels * c.kernel_size * c.kernel_size <= kMostCount &&
                     checked_product({c.batch, c.in_channels + 7, c.height + 2, c.width + 2, 4}) &&
                     checked_product({c.batch, c.out_channels + 7, c.height, c.width, 4}) &&
                     checked_product({c.out_channels + 7, c.in_channels + 7, kMostTaps});
  const bool outputs = (c.y != nullptr) != (c.dots != nullptr) && (!c.y || (c.alpha && c.bias)) &&
                       !(c.dots && c.per_tap);
  const bool options = c.activation >= BIMACO_NO_ACTIVATION && c.activation <= BIMACO_GELU &&
                       (c.pre_stride == 0 || c.pre_stride == c.in_channels) && c.rank >= 0 &&
                       c.rank <= kMostRank && (c.rank > 0) == (c.down != nullptr) &&
                       c.entries >= 0 && c.entries < (1 << 24) &&
                       (c.entries == 0 || (c.sparse_values && c.sparse_out && c.sparse_in)) &&
                       !(c.doubled && c.stride == 2) &&
                       (!c.mean_shortcut || (c.stride == 2 && c.in_channels == c.out_channels)) &&
                       (c.activation != BIMACO_LEAKY ||
                        (c.negative_slope >= 0 && c.negative_slope <= 1));
  return c.x && c.bits && sizes && outputs && options && all_or_none({c.pre_scale, c.pre_shift}) &&
         all_or_none({c.slope, c.after}) && all_or_none({c.down, c.up});
}

bool indices_fit(const bimaco_layer& c) {
  for (std::int64_t k = 0; k < c.entries; ++k) {
    if (c.sparse_out[k] < 0 || c.sparse_out[k] >= c.out_channels || c.sparse_in[k] < 0 ||
        c.sparse_in[k] >= c.in_channels) {
      return false;
    }
  }
  return true;
}

Picture picture(std::int64_t height, std::int64_t width, std::int64_t channels, bool innermost) {
  const std::int64_t pixels = height * width;
  return {height, width, pixels, innermost ? 1 : pixels, innermost ? channels : 1};
}

// How many rows a block of neighbouring pixels touches at most.
std::int64_t rows_of_block(std::int64_t width, std::int64_t block) {
  if (width % block == 0) return 1;
  if (block % width == 0) return block / width;
  return (block - 2) / width + 2;
}

void cut_into_rows(Picture& picture) {
  picture.width = picture.pixels < kFlatWidth ? picture.pixels : kFlatWidth;
  picture.height = ceil_div(picture.pixels, picture.width);
}

// Chunks of nearly the same length: no chunk is so short that adding it up dominates.
std::int64_t chunks_of(std::int64_t lookups) { return ceil_div(lookups, kMostGroups); }

struct Buffers {
  Chunk* chunks;
  std::uint8_t* weights;
  float* down;
  std::int32_t* first_entry;
  std::int32_t* entry_in;
  float* entry_value;
};

LayerPlan plan_of(const bimaco_layer& call, const Kernels& kernels) {
  LayerPlan plan{};
  plan.call = &call;
  plan.padding = call.kernel_size / 2;
  plan.taps = call.kernel_size * call.kernel_size;
  plan.groups = ceil_div(call.in_channels, kGroup);
  plan.per_tap = call.per_tap && plan.taps > 1;  // of one tap, both scales are the same
  plan.padded_in = round_up(call.in_channels, kTileChannels);
  plan.padded_out = round_up(call.out_channels, kTileChannels);
  plan.keeps_values = call.y && (call.entries > 0 || call.mean_shortcut);
  plan.doubling = call.doubled ? 1 : 0;
  const bool innermost = call.channels_innermost != 0;
  plan.in = picture(call.height, call.width, call.in_channels, innermost);
  plan.out = picture(ceil_div(call.height << plan.doubling, call.stride),
                     ceil_div(call.width << plan.doubling, call.stride), call.out_channels,
                     innermost);
  if (call.kernel_size == 1 && call.stride == 1 && !call.doubled) {
    cut_into_rows(plan.in);
    cut_into_rows(plan.out);
  }
  plan.virtual_height = plan.in.height << plan.doubling;
  plan.virtual_width = plan.in.width << plan.doubling;

  const std::int64_t counted = plan.per_tap ? plan.groups : plan.groups * plan.taps;
  const std::int64_t repeats = plan.per_tap ? plan.taps : 1;
  plan.chunk_count = repeats * chunks_of(counted);
  plan.depth = repeats * round_up(counted, kStep);
  plan.tap_depth = plan.per_tap ? plan.depth / plan.taps : plan.groups;

  // A block's own rows, those that taps reach below, and above.
  const std::int64_t below = call.stride == 2 ? 1 : plan.padding;
  plan.value_rows = (rows_of_block(plan.out.width, kernels.block) - 1) * call.stride + 1 + below;
  plan.ring_rows = plan.value_rows + plan.padding;
  plan.value_pitch = round_up(plan.virtual_width, kTile << plan.doubling) + 2 * kTile;
  plan.phase_pitch = round_up(plan.value_pitch, 64) + 64;
  plan.blocks = ceil_div(plan.out.pixels, kernels.block);

  // Where blocks cannot be shared out evenly, output channels are split as well.
  const std::int64_t units = call.batch * plan.blocks;
  const std::int64_t threads = call.threads > 0 ? call.threads : 1;
  const std::int64_t tiles = plan.padded_out / kTileChannels;
  plan.channel_splits = 1;
  if (ceil_div(units, threads) * threads * 8 > units * 9 && tiles >= 2 * threads) {
    plan.channel_splits = threads;
  }
  plan.split_channels = ceil_div(tiles, plan.channel_splits) * kTileChannels;
  return plan;
}

void take_all(Scratch& scratch, const LayerPlan& plan, Buffers& buffers) {
  scratch.take(buffers.chunks, plan.chunk_count);
  scratch.take(buffers.weights, plan.padded_out / 2 * plan.depth);
  scratch.take(buffers.down, plan.call->rank * plan.padded_in);
  scratch.take(buffers.first_entry, plan.call->out_channels + 1);
  scratch.take(buffers.entry_in, plan.call->entries);
  scratch.take(buffers.entry_value, plan.call->entries);
}

void fill_chunks(const LayerPlan& plan, const Buffers& buffers) {
  const std::int64_t repeats = plan.per_tap ? plan.taps : 1;
  const std::int64_t of_repeat = plan.chunk_count / repeats, depth = plan.depth / repeats;
  const std::int64_t length = round_up(ceil_div(depth, of_repeat), kStep);
  for (std::int64_t c = 0; c < plan.chunk_count; ++c) {
    const std::int64_t start = c % of_repeat * length;
    const std::int64_t count = depth - start < length ? depth - start : length;
    const std::int64_t first = c / of_repeat * depth + start;
    std::int64_t channels = 0;
    for (std::int64_t k = first; k < first + count; ++k) {
      const std::int64_t group = k % plan.tap_depth;
      if (k / plan.tap_depth >= plan.taps || group >= plan.groups) continue;
      const std::int64_t left = plan.call->in_channels - group * kGroup;
      channels += left < kGroup ? left : kGroup;
    }
    buffers.chunks[c] = {static_cast<std::int32_t>(first), static_cast<std::int32_t>(count),
                         static_cast<std::int32_t>(plan.per_tap ? c / of_repeat : 0),
                         static_cast<std::uint8_t>(channels / 2), channels % 2 == 1};
  }
}

// The nibbles of an even and an odd output channel in one byte, look-up by look-up.
void fill_weights(const LayerPlan& plan, const Buffers& buffers) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t bytes = ceil_div(call.in_channels, 8);
  std::memset(buffers.weights, 0, static_cast<std::size_t>(plan.padded_out / 2 * plan.depth));
  for (std::int64_t o = 0; o < call.out_channels; o += 2) {
    const bool has_odd = o + 1 < call.out_channels;
    for (std::int64_t tap = 0; tap < plan.taps; ++tap) {
      const std::uint8_t* even = call.bits + (o * plan.taps + tap) * bytes;
      const std::uint8_t* odd = has_odd ? even + plan.taps * bytes : even;
      std::uint8_t* target = buffers.weights + o / 2 * plan.depth + tap * plan.tap_depth;
      const std::int64_t pairs = plan.groups / 2;
      for (std::int64_t i = 0; i < pairs; ++i) {
        target[2 * i] = static_cast<std::uint8_t>((even[i] & 15) | (odd[i] << 4));
        target[2 * i + 1] = static_cast<std::uint8_t>((even[i] >> 4) | (odd[i] & 0xF0));
      }
      if (plan.groups % 2) {
        target[2 * pairs] = static_cast<std::uint8_t>((even[pairs] & 15) | (odd[pairs] << 4));
      }
    }
  }
}

void fill_down(const LayerPlan& plan, const Buffers& buffers) {
  const bimaco_layer& call = *plan.call;
  for (std::int64_t r = 0; r < call.rank; ++r) {
    float* target = buffers.down + r * plan.padded_in;
    for (std::int64_t c = 0; c < plan.padded_in; ++c) {
      target[c] = c < call.in_channels ? call.down[r * call.in_channels + c] : 0.0f;
    }
  }
}

// Entries by output channel, in their own order within each: a sort by counting.
void sort_entries(const bimaco_layer& call, const Buffers& buffers) {
  std::int32_t* first = buffers.first_entry;
  for (std::int64_t o = 0; o <= call.out_channels; ++o) first[o] = 0;
  for (std::int64_t k = 0; k < call.entries; ++k) ++first[call.sparse_out[k]];
  std::int32_t sum = 0;
  for (std::int64_t o = 0; o <= call.out_channels; ++o) {
    sum += first[o];
    first[o] = sum;
  }
  for (std::int64_t k = call.entries - 1; k >= 0; --k) {
    const std::int32_t place = --first[call.sparse_out[k]];
    buffers.entry_value[place] = call.sparse_values[k];
    buffers.entry_in[place] = call.sparse_in[k];
  }
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_abi_version(void) { return 4; }

int32_t bimaco_binary_layer(const bimaco_layer* call) {
  using namespace bimaco;
  if (!call || !is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const Kernels* kernels = usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  if (!indices_fit(*call)) return BIMACO_BAD_INDEX;

  LayerPlan plan = plan_of(*call, *kernels);
  Buffers buffers{};
  Scratch scratch(Owner::kCall);
  take_all(scratch, plan, buffers);
  if (!scratch.allocate()) return BIMACO_NO_MEMORY;
  take_all(scratch, plan, buffers);
  fill_weights(plan, buffers);
  fill_down(plan, buffers);
  sort_entries(*call, buffers);
  fill_chunks(plan, buffers);
  plan.chunks = buffers.chunks;
  plan.weights = buffers.weights;
  plan.down = buffers.down;
  plan.first_entry = buffers.first_entry;
  plan.entry_in = buffers.entry_in;
  plan.entry_value = buffers.entry_value;

  const double products = static_cast<double>(kernels->block * plan.split_channels) *
                          static_cast<double>(plan.depth * kGroup);
  const auto grain = static_cast<std::int64_t>(kGrainProducts / products) + 1;
  const std::int64_t units = call->batch * plan.blocks * plan.channel_splits;
  return for_each_range(units, grain, plan, kernels->layer) ? BIMACO_OK : BIMACO_NO_MEMORY;
}
