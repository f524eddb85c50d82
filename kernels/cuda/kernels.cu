// The kernels by name, as the driver finds them in the fat binary.
#include "attention.cuh"
#include "ceiling.cuh"
#include "convolve.cuh"
#include "edge.cuh"
#include "prepare.cuh"
#include "statistics.cuh"

using namespace bimaco;

#define PREPARE(name, type, lanes, unroll, activation, whole, blocks)                 \
  extern "C" __global__ void __launch_bounds__(256, blocks) name(const Prepare p) {   \
    follow();                                                                         \
    prepare<type, lanes, unroll, activation, whole>(p);                               \
  }

// Where runs of eight channels cannot be read at once, one kernel does for all sizes.
#define PREPARES_FOR(name, suffix, type, unroll, activation)                                 \
  PREPARE(bimaco_prepare_##name##_##suffix, type, 8, unroll, activation, true, 3)            \
  PREPARE(bimaco_prepare_narrow_##name##_##suffix, type, 8, 2, activation, true, 4)          \
  PREPARE(bimaco_prepare_wide_##name##_##suffix, type, 32, 2, activation, true, 3)           \
  PREPARE(bimaco_prepare_odd_##name##_##suffix, type, 8, 1, activation, false, 2)

#define PREPARES(suffix, type, unroll)                    \
  PREPARES_FOR(none, suffix, type, unroll, kNone)         \
  PREPARES_FOR(leaky, suffix, type, unroll, kLeaky)       \
  PREPARES_FOR(silu, suffix, type, unroll, kSilu)         \
  PREPARES_FOR(gelu, suffix, type, unroll, kGelu)

#define CONVOLVE(name, m, n, per_tap, type, blocks)                                   \
  extern "C" __global__ void __launch_bounds__(256, blocks) name(const Convolve p) {  \
    BIMACO_SHARED(memory);                                                            \
    convolve<m, n, per_tap, type>(p, memory);                                         \
  }

// Few registers, so that many warps hide each other's waiting.
#define CONVOLVES(suffix, type)                                              \
  CONVOLVE(bimaco_convolve_2x2_##suffix, 2, 2, false, type, 2)               \
  CONVOLVE(bimaco_convolve_1x3_##suffix, 1, 3, false, type, 2)               \
  CONVOLVE(bimaco_convolve_1x2_##suffix, 1, 2, false, type, 2)               \
  CONVOLVE(bimaco_convolve_per_tap_2x2_##suffix, 2, 2, true, type, 2)        \
  CONVOLVE(bimaco_convolve_per_tap_1x2_##suffix, 1, 2, true, type, 2)

PREPARES(f32, kFloat32, 3)
PREPARES(f16, kFloat16, 5)
PREPARES(bf16, kBfloat16, 5)
CONVOLVES(f32, kFloat32)
CONVOLVES(f16, kFloat16)
CONVOLVES(bf16, kBfloat16)

#define GROUP_SUMS(name, type)                                                   \
  extern "C" __global__ void __launch_bounds__(512, 2) name(const GroupNorm p) { \
    BIMACO_SHARED(memory);                                                       \
    follow();                                                                    \
    group_sums<type>(p, reinterpret_cast<float *>(memory));                      \
  }

GROUP_SUMS(bimaco_group_sums_f32, kFloat32)
GROUP_SUMS(bimaco_group_sums_f16, kFloat16)
GROUP_SUMS(bimaco_group_sums_bf16, kBfloat16)

extern "C" __global__ void __launch_bounds__(128) bimaco_group_norm(const GroupNorm p) {
  follow();
  group_norm(p);
}

extern "C" __global__ void __launch_bounds__(256) bimaco_ceiling(const Ceiling p) {
  follow();
  ceiling(p);
}

#define ATTENTION(name, body, threads)                                               \
  extern "C" __global__ void __launch_bounds__(threads, 3) name(const Attention p) { \
    BIMACO_SHARED(memory);                                                           \
    body(p, memory);                                                                 \
  }

// By type and by the most channels of a head. They wait themselves for the kernel before.
ATTENTION(bimaco_attention_f32_32, attend_float<32>, 256)
ATTENTION(bimaco_attention_f32_64, attend_float<64>, 256)
ATTENTION(bimaco_attention_f16_32, (attend_short<kFloat16, 32>), 128)
ATTENTION(bimaco_attention_f16_64, (attend_short<kFloat16, 64>), 128)
ATTENTION(bimaco_attention_bf16_32, (attend_short<kBfloat16, 32>), 128)
ATTENTION(bimaco_attention_bf16_64, (attend_short<kBfloat16, 64>), 128)

#define EDGE(name, out)                                                     \
  extern "C" __global__ void __launch_bounds__(256, 2) name(const Edge p) { \
    BIMACO_SHARED(memory);                                                  \
    follow();                                                               \
    convolve_edge<out>(p, reinterpret_cast<float *>(memory));               \
  }

// By output channels of a thread.
EDGE(bimaco_edge_4, 4)
EDGE(bimaco_edge_8, 8)
