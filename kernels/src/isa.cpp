#include "isa.hpp"

#if defined(_MSC_VER)
#include <immintrin.h>
#include <intrin.h>
#endif

#include "bimaco.h"

namespace bimaco {
namespace {

#if defined(BIMACO_WITH_AVX2) || defined(BIMACO_WITH_AVX512)
#if defined(_MSC_VER)
struct Features {
  int ecx1 = 0, ebx7 = 0;
  unsigned long long saved_state = 0;

  Features() {
    int registers[4];
    __cpuid(registers, 0);
    const int leaves = registers[0];
    __cpuid(registers, 1);
    ecx1 = registers[2];
    const bool os_saves_wide_registers = (registers[2] >> 27) & 1;
    if (leaves < 7 || !os_saves_wide_registers) return;
    saved_state = _xgetbv(0);
    __cpuidex(registers, 7, 0);
    ebx7 = registers[1];
  }
};

bool has_avx2() {
  const Features features;
  return (features.saved_state & 0x06) == 0x06 && ((features.ebx7 >> 5) & 1) &&
         ((features.ecx1 >> 12) & 1);
}

[[maybe_unused]] bool has_avx512() {
  const Features features;
  const auto has = [](int word, int bit) { return (word >> bit) & 1; };
  return (features.saved_state & 0xE6) == 0xE6 && has(features.ebx7, 16) &&
         has(features.ebx7, 17) && has(features.ebx7, 30) && has(features.ebx7, 31) &&
         has(features.ecx1, 12);
}
#else
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

[[maybe_unused]] bool has_avx512() {
#if defined(BIMACO_EMULATES_AVX512)
  if (has_avx2()) return true;
#endif
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("fma");
}
#endif
#endif

struct Isa {
  const char* name;
  const Kernels* kernels;
  bool (*usable)();
};

bool always() { return true; }

const Isa kIsas[] = {
    {"portable", &portable_kernels, always},
#if defined(BIMACO_WITH_AVX2)
    {"avx2", &avx2_kernels, has_avx2},
#endif
#if defined(BIMACO_WITH_AVX512)
    {"avx512", &avx512_kernels, has_avx512},
#endif
#if defined(BIMACO_WITH_NEON)
    {"neon", &neon_kernels, always},
#endif
};

constexpr std::int32_t kIsaCount = sizeof kIsas / sizeof kIsas[0];

}  // namespace

const Kernels* usable_kernels(std::int32_t isa) {
  if (isa < 0 || isa >= kIsaCount || !kIsas[isa].usable()) return nullptr;
  return kIsas[isa].kernels;
}

}  // namespace bimaco

int32_t bimaco_isa_count(void) { return bimaco::kIsaCount; }

const char* bimaco_isa_name(int32_t isa) {
  return isa >= 0 && isa < bimaco::kIsaCount ? bimaco::kIsas[isa].name : nullptr;
}

int32_t bimaco_isa_usable(int32_t isa) { return bimaco::usable_kernels(isa) != nullptr; }
