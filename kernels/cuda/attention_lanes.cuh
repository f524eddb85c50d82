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

/// c[16 x 8] += a[16 x 16] b[16 x 8] of float16, or else of bfloat16.
template <bool kHalf>
__device__ __forceinline__ void multiply_pairs(float *c, const uint32_t (&a)[4], uint32_t b0,
                                               uint32_t b1) {
  if constexpr (kHalf) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  } else {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
  }
}

/// Waits until what the lanes of a warp wrote to shared memory is seen by all of them.
__device__ __forceinline__ void wait_for_lanes() { __syncwarp(); }

}  // namespace bimaco

#endif
