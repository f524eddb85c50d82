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
inline Bytes add_high_nibbles(Bytes sum, Bytes v) {
  return _mm256_add_epi8(sum,
                         _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15)));
}
inline Bytes subtract_from(std::uint8_t value, Bytes v) {
  return _mm256_sub_epi8(_mm256_set1_epi8(static_cast<char>(value)), v);
}
inline Bytes subtract_sixteenfold(Bytes total, Bytes high) {
  const __m256i shifted = _mm256_and_si256(_mm256_slli_epi16(high, 4), _mm256_set1_epi8(-16));
  return _mm256_sub_epi8(total, shifted);
}

#if defined(__GNUC__)
// The innermost loop: `add_look_ups` of inner_product.inl for four vectors. Compilers keep half of
// the sums in memory here, which takes a tenth longer.
inline void add_look_ups(const std::uint8_t* tables, const std::uint8_t* nibbles,
                         const std::uint8_t* weights, std::int64_t count, __m256i (&total)[4],
                         __m256i (&high)[4]) {
  const __m256i low_bits = _mm256_set1_epi8(15);
  __m256i t0, t1, t2, sum, next;
  std::int64_t entry;
#define BIMACO_LOOK_UP(place, number)                    \
  "vpshufb " place "(%[n]), %[t0], %[sum]\n\t"           \
  "vpshufb 128+" place "(%[n]), %[t1], %[next]\n\t"      \
  "vpaddb %[next], %[sum], %[sum]\n\t"                   \
  "vpshufb 256+" place "(%[n]), %[t2], %[next]\n\t"      \
  "vpaddb %[next], %[sum], %[sum]\n\t"                   \
  "vpaddb %[sum], %[total" number "], %[total" number "]\n\t" \
  "vpsrlw $4, %[sum], %[sum]\n\t"                        \
  "vpand %[low_bits], %[sum], %[sum]\n\t"                \
  "vpaddb %[sum], %[high" number "], %[high" number "]\n\t"
#define BIMACO_TABLE(place, name)              \
  "movzbl " place "(%[w]), %k[entry]\n\t"      \
  "shll $4, %k[entry]\n\t"                     \
  "vbroadcasti128 (%[tables], %[entry]), %[" name "]\n\t"
  asm volatile(
      ".p2align 5\n"
      "1:\n\t" BIMACO_TABLE("0", "t0") BIMACO_TABLE("1", "t1") BIMACO_TABLE("2", "t2")
          BIMACO_LOOK_UP("0", "0") BIMACO_LOOK_UP("32", "1") BIMACO_LOOK_UP("64", "2")
              BIMACO_LOOK_UP("96", "3")
      "addq $3, %[w]\n\t"
      "addq $384, %[n]\n\t"
      "subq $3, %[count]\n\t"
      "jg 1b"
      : [n] "+r"(nibbles), [w] "+r"(weights), [count] "+r"(count), [entry] "=&r"(entry),
        [t0] "=&x"(t0), [t1] "=&x"(t1), [t2] "=&x"(t2), [sum] "=&x"(sum), [next] "=&x"(next),
        [total0] "+x"(total[0]), [total1] "+x"(total[1]), [total2] "+x"(total[2]),
        [total3] "+x"(total[3]), [high0] "+x"(high[0]), [high1] "+x"(high[1]),
        [high2] "+x"(high[2]), [high3] "+x"(high[3])
      : [tables] "r"(tables), [low_bits] "x"(low_bits)
      : "memory", "cc");
#undef BIMACO_LOOK_UP
#undef BIMACO_TABLE
}
#endif

template <bool is_first>
inline void add_widened(std::uint16_t* counts, Bytes v) {
  v = _mm256_permute4x64_epi64(v, 0xD8);  // unpacking works on halves of a vector
  __m256i low = _mm256_unpacklo_epi8(v, _mm256_setzero_si256());
  __m256i high = _mm256_unpackhi_epi8(v, _mm256_setzero_si256());
  if constexpr (!is_first) {
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
