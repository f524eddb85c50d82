// The inner loops in standard C++: 64-bit words, each of two neighbouring lanes, counted bytewise.
#include <math.h>

#include <cstdint>
#include <cstring>

#include "isa.hpp"
#include "plan.hpp"

namespace bimaco {
namespace {

struct Vector {
  static constexpr int kLanes = 8;
  static constexpr int kVectors = 1;
  static constexpr int kBroadcasts = 4;
  static constexpr int kChunk = 31;  // 31 steps of at most 8 fit a byte

  static constexpr int kPairs = kLanes / 2;
  struct Words {
    std::uint64_t pair[kPairs];
  };
  using Counter = Words;

  static Words load(const std::uint32_t* source) {
    Words words;
    std::memcpy(&words, source, sizeof words);
    return words;
  }

  static Words broadcast(std::uint32_t word) {
    Words words;
    for (int i = 0; i < kPairs; ++i) words.pair[i] = word * 0x0000000100000001u;
    return words;
  }

  static Counter zero() { return {}; }

  static Counter add_mismatches(Counter counter, Words a, Words b) {
    for (int i = 0; i < kPairs; ++i) {
      std::uint64_t v = a.pair[i] ^ b.pair[i];
      v -= (v >> 1) & 0x5555555555555555u;
      v = (v & 0x3333333333333333u) + ((v >> 2) & 0x3333333333333333u);
      counter.pair[i] += (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    }
    return counter;
  }

  static void store_counts(std::uint32_t* counts, Counter counter, bool add) {
    std::uint32_t bytes[kLanes];
    std::memcpy(bytes, &counter, sizeof bytes);
    for (int i = 0; i < kLanes; ++i) {
      const std::uint32_t halves = (bytes[i] & 0x00FF00FFu) + ((bytes[i] >> 8) & 0x00FF00FFu);
      const std::uint32_t sum = (halves & 0xFFFFu) + (halves >> 16);
      counts[i] = add ? counts[i] + sum : sum;
    }
  }
};

inline std::uint32_t signs_of_word(const float* x) {
  std::uint32_t word = 0;
  for (int i = 0; i < kWordBits; ++i) word |= static_cast<std::uint32_t>(x[i] >= 0.0f) << i;
  return word;
}

}  // namespace
}  // namespace bimaco

#include "kernels.inl"

namespace bimaco {
const Kernels portable_kernels = kKernels;
}
