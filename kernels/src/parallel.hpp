// Runs independent units of work on the threads of whoever uses the library.
#pragma once

#include <cstdint>

namespace bimaco {

// Calls function(plan, begin, end) on ranges that cover [0, units), of at least `grain` units.
// False where one of them returned false.
template <class Plan>
bool for_each_range(std::int64_t units, std::int64_t grain, const Plan& plan,
                    bool (*function)(const Plan&, std::int64_t, std::int64_t));

}  // namespace bimaco
