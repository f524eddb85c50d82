// The inner loops with AVX-512: VPOPCNTDQ counts the ones of sixteen words at once.
#include <immintrin.h>
#include <math.h>

#include <cstdint>

#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

struct Vector {
  static constexpr int kLanes = 16;
  static constexpr int kVectors = 2;
  static constexpr int kBroadcasts = 8;
  static constexpr std::int64_t kChunk = std::int64_t{1} << 26;  // steps of at most 32

  using Words = __m512i;
  using Counter = __m512i;

  static Words load(const std::uint32_t* source) { return _mm512_loadu_si512(source); }
  static Words broadcast(std::uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
  static Counter zero() { return _mm512_setzero_si512(); }

  static Counter add_mismatches(Counter counter, Words a, Words b) {
    return _mm512_add_epi32(counter, _mm512_popcnt_epi32(_mm512_xor_si512(a, b)));
  }

  static void store_counts(std::uint32_t* counts, Counter counter, bool add) {
    if (add) counter = _mm512_add_epi32(counter, _mm512_loadu_si512(counts));
    _mm512_storeu_si512(counts, counter);
  }
};

inline std::uint32_t signs_of_word(const float* x) {
  const __m512 zero = _mm512_setzero_ps();
  const std::uint32_t low = _mm512_cmp_ps_mask(_mm512_loadu_ps(x), zero, _CMP_GE_OQ);
  const std::uint32_t high = _mm512_cmp_ps_mask(_mm512_loadu_ps(x + 16), zero, _CMP_GE_OQ);
  return low | high << 16;
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels avx512_kernels = kKernels;
}
