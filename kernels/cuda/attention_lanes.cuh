// Instructions of attention that C++ has no name for. tests/cuda_emulator/attention.hpp has the same
// functions for a processor.
#ifndef BIMACO_ATTENTION_LANES
#define BIMACO_ATTENTION_LANES

#include "lanes.cuh"

namespace bimaco {

/// `load_matrices` with each 8 x 8 matrix of 16-bit values transposed.
__device__ __forceinline__ void load_transposed(uint32_t (&a)[4], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(a[0]), "=r"(a[1]), "=r"(a[2]), "=r"(a[3])
               : "r"(shared_address(row)));
}

/// Waits until what the lanes of a warp wrote to shared memory is seen by all of them.
__device__ __forceinline__ void wait_for_lanes() { __syncwarp(); }

}  // namespace bimaco

#endif
