// Instructions that C++ has no name for. tests/cuda_emulator has the same functions for a processor.
#ifndef BIMACO_LANES
#define BIMACO_LANES

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

namespace bimaco {

#define BIMACO_SHARED(name) extern __shared__ __align__(128) unsigned char name[]

__device__ __forceinline__ uint32_t shared_address(const void *pointer) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(pointer));
}

/// Four 8 x 16-byte matrices from shared memory; lane i gives the address of row i % 8 of matrix i / 8.
__device__ __forceinline__ void load_matrices(uint32_t (&a)[4], const void *row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(a[0]), "=r"(a[1]), "=r"(a[2]), "=r"(a[3])
               : "r"(shared_address(row)));
}

// Compute capabilities 8.0 to 9.0 count ones natively, later ones emulate it.
#if defined(__CUDA_ARCH__) && (__CUDA_ARCH__ >= 1000 || defined(BIMACO_WITHOUT_BITS))

/// Four bits of a word, from bit 4 * place on, as four bytes of 0 or 1.
__device__ __forceinline__ uint32_t spread(uint32_t word, int place) {
  return (word >> 4 * place & 0xf) * 0x00204081u & 0x01010101u;
}

/// c[16 x 8] += ones of a[16 x 256] AND b[256 x 8], as products of bytes.
///
/// Each of eight multiplications takes four bits of each word, a's and b's alike; the order of a sum
/// does not matter.
__device__ __forceinline__ void count_ones(int32_t *c, const uint32_t (&a)[4], uint32_t b0,
                                           uint32_t b1) {
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    asm volatile(
        "mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 "
        "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(spread(a[0], i)), "r"(spread(a[1], i)), "r"(spread(a[2], i)), "r"(spread(a[3], i)),
          "r"(spread(b0, i)), "r"(spread(b1, i)));
  }
}

#else

/// c[16 x 8] += ones of a[16 x 256] AND b[256 x 8]. AND, because only that is native on sm_90.
__device__ __forceinline__ void count_ones(int32_t *c, const uint32_t (&a)[4], uint32_t b0,
                                           uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

#endif

/// c[16 x 8] += a[16 x 8] b[8 x 8], the operands cut to tf32.
__device__ __forceinline__ void multiply_tf32(float *c, const float (&a)[4], float b0, float b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])),
        "r"(__float_as_uint(a[3])), "r"(__float_as_uint(b0)), "r"(__float_as_uint(b1)));
}

/// c[16 x 8] += a[16 x 16] b[16 x 8] of halves, or of bfloat16.
template <bool kHalf>
__device__ __forceinline__ void multiply_short(float *c, const uint32_t (&a)[4], uint32_t b0,
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

/// Begin to bring 32 bytes into the second-level cache.
__device__ __forceinline__ void expect(const void *from) {
  asm volatile("prefetch.global.L2 [%0];" ::"l"(from));
}

/// Wait until the kernel before this one is done. Nothing that it or any before it wrote may be read
/// earlier, and nothing that they read be written.
__device__ __forceinline__ void wait_for_kernel_before() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/// Let the kernel behind this one begin with what needs none of its results.
__device__ __forceinline__ void let_next_begin() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;");
#endif
}

/// How a kernel begins that reads what the one before it wrote.
__device__ __forceinline__ void follow() {
  wait_for_kernel_before();
  let_next_begin();
}

/// Copy 16 bytes to shared memory in the background; zeros where not `present`.
__device__ __forceinline__ void copy16(void *to, const void *from, bool present) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(to)),
               "l"(from), "r"(present ? 16 : 0));
}

/// Copy 8 bytes to shared memory in the background; zeros where not `present`.
__device__ __forceinline__ void copy8(void *to, const void *from, bool present) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;" ::"r"(shared_address(to)), "l"(from),
               "r"(present ? 8 : 0));
}

__device__ __forceinline__ void end_copies() { asm volatile("cp.async.commit_group;"); }

/// Wait until all but the last kPending groups of copies are there.
template <int kPending>
__device__ __forceinline__ void wait_copies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending));
}

__device__ __forceinline__ float half_to_float(uint16_t bits) {
  return __half2float(__ushort_as_half(bits));
}
__device__ __forceinline__ uint16_t float_to_half(float value) {
  return __half_as_ushort(__float2half_rn(value));
}
/// Two values in a word, the first in its low half.
__device__ __forceinline__ uint32_t floats_to_halves(float low, float high) {
  const __half2 both = __floats2half2_rn(low, high);
  return *reinterpret_cast<const uint32_t *>(&both);
}
__device__ __forceinline__ uint32_t floats_to_bfloats(float low, float high) {
  const __nv_bfloat162 both = __floats2bfloat162_rn(low, high);
  return *reinterpret_cast<const uint32_t *>(&both);
}
__device__ __forceinline__ uint16_t float_to_bfloat(float value) {
  return __bfloat16_as_ushort(__float2bfloat16_rn(value));
}

}  // namespace bimaco

#endif
