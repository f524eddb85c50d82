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
// Work worth a thread: sign products, and values read.
constexpr std::int64_t kGrainProducts = std::int64_t{1} << 23;
constexpr std::int64_t kGrainValues = std::int64_t{1} << 16;

// The product of positive sizes; 0 where one is not positive or the product is too large.
template <class... Sizes>
std::int64_t checked_product(Sizes... sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : {static_cast<std::int64_t>(sizes)...}) {
    if (size <= 0 || product > kMostElements / size) return 0;
    product *= size;
  }
  return product;
}

bool is_sane(const bimaco_convolution& call) {
  return call.x && call.bits && (call.y || call.dots) && (!call.y || (call.alpha && call.bias)) &&
         (call.kernel_size == 1 || call.kernel_size == 3) &&
         (call.stride == 1 || call.stride == 2) &&
         checked_product(call.batch, call.in_channels, call.height + 2, call.width + 2) &&
         checked_product(call.batch, call.out_channels, call.height, call.width) &&
         checked_product(call.out_channels, call.in_channels, 9) &&
         call.in_channels < (std::int64_t{1} << 24) && call.height > 0 && call.width > 0;
}

std::int64_t grain_for(std::int64_t wanted, std::int64_t of_one_unit) {
  const std::int64_t units = wanted / of_one_unit;
  return units > 0 ? units : 1;
}

ConvolutionPlan plan_of(const bimaco_convolution& call, const Kernels& kernels) {
  ConvolutionPlan plan{};
  plan.batch = call.batch;
  plan.in_channels = call.in_channels;
  plan.out_channels = call.out_channels;
  plan.height = call.height;
  plan.width = call.width;
  plan.kernel_size = call.kernel_size;
  plan.stride = call.stride;
  plan.padding = call.kernel_size / 2;
  plan.channels_innermost = call.channels_innermost != 0;
  if (plan.kernel_size == 1 && plan.stride == 1) {
    // Without neighbours a picture is one long row, which fills tiles best.
    plan.width *= plan.height;
    plan.height = 1;
  }
  plan.out_height = ceil_div(plan.height, plan.stride);
  plan.out_width = ceil_div(plan.width, plan.stride);
  plan.words = ceil_div(plan.in_channels, kWordBits);
  plan.depth = plan.words * plan.kernel_size * plan.kernel_size;
  plan.x = call.x;
  plan.bits = call.bits;
  plan.alpha = call.alpha;
  plan.bias = call.bias;
  plan.y = call.y;
  plan.dots = call.dots;
  const std::int64_t padded_height = plan.height + 2 * plan.padding;
  if (plan.channels_innermost) {
    plan.row_words = (plan.width + 2 * plan.padding) * plan.words;
    plan.image_words = padded_height * plan.row_words;
    plan.padded_out_channels =
        ceil_div(plan.out_channels, kernels.tile_lanes) * kernels.tile_lanes;
  } else {
    // The last tile of a row reads whole vectors, shifted by up to two columns.
    plan.phase_words =
        ceil_div(plan.out_width, kernels.tile_lanes) * kernels.tile_lanes + 2 * plan.padding;
    plan.row_words = plan.stride * plan.phase_words;
    plan.plane_words = padded_height * plan.row_words;
    plan.image_words = plan.words * plan.plane_words;
    plan.padded_out_channels =
        ceil_div(plan.out_channels, kernels.tile_broadcasts) * kernels.tile_broadcasts;
  }
  return plan;
}

bool allocate(ConvolutionPlan& plan) {
  const std::int64_t signs = plan.batch * plan.image_words;
  const std::int64_t pixels = plan.batch * plan.out_height * plan.out_width;
  const std::int64_t weights = plan.padded_out_channels * plan.depth;
  const std::int64_t tops = kOutsideSets * plan.padded_out_channels;
  Scratch scratch;
  scratch.reserve<std::uint32_t>(signs);
  scratch.reserve<float>(pixels);
  scratch.reserve<std::uint32_t>(weights);
  scratch.reserve<std::int32_t>(tops);
  scratch.reserve<std::int64_t>(plan.depth);
  scratch.reserve<std::int64_t>(plan.depth);
  if (!scratch.allocate()) return false;
  plan.signs = scratch.take<std::uint32_t>(signs);
  plan.scale = scratch.take<float>(pixels);
  plan.weights = scratch.take<std::uint32_t>(weights);
  plan.at_zero_mismatch = scratch.take<std::int32_t>(tops);
  plan.lane_offset = scratch.take<std::int64_t>(plan.depth);
  plan.broadcast_offset = scratch.take<std::int64_t>(plan.depth);
  return true;
}

void fill_offsets(const ConvolutionPlan& plan) {
  for (std::int64_t k = 0; k < plan.depth; ++k) {
    const std::int64_t tap = k / plan.words, w = k % plan.words;
    const std::int64_t dy = tap / plan.kernel_size, dx = tap % plan.kernel_size;
    if (plan.channels_innermost) {
      plan.lane_offset[k] = k * plan.padded_out_channels;
      plan.broadcast_offset[k] = dy * plan.row_words + dx * plan.words + w;
    } else {
      plan.lane_offset[k] = w * plan.plane_words + dy * plan.row_words +
                            dx % plan.stride * plan.phase_words + dx / plan.stride;
      plan.broadcast_offset[k] = k;
    }
  }
}

void run(const ConvolutionPlan& plan, const Kernels& kernels) {
  fill_offsets(plan);
  std::memset(plan.signs, 0,
              static_cast<std::size_t>(plan.batch * plan.image_words) * sizeof *plan.signs);
  for_each_range(plan.padded_out_channels, grain_for(kGrainValues, plan.depth), plan,
                 kernels.pack_weights);
  for_each_range(plan.batch * ceil_div(plan.height * plan.width, kPackBlock),
                 grain_for(kGrainValues, kPackBlock * plan.in_channels), plan,
                 kernels.pack_pixels);
  const std::int64_t products = plan.padded_out_channels * plan.depth * kWordBits;
  if (plan.channels_innermost) {
    for_each_range(
        ceil_div(plan.batch * plan.out_height * plan.out_width, kernels.tile_broadcasts),
        grain_for(kGrainProducts, products * kernels.tile_broadcasts), plan, kernels.convolve);
  } else {
    for_each_range(
        plan.batch * plan.out_height * ceil_div(plan.out_width, kernels.tile_lanes),
        grain_for(kGrainProducts, products * kernels.tile_lanes), plan, kernels.convolve);
  }
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_abi_version(void) { return 1; }

int32_t bimaco_binary_convolution(const bimaco_convolution* call) {
  if (!call || !bimaco::is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const bimaco::Kernels* kernels = bimaco::usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  bimaco::ConvolutionPlan plan = bimaco::plan_of(*call, *kernels);
  if (!bimaco::allocate(plan)) return BIMACO_NO_MEMORY;
  bimaco::run(plan, *kernels);
  return BIMACO_OK;
}
