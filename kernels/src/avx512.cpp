// The vector types of AVX-512: bytes in 64 lanes, floats in the eight of AVX2.
#include <immintrin.h>

#include <cstdint>

#include "avx2_floats.hpp"
#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBytes = 64;
constexpr std::int64_t kVectors = 4;
using Bytes = __m512i;
using Table = __m512i;

inline void store(std::uint8_t* p, Bytes v) { _mm512_storeu_si512(p, v); }
inline Bytes zero_bytes() { return _mm512_setzero_si512(); }
inline Bytes add(Bytes a, Bytes b) { return _mm512_add_epi8(a, b); }
inline Table table(const std::uint8_t* entries, std::uint8_t) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(entries)));
}
inline Bytes look_up(Table table, const std::uint8_t* nibbles) {
  return _mm512_shuffle_epi8(table, _mm512_loadu_si512(nibbles));
}
inline Bytes add_high_nibbles(Bytes sum, Bytes v) {
  return _mm512_add_epi8(sum,
                         _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15)));
}
inline Bytes subtract_from(std::uint8_t value, Bytes v) {
  return _mm512_sub_epi8(_mm512_set1_epi8(static_cast<char>(value)), v);
}
inline Bytes subtract_sixteenfold(Bytes total, Bytes high) {
  const __m512i shifted = _mm512_and_si512(_mm512_slli_epi16(high, 4), _mm512_set1_epi8(-16));
  return _mm512_sub_epi8(total, shifted);
}

template <bool is_first>
inline void add_widened(std::uint16_t* counts, Bytes v) {
  __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(v));
  __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(v, 1));
  if constexpr (!is_first) {
    low = _mm512_add_epi16(low, _mm512_loadu_si512(counts));
    high = _mm512_add_epi16(high, _mm512_loadu_si512(counts + 32));
  }
  _mm512_storeu_si512(counts, low);
  _mm512_storeu_si512(counts + 32, high);
}

// A bit for each of kTile values of a row: whether it is at least 0, or above it.
template <bool above>
inline __mmask32 signs(const float* row) {
  constexpr int kRelation = above ? _CMP_GT_OQ : _CMP_GE_OQ;
  const __m512 zero = _mm512_setzero_ps();
  const __mmask16 low = _mm512_cmp_ps_mask(_mm512_loadu_ps(row), zero, kRelation);
  const __mmask16 high = _mm512_cmp_ps_mask(_mm512_loadu_ps(row + 16), zero, kRelation);
  return static_cast<__mmask32>(low) | static_cast<__mmask32>(high) << 16;
}

// The signs of four rows of kTile values; bits that are not `there` are 0.
template <bool above>
inline void pack_nibbles(const float* rows, std::int64_t pitch, int there, std::uint8_t* nibbles) {
  __m256i all = _mm256_setzero_si256();
  for (int c = 0; c < 4; ++c) {
    const auto bit = static_cast<char>(1 << c & there);
    all = _mm256_or_si256(
        all, _mm256_maskz_mov_epi8(signs<above>(rows + c * pitch), _mm256_set1_epi8(bit)));
  }
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(nibbles), all);
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels avx512_kernels = kKernels;
}
