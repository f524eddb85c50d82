#include "bimaco.h"
#include "isa.hpp"
#include "parallel.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 46;
constexpr std::int64_t kGrainValues = std::int64_t{1} << 16;

bool is_sane(const bimaco_norm& c) {
  return c.x && c.weight && c.bias && c.scale && c.shift && c.batch > 0 && c.channels > 0 &&
         c.pixels > 0 && c.groups > 0 && c.channels % c.groups == 0 && c.eps >= 0 &&
         c.channels <= kMostElements / c.batch &&
         c.pixels <= kMostElements / (c.batch * c.channels);
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_group_norm_affine(const bimaco_norm* call) {
  using namespace bimaco;
  if (!call || !is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const Kernels* kernels = usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  const NormPlan plan{call};
  const std::int64_t values = call->channels / call->groups * call->pixels;
  for_each_range(call->batch * call->groups, kGrainValues / values + 1, plan, kernels->norm);
  return BIMACO_OK;
}
