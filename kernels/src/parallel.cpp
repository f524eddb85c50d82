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
  void (*function)(const Plan&, std::int64_t, std::int64_t);
};

template <class Plan>
void run_range(std::int64_t begin, std::int64_t end, void* context) {
  const auto* work = static_cast<const Work<Plan>*>(context);
  work->function(*work->plan, begin, end);
}

}  // namespace

template <class Plan>
void for_each_range(std::int64_t units, std::int64_t grain, const Plan& plan,
                    void (*function)(const Plan&, std::int64_t, std::int64_t)) {
  const bimaco_parallel_for parallel_for = the_parallel_for.load(std::memory_order_acquire);
  Work<Plan> work{&plan, function};
  if (parallel_for && units > grain &&
      parallel_for(0, units, grain, run_range<Plan>, &work) == 0) {
    return;
  }
  // Units only write their own results, so those that a failed attempt ran may run again.
  function(plan, 0, units);
}

template void for_each_range(std::int64_t, std::int64_t, const ConvolutionPlan&,
                             void (*)(const ConvolutionPlan&, std::int64_t, std::int64_t));
template void for_each_range(std::int64_t, std::int64_t, const SparsePlan&,
                             void (*)(const SparsePlan&, std::int64_t, std::int64_t));

}  // namespace bimaco

void bimaco_set_parallel_for(bimaco_parallel_for parallel_for) {
  bimaco::the_parallel_for.store(parallel_for, std::memory_order_release);
}
