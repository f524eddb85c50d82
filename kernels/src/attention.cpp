#include "bimaco.h"
#include "isa.hpp"
#include "parallel.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 46;
constexpr std::int64_t kGrainProducts = std::int64_t{1} << 20;

bool is_sane(const bimaco_attention& c) {
  return c.qkv && c.bias && c.y && c.batch > 0 && c.heads > 0 && c.heads < (1 << 16) &&
         c.depth > 0 && c.depth <= 256 && c.window > 0 && c.window <= 16 && c.height > 0 &&
         c.width > 0 && c.height % c.window == 0 && c.width % c.window == 0 && c.shift >= 0 &&
         c.shift < c.window && c.width <= kMostElements / c.height &&
         c.batch <= kMostElements / (3 * c.heads * c.depth) / (c.height * c.width) &&
         c.apart - c.apart == 0;
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_window_attention(const bimaco_attention* call) {
  using namespace bimaco;
  if (!call || !is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const Kernels* kernels = usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  const AttentionPlan plan{call};
  const std::int64_t pixels = call->window * call->window;
  const std::int64_t units = call->batch * call->heads * (call->height * call->width / pixels);
  const std::int64_t grain = kGrainProducts / (2 * pixels * pixels * call->depth) + 1;
  return for_each_range(units, grain, plan, kernels->attention) ? BIMACO_OK : BIMACO_NO_MEMORY;
}
