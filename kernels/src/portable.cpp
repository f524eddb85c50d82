// The vector types in standard C++: short arrays, whose loops a compiler turns into vectors.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBytes = 32;
constexpr std::int64_t kVectors = 2;
struct Bytes {
  std::uint8_t at[kBytes];
};
using Table = std::uint8_t;  // the weights themselves: their table is computed

template <class Function>
inline Bytes each_byte(Function function) {
  Bytes result;
  for (int i = 0; i < kBytes; ++i) result.at[i] = static_cast<std::uint8_t>(function(i));
  return result;
}

inline void store(std::uint8_t* p, const Bytes& v) { std::memcpy(p, v.at, sizeof v.at); }
inline Bytes zero_bytes() { return {}; }
inline Bytes add(const Bytes& a, const Bytes& b) {
  return each_byte([&](int i) { return a.at[i] + b.at[i]; });
}
inline Table table(const std::uint8_t*, std::uint8_t weights) { return weights; }
inline Bytes look_up(Table weights, const std::uint8_t* nibbles) {
  return each_byte([&](int i) {
    const unsigned n = nibbles[i];
    const unsigned inside = (n >> 7) - 1;  // no bits where the pixel is outside
    unsigned differ = (weights ^ (n | n << 4)) & inside & 0xFF;
    differ -= (differ >> 1) & 0x55;
    return (differ & 0x33) + ((differ >> 2) & 0x33);
  });
}
inline Bytes add_high_nibbles(const Bytes& sum, const Bytes& v) {
  return each_byte([&](int i) { return sum.at[i] + (v.at[i] >> 4); });
}
inline Bytes subtract_from(std::uint8_t value, const Bytes& v) {
  return each_byte([&](int i) { return value - v.at[i]; });
}
inline Bytes subtract_sixteenfold(const Bytes& total, const Bytes& high) {
  return each_byte([&](int i) { return total.at[i] - 16 * high.at[i]; });
}
template <bool is_first>
inline void add_widened(std::uint16_t* counts, const Bytes& v) {
  for (int i = 0; i < kBytes; ++i) {
    counts[i] = static_cast<std::uint16_t>(is_first ? v.at[i] : counts[i] + v.at[i]);
  }
}

template <bool above>
inline void pack_nibbles(const float* rows, std::int64_t pitch, int there, std::uint8_t* nibbles) {
  for (int i = 0; i < kTile; ++i) {
    unsigned nibble = 0;
    for (int c = 0; c < 4; ++c) {
      const float v = rows[c * pitch + i];
      nibble |= static_cast<unsigned>(above ? v > 0.0f : v >= 0.0f) << c;
    }
    nibbles[i] = static_cast<std::uint8_t>(nibble & static_cast<unsigned>(there));
  }
}

constexpr std::int64_t kFloats = 8;
struct Floats {
  float at[kFloats];
};

template <class Function>
inline Floats each_float(Function function) {
  Floats result;
  for (int i = 0; i < kFloats; ++i) result.at[i] = function(i);
  return result;
}

inline Floats set(float v) {
  return each_float([&](int) { return v; });
}
inline Floats load(const float* p) {
  Floats v;
  std::memcpy(v.at, p, sizeof v.at);
  return v;
}
inline void hold(Floats&) {}
inline void store(float* p, const Floats& v) { std::memcpy(p, v.at, sizeof v.at); }
inline Floats add(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] + b.at[i]; });
}
inline Floats subtract(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] - b.at[i]; });
}
inline Floats multiply(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] * b.at[i]; });
}
inline Floats divide(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] / b.at[i]; });
}
// a * b + c and c - a * b.
inline Floats add_product(const Floats& a, const Floats& b, const Floats& c) {
  return each_float([&](int i) { return a.at[i] * b.at[i] + c.at[i]; });
}
inline Floats subtract_product(const Floats& a, const Floats& b, const Floats& c) {
  return each_float([&](int i) { return c.at[i] - a.at[i] * b.at[i]; });
}
// Where one is not a number, the second.
inline Floats maximum(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] > b.at[i] ? a.at[i] : b.at[i]; });
}
inline Floats minimum(const Floats& a, const Floats& b) {
  return each_float([&](int i) { return a.at[i] < b.at[i] ? a.at[i] : b.at[i]; });
}
inline Floats absolute(const Floats& v) {
  return each_float([&](int i) { return std::fabs(v.at[i]); });
}
inline Floats with_sign_of(const Floats& positive, const Floats& v) {
  return each_float([&](int i) { return std::copysign(positive.at[i], v.at[i]); });
}
inline Floats round_to_even(const Floats& v) {
  // Adding and taking away 1.5 * 2^23 rounds what is below 2^22.
  return each_float([&](int i) { return (v.at[i] + 12582912.0f) - 12582912.0f; });
}
// v * 2^n for whole n, where that is a normal number.
inline Floats times_power_of_two(const Floats& v, const Floats& n) {
  return each_float([&](int i) {
    const std::int32_t bits = (static_cast<std::int32_t>(n.at[i]) + 127) * (1 << 23);
    float power;
    std::memcpy(&power, &bits, sizeof power);
    return v.at[i] * power;
  });
}
inline bool all_above_zero(const Floats& v) {
  bool all = true;
  for (int i = 0; i < kFloats; ++i) all = all && v.at[i] > 0.0f;
  return all;
}
inline Floats from_bytes(const std::uint8_t* p) {
  return each_float([&](int i) { return static_cast<float>(p[i]); });
}
inline Floats from_signed_bytes(const std::uint8_t* p) {
  return each_float([&](int i) { return static_cast<float>(static_cast<std::int8_t>(p[i])); });
}
inline Floats from_words(const std::uint16_t* p) {
  return each_float([&](int i) { return static_cast<float>(p[i]); });
}
inline void prefetch(const float*) {}
inline double root(double v) { return std::sqrt(v); }

// 32 bytes: the even ones and the odd ones; each twice.
inline void split(const std::uint8_t* from, std::uint8_t* even, std::uint8_t* odd) {
  for (int i = 0; i < 16; ++i) {
    even[i] = from[2 * i];
    odd[i] = from[2 * i + 1];
  }
}
inline void repeat(const std::uint8_t* from, std::uint8_t* to) {
  for (int i = 0; i < 32; ++i) to[2 * i] = to[2 * i + 1] = from[i];
}

inline void transpose8(const float* from, std::int64_t from_pitch, float* to,
                       std::int64_t to_pitch) {
  for (int r = 0; r < 8; ++r) {
    for (int c = 0; c < 8; ++c) to[c * to_pitch + r] = from[r * from_pitch + c];
  }
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels portable_kernels = kKernels;
}
