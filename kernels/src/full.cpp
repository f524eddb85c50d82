// Full convolutions: checks a call and lays out its weights.
#include "bimaco.h"
#include "isa.hpp"
#include "parallel.hpp"
#include "plan.hpp"
#include "scratch.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 44;
constexpr std::int64_t kMostChannels = std::int64_t{1} << 16;
constexpr std::int64_t kGrainProducts = std::int64_t{1} << 20;

bool fits(std::int64_t batch, std::int64_t channels, std::int64_t height, std::int64_t width) {
  return channels > 0 && channels <= kMostChannels && batch <= kMostElements / channels &&
         height <= kMostElements / (batch * channels) &&
         width <= kMostElements / (batch * channels * height);
}

bool is_sane(const bimaco_convolution& c) {
  return c.x && c.weight && c.bias && c.y && (c.pre_scale != nullptr) == (c.pre_shift != nullptr) &&
         c.batch > 0 && c.height > 0 && c.width > 0 && c.negative_slope >= 0 &&
         c.negative_slope <= 1 && fits(c.batch, c.in_channels, c.height, c.width) &&
         fits(c.batch, c.out_channels, c.height, c.width);
}

void fill_weights(const bimaco_convolution& call, std::int64_t padded_out, float* weights) {
  for (std::int64_t o = 0; o < padded_out; ++o) {
    float* target = weights + o / kFullChannels * kFullChannels * call.in_channels * 9;
    for (std::int64_t k = 0; k < call.in_channels * 9; ++k) {
      target[k * kFullChannels + o % kFullChannels] =
          o < call.out_channels ? call.weight[o * call.in_channels * 9 + k] : 0.0f;
    }
  }
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_full_convolution(const bimaco_convolution* call) {
  using namespace bimaco;
  if (!call || !is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const Kernels* kernels = usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  const std::int64_t padded_out = round_up(call->out_channels, kFullChannels);
  float* weights = nullptr;
  Scratch scratch(Owner::kCall);
  scratch.take(weights, padded_out * call->in_channels * 9);
  if (!scratch.allocate()) return BIMACO_NO_MEMORY;
  scratch.take(weights, padded_out * call->in_channels * 9);
  fill_weights(*call, padded_out, weights);
  const ConvolutionPlan plan{call, weights};
  const std::int64_t row = padded_out * call->in_channels * 9 * call->width;
  const bool done = for_each_range(call->batch * call->height, kGrainProducts / row + 1, plan,
                                   kernels->convolution);
  return done ? BIMACO_OK : BIMACO_NO_MEMORY;
}
