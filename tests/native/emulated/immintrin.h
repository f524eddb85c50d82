// Found instead of the compiler's header where AVX-512 is emulated: SIMDe computes its intrinsics
// with what the processor has.
#pragma once

#include_next <immintrin.h>

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

// The one intrinsic of the kernels that SIMDe 0.7.4 lacks.
inline __m512i emulated_cvtepu8_epi16(__m256i bytes) {
  simde__m512i_private words;
  words.m256i[0] = _mm256_cvtepu8_epi16(_mm256_castsi256_si128(bytes));
  words.m256i[1] = _mm256_cvtepu8_epi16(_mm256_extracti128_si256(bytes, 1));
  return simde__m512i_from_private(words);
}
#define _mm512_cvtepu8_epi16 emulated_cvtepu8_epi16
