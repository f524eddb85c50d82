// The kernels as a library of functions that the tests call through ctypes.
#include "attention.hpp"
#include "emulator.hpp"

#include "../../kernels/cuda/kernels.cu"

extern "C" const char *bimaco_emulate(void (*kernel)(), const void *arguments, uint32_t grid_x,
                                      uint32_t grid_y, uint32_t threads, uint64_t shared_bytes) {
  // Each kernel takes one structure by value.
  const auto run = [&](auto *function, const auto &structure) {
    return emulator::launch({grid_x, grid_y, 1}, threads, shared_bytes,
                            [&] { function(structure); });
  };
  for (auto *function : {
#define ALL(suffix) ACTIVATIONS(none, suffix), ACTIVATIONS(leaky, suffix), \
                    ACTIVATIONS(silu, suffix), ACTIVATIONS(gelu, suffix)
#define ACTIVATIONS(name, suffix)                                                   \
  bimaco_prepare_##name##_##suffix, bimaco_prepare_narrow_##name##_##suffix,        \
      bimaco_prepare_wide_##name##_##suffix, bimaco_prepare_odd_##name##_##suffix
           ALL(f32), ALL(f16), ALL(bf16)}) {
    if (reinterpret_cast<void (*)()>(function) == kernel) {
      return run(function, *static_cast<const Prepare *>(arguments));
    }
  }
  for (auto *function : {bimaco_group_sums_f32, bimaco_group_sums_f16, bimaco_group_sums_bf16,
                         bimaco_group_norm}) {
    if (reinterpret_cast<void (*)()>(function) == kernel) {
      return run(function, *static_cast<const GroupNorm *>(arguments));
    }
  }
  for (auto *function : {bimaco_attention_f32_32, bimaco_attention_f32_64, bimaco_attention_f16_32,
                         bimaco_attention_f16_64, bimaco_attention_bf16_32,
                         bimaco_attention_bf16_64}) {
    if (reinterpret_cast<void (*)()>(function) == kernel) {
      return run(function, *static_cast<const Attention *>(arguments));
    }
  }
  for (auto *function : {bimaco_edge_4, bimaco_edge_8}) {
    if (reinterpret_cast<void (*)()>(function) == kernel) {
      return run(function, *static_cast<const Edge *>(arguments));
    }
  }
  if (reinterpret_cast<void (*)()>(bimaco_ceiling) == kernel) {
    return run(bimaco_ceiling, *static_cast<const Ceiling *>(arguments));
  }
  return run(reinterpret_cast<void (*)(Convolve)>(kernel), *static_cast<const Convolve *>(arguments));
}
