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

inline void wait_for_lanes() { emulator::meet_warp(); }

}  // namespace bimaco
