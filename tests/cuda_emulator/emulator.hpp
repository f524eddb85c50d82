// Runs the kernels' own source on a processor, a lane at a time, for machines without a GPU.
//
// Every thread of a block is a fiber. At a barrier, a shuffle or a matrix instruction it hands over
// to the next one, so all lanes see what the others brought. Blocks run one after another. Copies in
// the background are done at once, so a missing wait is not found here (compute-sanitizer finds it).
#pragma once

#define BIMACO_LANES  // in place of kernels/cuda/lanes.cuh

#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define BIMACO_SHARED(name) unsigned char *name = emulator::shared

struct Index {
  unsigned x = 0, y = 0, z = 0;
};
inline Index threadIdx, blockIdx, blockDim, gridDim;

namespace emulator {

inline unsigned char *shared = nullptr;

struct Fiber {
  ucontext_t context;
  std::vector<char> stack;
  enum { kReady, kAtWarp, kAtBlock, kDone } state = kReady;
};
inline std::vector<Fiber> fibers;
inline ucontext_t scheduler;
inline int current = 0;
inline std::function<void()> body;
inline const char *problem = nullptr;

/// Waits for the other lanes of the warp.
inline void meet_warp() {
  fibers[current].state = Fiber::kAtWarp;
  swapcontext(&fibers[current].context, &scheduler);
}

/// Waits for all threads of the block.
inline void meet_block() {
  fibers[current].state = Fiber::kAtBlock;
  swapcontext(&fibers[current].context, &scheduler);
}

inline void start() {
  body();
  fibers[current].state = Fiber::kDone;
}

/// Runs a warp until its lanes wait for other warps, or are done.
inline void run_warp(int first) {
  while (fibers[first].state == Fiber::kReady) {
    for (current = first; current < first + 32; ++current) {
      threadIdx = {static_cast<unsigned>(current), 0, 0};
      swapcontext(&scheduler, &fibers[current].context);
      if (fibers[current].state != fibers[first].state) {
        problem = "lanes of a warp wait at different places";
      }
    }
    if (fibers[first].state == Fiber::kAtWarp) {
      for (int i = first; i < first + 32; ++i) {
        fibers[i].state = Fiber::kReady;
      }
    }
  }
}

inline int warp_start() { return current / 32 * 32; }

template <typename T>
struct Board {  // what each lane shows to the others
  static inline T value[1024];
};

/// Shows a value, waits for the others' and returns a pointer to those of the warp's 32 lanes.
template <typename T>
const T *show(const T &value) {
  Board<T>::value[current] = value;
  meet_warp();
  return &Board<T>::value[warp_start()];
}

/// Runs a kernel. Returns what is wrong with it, or null.
inline const char *launch(Index grid, unsigned threads, size_t shared_bytes,
                          std::function<void()> kernel) {
  body = std::move(kernel);
  problem = nullptr;
  gridDim = grid, blockDim = {threads, 1, 1};
  std::vector<unsigned char> memory(shared_bytes + 256);
  shared = memory.data() + (256 - reinterpret_cast<uintptr_t>(memory.data()) % 256);
  fibers.resize(threads);
  for (unsigned block = 0; block < grid.x * grid.y && problem == nullptr; ++block) {
    blockIdx = {block % grid.x, block / grid.x, 0};
    std::fill(memory.begin(), memory.end(), static_cast<unsigned char>(0xa5));
    for (auto &fiber : fibers) {
      fiber.stack.resize(1 << 16);
      fiber.state = Fiber::kReady;
      getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.data();
      fiber.context.uc_stack.ss_size = fiber.stack.size();
      fiber.context.uc_link = &scheduler;
      makecontext(&fiber.context, start, 0);
    }
    for (bool running = true; running && problem == nullptr;) {
      for (unsigned first = 0; first < threads; first += 32) {
        run_warp(static_cast<int>(first));
      }
      running = false;
      for (auto &fiber : fibers) {
        if (fiber.state == Fiber::kAtBlock) {
          fiber.state = Fiber::kReady;
          running = true;
        }
      }
      for (auto &fiber : fibers) {
        if (running && fiber.state == Fiber::kDone) {
          problem = "a thread left before a barrier";
        }
      }
    }
  }
  return problem;
}

}  // namespace emulator

struct alignas(16) uint4 {
  uint32_t x, y, z, w;
};
struct alignas(16) int4 {
  int32_t x, y, z, w;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) uint2 {
  uint32_t x, y;
};
struct alignas(8) int2 {
  int32_t x, y;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

template <typename To, typename From>
inline To same_bits(From from) {
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}
inline float __uint_as_float(uint32_t v) { return same_bits<float>(v); }
inline uint32_t __float_as_uint(float v) { return same_bits<uint32_t>(v); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline uint32_t __umulhi(uint32_t a, uint32_t b) { return uint64_t{a} * b >> 32; }
inline int __popc(uint32_t v) { return __builtin_popcount(v); }
using std::max;
using std::min;

template <typename T>
T __shfl_xor_sync(unsigned, T value, int step) {
  const T result = emulator::show(value)[emulator::current % 32 ^ step];
  emulator::meet_warp();
  return result;
}

template <typename T>
T __shfl_sync(unsigned, T value, int lane) {
  const T result = emulator::show(value)[lane % 32];
  emulator::meet_warp();
  return result;
}

inline void __syncthreads() { emulator::meet_block(); }

namespace bimaco {

inline void load_matrices(uint32_t (&a)[4], const void *row) {
  const void *const *rows = emulator::show(row);
  const int lane = emulator::current % 32;
  for (int i = 0; i < 4; ++i) {
    const auto *from = static_cast<const unsigned char *>(rows[i * 8 + lane / 4]);
    if (reinterpret_cast<uintptr_t>(from) % 16 != 0) {
      emulator::problem = "a row of a matrix is not aligned";
    }
    std::memcpy(&a[i], from + lane % 4 * 4, 4);
  }
  emulator::meet_warp();
}

struct Operands {
  uint32_t a[4], b[2];
};

/// c[16 x 8] += what `product` makes of the words that hold a row's and a column's operands.
template <typename Sum, typename Product>
void multiply(Sum *c, const Operands &own, Product product) {
  const Operands *warp = emulator::show(own);
  const int lane = emulator::current % 32;
  for (int k = 0; k < 4; ++k) {
    const int row = lane / 4, column = lane % 4 * 2 + k % 2;
    for (int t = 0; t < 4; ++t) {
      const Operands &left = warp[row * 4 + t], &right = warp[column * 4 + t];
      c[k] += product(left.a[k / 2], right.b[0]) + product(left.a[k / 2 + 2], right.b[1]);
    }
  }
  emulator::meet_warp();
}

inline void count_ones(int32_t *c, const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  multiply(c, {{a[0], a[1], a[2], a[3]}, {b0, b1}},
           [](uint32_t left, uint32_t right) { return __popc(left & right); });
}

inline void multiply_tf32(float *c, const float (&a)[4], float b0, float b1) {
  const auto cut = [](float v) { return same_bits<uint32_t>(v) & 0xffffe000u; };
  multiply(c, {{cut(a[0]), cut(a[1]), cut(a[2]), cut(a[3])}, {cut(b0), cut(b1)}},
           [](uint32_t left, uint32_t right) {
             return same_bits<float>(left) * same_bits<float>(right);
           });
}

template <bool kHalf>
void multiply_short(float *c, const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  const auto value = [](uint32_t bits) {
    return kHalf ? static_cast<float>(same_bits<_Float16>(static_cast<uint16_t>(bits)))
                 : same_bits<float>(bits << 16);
  };
  multiply(c, {{a[0], a[1], a[2], a[3]}, {b0, b1}}, [&](uint32_t left, uint32_t right) {
    return value(left) * value(right) + value(left >> 16) * value(right >> 16);
  });
}

inline void expect(const void *) {}
inline void wait_for_kernel_before() {}
inline void let_next_begin() {}
inline void follow() {}

inline void copy16(void *to, const void *from, bool present) {
  present ? std::memcpy(to, from, 16) : std::memset(to, 0, 16);
}
inline void copy8(void *to, const void *from, bool present) {
  present ? std::memcpy(to, from, 8) : std::memset(to, 0, 8);
}
inline void end_copies() {}
template <int>
inline void wait_copies() {}

inline float half_to_float(uint16_t bits) { return same_bits<_Float16>(bits); }
inline uint16_t float_to_half(float value) {
  return same_bits<uint16_t>(static_cast<_Float16>(value));
}
inline uint16_t float_to_bfloat(float value) {
  const uint32_t bits = same_bits<uint32_t>(value);
  return value != value ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
inline uint32_t floats_to_halves(float low, float high) {
  return float_to_half(low) | static_cast<uint32_t>(float_to_half(high)) << 16;
}
inline uint32_t floats_to_bfloats(float low, float high) {
  return float_to_bfloat(low) | static_cast<uint32_t>(float_to_bfloat(high)) << 16;
}

}  // namespace bimaco
