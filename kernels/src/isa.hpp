// The instruction sets of this build and which of them the processor has.
#pragma once

#include <cstdint>

#include "plan.hpp"

namespace bimaco {

extern const Kernels portable_kernels;
#if defined(BIMACO_WITH_AVX2)
extern const Kernels avx2_kernels;
#endif
#if defined(BIMACO_WITH_AVX512)
extern const Kernels avx512_kernels;
#endif
#if defined(BIMACO_WITH_NEON)
extern const Kernels neon_kernels;
#endif

// The kernels numbered `isa`; null where there are none or the processor lacks them.
const Kernels* usable_kernels(std::int32_t isa);

}  // namespace bimaco
