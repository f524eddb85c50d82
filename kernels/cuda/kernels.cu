// The kernels by name, as the driver finds them in the fat binary.
#include "convolve.cuh"
#include "prepare.cuh"
#include "statistics.cuh"

using namespace bimaco;

#define PREPARE(name, type)                                                      \
  extern "C" __global__ void __launch_bounds__(256) name(const Prepare p) {      \
    BIMACO_SHARED(memory);                                                       \
    prepare<type>(p, reinterpret_cast<float *>(memory));                         \
  }

#define CONVOLVE(name, m, n, per_tap)                                            \
  extern "C" __global__ void __launch_bounds__(256, 1) name(const Convolve p) {  \
    BIMACO_SHARED(memory);                                                       \
    convolve<m, n, per_tap>(p, memory);                                          \
  }

PREPARE(bimaco_prepare_f32, kFloat32)
PREPARE(bimaco_prepare_f16, kFloat16)
PREPARE(bimaco_prepare_bf16, kBfloat16)

CONVOLVE(bimaco_convolve_4x5, 4, 5, false)
CONVOLVE(bimaco_convolve_3x5, 3, 5, false)
CONVOLVE(bimaco_convolve_2x5, 2, 5, false)
CONVOLVE(bimaco_convolve_4x3, 4, 3, false)
CONVOLVE(bimaco_convolve_2x3, 2, 3, false)
CONVOLVE(bimaco_convolve_2x2, 2, 2, false)
CONVOLVE(bimaco_convolve_1x2, 1, 2, false)
CONVOLVE(bimaco_convolve_per_tap_2x3, 2, 3, true)
CONVOLVE(bimaco_convolve_per_tap_2x2, 2, 2, true)
CONVOLVE(bimaco_convolve_per_tap_1x2, 1, 2, true)

extern "C" __global__ void __launch_bounds__(512) bimaco_group_norm(const GroupNorm p) {
  BIMACO_SHARED(memory);
  group_norm(p, reinterpret_cast<float *>(memory));
}
