#include "parallel.hpp"

#include <atomic>

#include "bimaco.h"
#include "plan.hpp"

namespace bimaco {
namespace {

std::atomic<bimaco_parallel_for> the_parallel_for{nullptr};

template <class Plan>
struct Work {
  const Plan* plan;
  bool (*function)(const Plan&, std::int64_t, std::int64_t);
  std::atomic<bool> done{true};
};

template <class Plan>
void run_range(std::int64_t begin, std::int64_t end, void* context) {
  auto* work = static_cast<Work<Plan>*>(context);
  if (!work->function(*work->plan, begin, end)) work->done.store(false);
}

}  // namespace

template <class Plan>
bool for_each_range(std::int64_t units, std::int64_t grain, const Plan& plan,
                    bool (*function)(const Plan&, std::int64_t, std::int64_t)) {
  const bimaco_parallel_for parallel_for = the_parallel_for.load(std::memory_order_acquire);
  if (parallel_for && units > grain) {
    Work<Plan> work{&plan, function};
    if (parallel_for(0, units, grain, run_range<Plan>, &work) == 0) return work.done.load();
  }
  // Units only write their own results, so those that a failed attempt ran may run again.
  return function(plan, 0, units);
}

template bool for_each_range(std::int64_t, std::int64_t, const LayerPlan&,
                             bool (*)(const LayerPlan&, std::int64_t, std::int64_t));
template bool for_each_range(std::int64_t, std::int64_t, const NormPlan&,
                             bool (*)(const NormPlan&, std::int64_t, std::int64_t));
template bool for_each_range(std::int64_t, std::int64_t, const ConvolutionPlan&,
                             bool (*)(const ConvolutionPlan&, std::int64_t, std::int64_t));
template bool for_each_range(std::int64_t, std::int64_t, const AttentionPlan&,
                             bool (*)(const AttentionPlan&, std::int64_t, std::int64_t));

}  // namespace bimaco

void bimaco_set_parallel_for(bimaco_parallel_for parallel_for) {
  bimaco::the_parallel_for.store(parallel_for, std::memory_order_release);
}
