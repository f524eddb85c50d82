// The kernels by name, as the driver finds them in the fat binary.
#include "attention.cuh"
#include "ceiling.cuh"
#include "convolve.cuh"
#include "prepare.cuh"
#include "statistics.cuh"

using namespace bimaco;

#define PREPARE(name, type, lanes, unroll, blocks)                                    \
  extern "C" __global__ void __launch_bounds__(256, blocks) name(const Prepare p) {   \
    BIMACO_SHARED(memory);                                                            \
    prepare<type, lanes, unroll>(p, reinterpret_cast<float *>(memory));               \
  }

#define CONVOLVE(name, m, n, per_tap, blocks)                                         \
  extern "C" __global__ void __launch_bounds__(256, blocks) name(const Convolve p) {  \
    BIMACO_SHARED(memory);                                                            \
    convolve<m, n, per_tap>(p, memory);                                               \
  }

PREPARE(bimaco_prepare_f32, kFloat32, 8, 3, 2)
PREPARE(bimaco_prepare_f16, kFloat16, 8, 5, 2)
PREPARE(bimaco_prepare_bf16, kBfloat16, 8, 5, 2)
PREPARE(bimaco_prepare_narrow_f32, kFloat32, 8, 2, 3)
PREPARE(bimaco_prepare_narrow_f16, kFloat16, 8, 2, 3)
PREPARE(bimaco_prepare_narrow_bf16, kBfloat16, 8, 2, 3)
PREPARE(bimaco_prepare_wide_f32, kFloat32, 32, 2, 2)
PREPARE(bimaco_prepare_wide_f16, kFloat16, 32, 2, 2)
PREPARE(bimaco_prepare_wide_bf16, kBfloat16, 32, 2, 2)

// Few registers, so that many warps hide each other's waiting.
CONVOLVE(bimaco_convolve_2x3, 2, 3, false, 2)
CONVOLVE(bimaco_convolve_2x2, 2, 2, false, 2)
CONVOLVE(bimaco_convolve_1x3, 1, 3, false, 2)
CONVOLVE(bimaco_convolve_1x2, 1, 2, false, 2)
CONVOLVE(bimaco_convolve_per_tap_2x2, 2, 2, true, 1)
CONVOLVE(bimaco_convolve_per_tap_1x2, 1, 2, true, 2)

#define GROUP_SUMS(name, type)                                                 \
  extern "C" __global__ void __launch_bounds__(512) name(const GroupNorm p) {  \
    BIMACO_SHARED(memory);                                                     \
    group_sums<type>(p, reinterpret_cast<float *>(memory));                    \
  }

GROUP_SUMS(bimaco_group_sums_f32, kFloat32)
GROUP_SUMS(bimaco_group_sums_f16, kFloat16)
GROUP_SUMS(bimaco_group_sums_bf16, kBfloat16)

extern "C" __global__ void __launch_bounds__(128) bimaco_group_norm(const GroupNorm p) {
  group_norm(p);
}

extern "C" __global__ void __launch_bounds__(256) bimaco_ceiling(const Ceiling p) { ceiling(p); }

#define ATTENTION(name, body, threads)                                               \
  extern "C" __global__ void __launch_bounds__(threads, 3) name(const Attention p) { \
    BIMACO_SHARED(memory);                                                           \
    body(p, memory);                                                                 \
  }

// By type and by the most channels of a head.
ATTENTION(bimaco_attention_f32_32, attend_float<32>, 256)
ATTENTION(bimaco_attention_f32_64, attend_float<64>, 256)
ATTENTION(bimaco_attention_f16_32, (attend_short<kFloat16, 32>), 128)
ATTENTION(bimaco_attention_f16_64, (attend_short<kFloat16, 64>), 128)
ATTENTION(bimaco_attention_bf16_32, (attend_short<kBfloat16, 32>), 128)
ATTENTION(bimaco_attention_bf16_64, (attend_short<kBfloat16, 64>), 128)
