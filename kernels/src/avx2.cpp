// The vector types of AVX2.
#include <immintrin.h>

#include <cstdint>

#include "avx2_floats.hpp"
#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBytes = 32;
constexpr std::int64_t kVectors = 4;
using Bytes = __m256i;
using Table = __m256i;

inline __m256i load_bytes(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
inline void store_bytes(void* p, __m256i v) { _mm256_storeu_si256(static_cast<__m256i*>(p), v); }
inline void store(std::uint8_t* p, Bytes v) { store_bytes(p, v); }
inline Bytes zero_bytes() { return _mm256_setzero_si256(); }
inline Bytes add(Bytes a, Bytes b) { return _mm256_add_epi8(a, b); }
inline Table table(const std::uint8_t* entries, std::uint8_t) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(entries)));
}
inline Bytes look_up(Table table, const std::uint8_t* nibbles) {
  return _mm256_shuffle_epi8(table, load_bytes(nibbles));
}
inline Bytes add_high_nibbles(Bytes sum, Bytes a, Bytes b) {
  const __m256i high = _mm256_set1_epi8(-16);
  // The mean of two multiples of 16 is a multiple of 8: shifting it takes no bit from a neighbour.
  const __m256i mean = _mm256_avg_epu8(_mm256_and_si256(a, high), _mm256_and_si256(b, high));
  return _mm256_add_epi8(sum, _mm256_srli_epi16(mean, 3));
}
inline Bytes subtract_from(std::uint8_t value, Bytes v) {
  return _mm256_sub_epi8(_mm256_set1_epi8(static_cast<char>(value)), v);
}
inline Bytes subtract_sixteenfold(Bytes total, Bytes high) {
  const __m256i shifted = _mm256_and_si256(_mm256_slli_epi16(high, 4), _mm256_set1_epi8(-16));
  return _mm256_sub_epi8(total, shifted);
}

// Counts as words are kept as unpacking leaves them: bytes 0-7, 16-23, 8-15, 24-31.
inline std::int64_t place_of_word(std::int64_t i) {
  const std::int64_t piece = i & 24;
  return (i & ~std::int64_t{24}) | (piece == 8 ? 16 : piece == 16 ? 8 : piece);
}
inline void add_widened(std::uint16_t* counts, Bytes v, bool is_first) {
  __m256i low = _mm256_unpacklo_epi8(v, _mm256_setzero_si256());
  __m256i high = _mm256_unpackhi_epi8(v, _mm256_setzero_si256());
  if (!is_first) {
    low = _mm256_add_epi16(low, load_bytes(counts));
    high = _mm256_add_epi16(high, load_bytes(counts + 16));
  }
  store_bytes(counts, low);
  store_bytes(counts + 16, high);
}

// 0 or -1 in each of 32 bytes: which of a row's values are at least 0, or above it.
template <bool above>
inline __m256i signs(const float* row) {
  __m256i mask[4];
  for (int i = 0; i < 4; ++i) {
    mask[i] = _mm256_castps_si256(_mm256_cmp_ps(_mm256_loadu_ps(row + 8 * i), _mm256_setzero_ps(),
                                                above ? _CMP_GT_OQ : _CMP_GE_OQ));
  }
  return _mm256_packs_epi16(_mm256_packs_epi32(mask[0], mask[1]),
                            _mm256_packs_epi32(mask[2], mask[3]));
}

// The signs of four rows of kTile values; bits that are not `there` are 0.
template <bool above>
inline void pack_nibbles(const float* rows, std::int64_t pitch, int there, std::uint8_t* nibbles) {
  __m256i all = _mm256_and_si256(signs<above>(rows), _mm256_set1_epi8(1));
  for (int c = 1; c < 4; ++c) {
    const __m256i bit = _mm256_set1_epi8(static_cast<char>(1 << c));
    all = _mm256_or_si256(all, _mm256_and_si256(signs<above>(rows + c * pitch), bit));
  }
  all = _mm256_and_si256(all, _mm256_set1_epi8(static_cast<char>(there)));
  // Packing works on halves of a vector; put its pieces of four bytes in order.
  all = _mm256_permutevar8x32_epi32(all, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  store_bytes(nibbles, all);
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels avx2_kernels = kKernels;
}
