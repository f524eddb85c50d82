// The vector types of NEON, which every 64-bit ARM processor has.
#include <arm_neon.h>
#include <math.h>

#include <cstdint>

#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBytes = 16;
constexpr std::int64_t kVectors = 4;
using Bytes = uint8x16_t;
using Table = uint8x16_t;

inline void store(std::uint8_t* p, Bytes v) { vst1q_u8(p, v); }
inline Bytes zero_bytes() { return vdupq_n_u8(0); }
inline Bytes add(Bytes a, Bytes b) { return vaddq_u8(a, b); }
inline Table table(const std::uint8_t* entries, std::uint8_t) { return vld1q_u8(entries); }
inline Bytes look_up(Table table, const std::uint8_t* nibbles) {
  return vqtbl1q_u8(table, vld1q_u8(nibbles));
}
inline Bytes add_high_nibbles(Bytes sum, Bytes v) { return vsraq_n_u8(sum, v, 4); }
inline Bytes subtract_from(std::uint8_t value, Bytes v) { return vsubq_u8(vdupq_n_u8(value), v); }
inline Bytes subtract_sixteenfold(Bytes total, Bytes high) {
  return vsubq_u8(total, vshlq_n_u8(high, 4));
}

template <bool is_first>
inline void add_widened(std::uint16_t* counts, Bytes v) {
  const uint8x8_t low = vget_low_u8(v), high = vget_high_u8(v);
  if constexpr (is_first) {
    vst1q_u16(counts, vmovl_u8(low));
    vst1q_u16(counts + 8, vmovl_u8(high));
  } else {
    vst1q_u16(counts, vaddw_u8(vld1q_u16(counts), low));
    vst1q_u16(counts + 8, vaddw_u8(vld1q_u16(counts + 8), high));
  }
}

// All bits set in each of four lanes: which values are at least 0, or above it.
template <bool above>
inline uint32x4_t signs(const float* row) {
  const float32x4_t v = vld1q_f32(row);
  return above ? vcgtzq_f32(v) : vcgezq_f32(v);
}

// The signs of four rows of kTile values; bits that are not `there` are 0.
template <bool above>
inline void pack_nibbles(const float* rows, std::int64_t pitch, int there, std::uint8_t* nibbles) {
  for (int i = 0; i < kTile; i += 8) {
    uint8x8_t all = vdup_n_u8(0);
    for (int c = 0; c < 4; ++c) {
      const float* row = rows + c * pitch + i;
      const uint16x8_t words =
          vcombine_u16(vmovn_u32(signs<above>(row)), vmovn_u32(signs<above>(row + 4)));
      all = vorr_u8(all, vand_u8(vmovn_u16(words), vdup_n_u8(static_cast<std::uint8_t>(1 << c))));
    }
    vst1_u8(nibbles + i, vand_u8(all, vdup_n_u8(static_cast<std::uint8_t>(there))));
  }
}

constexpr std::int64_t kFloats = 4;
using Floats = float32x4_t;

inline Floats set(float v) { return vdupq_n_f32(v); }
inline Floats load(const float* p) { return vld1q_f32(p); }
inline void hold(Floats&) {}
inline void store(float* p, Floats v) { vst1q_f32(p, v); }
inline Floats add(Floats a, Floats b) { return vaddq_f32(a, b); }
inline Floats subtract(Floats a, Floats b) { return vsubq_f32(a, b); }
inline Floats multiply(Floats a, Floats b) { return vmulq_f32(a, b); }
inline Floats divide(Floats a, Floats b) { return vdivq_f32(a, b); }
// a * b + c and c - a * b, rounded once.
inline Floats add_product(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }
inline Floats subtract_product(Floats a, Floats b, Floats c) { return vfmsq_f32(c, a, b); }
// Where one is not a number, the second.
inline Floats maximum(Floats a, Floats b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
inline Floats minimum(Floats a, Floats b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
inline Floats absolute(Floats v) { return vabsq_f32(v); }
inline Floats with_sign_of(Floats positive, Floats v) {
  return vbslq_f32(vdupq_n_u32(0x80000000u), v, positive);
}
inline Floats round_to_even(Floats v) { return vrndnq_f32(v); }
// v * 2^n for whole n, where that is a normal number.
inline Floats times_power_of_two(Floats v, Floats n) {
  const int32x4_t exponent = vshlq_n_s32(vcvtq_s32_f32(n), 23);
  return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(v), exponent));
}
inline bool all_above_zero(Floats v) { return vminvq_u32(vcgtzq_f32(v)) != 0; }
inline uint8x8_t four_bytes(const std::uint8_t* p) {
  const std::uint32_t four = p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24;
  return vreinterpret_u8_u32(vdup_n_u32(four));
}
inline Floats from_bytes(const std::uint8_t* p) {
  return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(four_bytes(p)))));
}
inline Floats from_signed_bytes(const std::uint8_t* p) {
  const int8x8_t bytes = vreinterpret_s8_u8(four_bytes(p));
  return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes))));
}
inline Floats from_words(const std::uint16_t* p) {
  return vcvtq_f32_u32(vmovl_u16(vld1_u16(p)));
}
#if defined(__GNUC__)
inline void prefetch(const float* p) { __builtin_prefetch(p); }
#else
inline void prefetch(const float*) {}
#endif
inline double root(double v) { return sqrt(v); }

// 32 bytes: the even ones and the odd ones; each twice.
inline void split(const std::uint8_t* from, std::uint8_t* even, std::uint8_t* odd) {
  const uint8x16x2_t parts = vld2q_u8(from);
  vst1q_u8(even, parts.val[0]);
  vst1q_u8(odd, parts.val[1]);
}
inline void repeat(const std::uint8_t* from, std::uint8_t* to) {
  for (int i = 0; i < 32; i += 16) {
    const uint8x16_t bytes = vld1q_u8(from + i);
    vst2q_u8(to + 2 * i, (uint8x16x2_t{{bytes, bytes}}));
  }
}

// to[c][r] = from[r][c] for an 8x8 matrix.
inline void transpose8(const float* from, std::int64_t from_pitch, float* to,
                       std::int64_t to_pitch) {
  for (int top = 0; top < 8; top += 4) {
    for (int left = 0; left < 8; left += 4) {
      const float* source = from + top * from_pitch + left;
      const float32x4x2_t a =
          vtrnq_f32(vld1q_f32(source), vld1q_f32(source + from_pitch));
      const float32x4x2_t b =
          vtrnq_f32(vld1q_f32(source + 2 * from_pitch), vld1q_f32(source + 3 * from_pitch));
      float* target = to + left * to_pitch + top;
      for (int i = 0; i < 2; ++i) {
        vst1q_f32(target + i * to_pitch,
                  vcombine_f32(vget_low_f32(a.val[i]), vget_low_f32(b.val[i])));
        vst1q_f32(target + (i + 2) * to_pitch,
                  vcombine_f32(vget_high_f32(a.val[i]), vget_high_f32(b.val[i])));
      }
    }
  }
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels neon_kernels = kKernels;
}
