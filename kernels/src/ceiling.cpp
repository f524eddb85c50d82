// A loop of table look-ups and nothing else: what no kernel that multiplies by look-up can pass.
//
// One look-up of a nibble of signs in a table for two output channels stands for 4 x 2 products a
// byte, and each result must be added once. Tables, signs and sums stay in registers and the first
// cache, nothing is packed, widened or scaled.
#include <atomic>
#include <cstring>

#include "bimaco.h"

#if defined(BIMACO_WITH_AVX2) || defined(BIMACO_WITH_AVX512)
#include <immintrin.h>
#endif
#if defined(__aarch64__) || defined(_M_ARM64)
#include <arm_neon.h>
#endif

// This file is compiled for any processor of its kind; only the functions below need more. Where
// AVX-512 is emulated, all of it is compiled for AVX2.
#if defined(__GNUC__) && !defined(BIMACO_EMULATES_AVX512)
#define BIMACO_TARGET(features) __attribute__((target(features)))
#else
#define BIMACO_TARGET(features)
#endif

namespace bimaco {
namespace {

constexpr int kTables = 64;
constexpr int kVectors = 6;
constexpr int kProductsOfByte = 8;

struct Data {
  alignas(64) std::uint8_t tables[kTables][16];
  alignas(64) std::uint8_t signs[kVectors][64];
};

[[maybe_unused]] Data make_data() {
  Data data;
  std::uint32_t state = 1;
  const auto next = [&state] { return (state = state * 1664525u + 1013904223u) >> 28; };
  for (auto& table : data.tables) {
    for (auto& entry : table) entry = static_cast<std::uint8_t>(next());
  }
  for (auto& vector : data.signs) {
    for (auto& nibble : vector) nibble = static_cast<std::uint8_t>(next());
  }
  return data;
}

// Whatever is stored here cannot be optimized away.
std::atomic<std::uint64_t> the_sink{0};

[[maybe_unused]] void keep(std::uint64_t value) { the_sink.store(value, std::memory_order_relaxed); }

#if defined(BIMACO_WITH_AVX2)
BIMACO_TARGET("avx2") std::int64_t avx2_loop(std::int64_t steps) {
  const Data data = make_data();
  __m256i signs[kVectors], sums[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    signs[v] = _mm256_load_si256(reinterpret_cast<const __m256i*>(data.signs[v]));
    sums[v] = _mm256_setzero_si256();
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    for (const auto& entries : data.tables) {
      const __m256i table = _mm256_broadcastsi128_si256(
          _mm_load_si128(reinterpret_cast<const __m128i*>(entries)));
      for (int v = 0; v < kVectors; ++v) {
        sums[v] = _mm256_add_epi8(sums[v], _mm256_shuffle_epi8(table, signs[v]));
      }
    }
  }
  alignas(32) std::uint64_t words[4];
  for (int v = 1; v < kVectors; ++v) sums[0] = _mm256_xor_si256(sums[0], sums[v]);
  _mm256_store_si256(reinterpret_cast<__m256i*>(words), sums[0]);
  keep(words[0] ^ words[1] ^ words[2] ^ words[3]);
  return steps * kTables * kVectors * 32 * kProductsOfByte;
}
#endif

#if defined(BIMACO_WITH_AVX512)
BIMACO_TARGET("avx512f,avx512bw") std::int64_t avx512_loop(std::int64_t steps) {
  const Data data = make_data();
  __m512i signs[kVectors], sums[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    signs[v] = _mm512_load_si512(data.signs[v]);
    sums[v] = _mm512_setzero_si512();
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    for (const auto& entries : data.tables) {
      const __m512i table = _mm512_broadcast_i32x4(
          _mm_load_si128(reinterpret_cast<const __m128i*>(entries)));
      for (int v = 0; v < kVectors; ++v) {
        sums[v] = _mm512_add_epi8(sums[v], _mm512_shuffle_epi8(table, signs[v]));
      }
    }
  }
  alignas(64) std::uint64_t words[8];
  for (int v = 1; v < kVectors; ++v) sums[0] = _mm512_xor_si512(sums[0], sums[v]);
  _mm512_store_si512(words, sums[0]);
  keep(words[0] ^ words[1] ^ words[2] ^ words[3] ^ words[4] ^ words[5] ^ words[6] ^ words[7]);
  return steps * kTables * kVectors * 64 * kProductsOfByte;
}
#endif

#if defined(__aarch64__) || defined(_M_ARM64)
std::int64_t neon_loop(std::int64_t steps) {
  const Data data = make_data();
  uint8x16_t signs[kVectors], sums[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    signs[v] = vld1q_u8(data.signs[v]);
    sums[v] = vdupq_n_u8(0);
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    for (const auto& entries : data.tables) {
      const uint8x16_t table = vld1q_u8(entries);
      for (int v = 0; v < kVectors; ++v) {
        sums[v] = vaddq_u8(sums[v], vqtbl1q_u8(table, signs[v]));
      }
    }
  }
  for (int v = 1; v < kVectors; ++v) sums[0] = veorq_u8(sums[0], sums[v]);
  const uint64x2_t words = vreinterpretq_u64_u8(sums[0]);
  keep(vgetq_lane_u64(words, 0) ^ vgetq_lane_u64(words, 1));
  return steps * kTables * kVectors * 16 * kProductsOfByte;
}
#endif

}  // namespace
}  // namespace bimaco

int64_t bimaco_ceiling(int32_t isa, int64_t steps) {
  if (!bimaco_isa_usable(isa)) return 0;
  const char* name = bimaco_isa_name(isa);
#if defined(BIMACO_WITH_AVX2)
  if (!std::strcmp(name, "avx2")) return bimaco::avx2_loop(steps);
#endif
#if defined(BIMACO_WITH_AVX512)
  if (!std::strncmp(name, "avx512", 6)) return bimaco::avx512_loop(steps);
#endif
#if defined(__aarch64__) || defined(_M_ARM64)
  if (!std::strcmp(name, "neon")) return bimaco::neon_loop(steps);
#endif
  (void)name;
  (void)steps;
  return 0;
}
