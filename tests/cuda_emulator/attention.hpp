// The processor's twins of kernels/cuda/attention_lanes.cuh.
#pragma once

#define BIMACO_ATTENTION_LANES  // in place of that file

#include "emulator.hpp"

namespace bimaco {

inline void load_transposed(uint32_t (&a)[4], const void *row) {
  const void *const *rows = emulator::show(row);
  const int lane = emulator::current % 32;
  for (int i = 0; i < 4; ++i) {
    a[i] = 0;
    for (int k = 0; k < 2; ++k) {
      const auto *from = static_cast<const uint16_t *>(rows[i * 8 + lane % 4 * 2 + k]);
      if (reinterpret_cast<uintptr_t>(from) % 16 != 0) {
        emulator::problem = "a row of a matrix is not aligned";
      }
      a[i] |= static_cast<uint32_t>(from[lane / 4]) << 16 * k;
    }
  }
  emulator::meet_warp();
}

template <bool kHalf>
void multiply_pairs(float *c, const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  const auto value = [](uint32_t pair, int half) {
    const uint16_t bits = static_cast<uint16_t>(pair >> 16 * half);
    return kHalf ? half_to_float(bits) : same_bits<float>(static_cast<uint32_t>(bits) << 16);
  };
  const Operands *warp = emulator::show(Operands{{a[0], a[1], a[2], a[3]}, {b0, b1}});
  const int lane = emulator::current % 32;
  for (int k = 0; k < 4; ++k) {
    const int row = lane / 4, column = lane % 4 * 2 + k % 2;
    for (int t = 0; t < 8; ++t) {
      const Operands &left = warp[row * 4 + t / 2], &right = warp[column * 4 + t / 2];
      c[k] += value(left.a[k / 2], t % 2) * value(right.b[0], t % 2) +
              value(left.a[k / 2 + 2], t % 2) * value(right.b[1], t % 2);
    }
  }
  emulator::meet_warp();
}

inline void wait_for_lanes() { emulator::meet_warp(); }

}  // namespace bimaco
