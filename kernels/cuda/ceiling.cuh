// Products of bits from registers alone: the rate that no layer can pass.
#pragma once

#include "arguments.h"
#include "lanes.cuh"

namespace bimaco {

constexpr int kChains = 8;  // multiplications under way at a time in each warp

/// `rounds` * kChains multiplications of 16 x 8 x 256 in each warp.
__device__ __forceinline__ void ceiling(const Ceiling &p) {
  int32_t count[kChains][4] = {};
  const uint32_t seed = blockIdx.x * blockDim.x + threadIdx.x;
  const uint32_t a[4] = {seed, seed * 3, seed * 5, seed * 7};
  for (int round = 0; round < p.rounds; ++round) {
#pragma unroll
    for (int i = 0; i < kChains; ++i) {
      count_ones(count[i], a, seed * 11, seed * 13);
    }
  }
  int32_t sum = 0;
#pragma unroll
  for (int i = 0; i < kChains; ++i) {
    sum += count[i][0] ^ count[i][1] ^ count[i][2] ^ count[i][3];
  }
  p.sums[seed] = sum;
}

}  // namespace bimaco
