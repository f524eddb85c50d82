// The inner loops with AVX2: ones are counted by a table of nibbles, in bytes.
#include <immintrin.h>
#include <math.h>

#include <cstdint>

#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

struct Vector {
  static constexpr int kLanes = 8;
  static constexpr int kVectors = 2;
  static constexpr int kBroadcasts = 4;
  static constexpr int kChunk = 31;  // 31 steps of at most 8 fit a byte

  using Words = __m256i;
  using Counter = __m256i;

  static Words load(const std::uint32_t* source) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source));
  }
  static Words broadcast(std::uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
  static Counter zero() { return _mm256_setzero_si256(); }

  static Counter add_mismatches(Counter counter, Words a, Words b) {
    const __m256i ones = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                          0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low_nibbles = _mm256_set1_epi8(15);
    const __m256i v = _mm256_xor_si256(a, b);
    const __m256i low = _mm256_and_si256(v, low_nibbles);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4), low_nibbles);
    return _mm256_add_epi8(counter, _mm256_add_epi8(_mm256_shuffle_epi8(ones, low),
                                                    _mm256_shuffle_epi8(ones, high)));
  }

  static void store_counts(std::uint32_t* counts, Counter counter, bool add) {
    const __m256i halves = _mm256_maddubs_epi16(counter, _mm256_set1_epi8(1));
    __m256i sums = _mm256_madd_epi16(halves, _mm256_set1_epi16(1));
    __m256i* target = reinterpret_cast<__m256i*>(counts);
    if (add) sums = _mm256_add_epi32(sums, _mm256_loadu_si256(target));
    _mm256_storeu_si256(target, sums);
  }
};

inline std::uint32_t signs_of_word(const float* x) {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) {
    const __m256 positive =
        _mm256_cmp_ps(_mm256_loadu_ps(x + 8 * i), _mm256_setzero_ps(), _CMP_GE_OQ);
    word |= static_cast<std::uint32_t>(_mm256_movemask_ps(positive)) << (8 * i);
  }
  return word;
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels avx2_kernels = kKernels;
}
