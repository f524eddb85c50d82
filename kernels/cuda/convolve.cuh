// Binary convolution on the matrix units that count ones, and all that follows it in a layer.
//
// A block keeps the weights of its output channels in shared memory for good and goes from tile to
// tile of the picture; the next tile's signs arrive while one is counted.
#pragma once

#include "count.cuh"
#include "side.cuh"

namespace bimaco {

/// kM * 16 pixels and kN * 16 channels for each warp.
template <int kM, int kN, bool kPerTap, Type kType>
__device__ __forceinline__ void convolve(const Convolve &p, unsigned char *memory) {
  const Shape s(p, kN, kType);
  unsigned char *weights = memory;
  int32_t *offsets = reinterpret_cast<int32_t *>(weights + s.weight_bytes);
  float *channels = reinterpret_cast<float *>(weights + s.weight_bytes + s.offset_bytes);
  unsigned char *halos = weights + s.weight_bytes + s.offset_bytes + s.channel_bytes;
  unsigned char *sides = halos + 2 * s.halo_bytes;

  const int block_group = blockIdx.y * s.block_groups;
  const int block_groups = min(s.block_groups, p.padded / kGroup - block_group);
  Part part;
  part.lane = threadIdx.x & 31;
  const int warp = threadIdx.x >> 5;
  part.m = warp / p.warps_n, part.n = warp % p.warps_n;
  part.first_group = block_group + part.n * kN;
  part.groups = block_groups - part.n * kN;
  part.channels = channels + part.n * kN * 5 * kGroup + 4 * (part.lane & 3);
  const int tiles = p.tiles_x * p.tiles_y * p.batch;

  const uint32_t *from = p.weights + static_cast<int64_t>(block_group) * p.steps * 128;
  for (int i = threadIdx.x; i < block_groups * p.steps * 32; i += blockDim.x) {
    copy16(weights + i * 16, from + i * 4, true);
  }
  fetch_channels(p, channels, block_group, block_groups);
  // Where the chunk of each half step lies in a halo. Counts past the last chunk have no weights,
  // or read zeros.
  const int taps = p.kernel * p.kernel;
  for (int i = threadIdx.x; i < p.steps * 2; i += blockDim.x) {
    const int per_tap = kPerTap ? p.steps / taps * 2 : p.chunks;
    const int tap = min(i / per_tap, taps - 1), chunk = min(i - tap * per_tap, p.chunks - 1);
    offsets[i] = (tap / p.kernel * s.columns + tap % p.kernel) * s.pixel_pitch + chunk * 16;
  }

  if (s.stages == 1) {
    fetch_side_weights<kType>(p, s, side_weights_at(s, sides, 0), block_group, block_groups, 0);
  }
  // Up to here all that was read are weights, which no kernel just before this one writes.
  follow();

  const auto begin_stage = [&](int slot, const Tile &at, int stage) {
    fetch_side<kType>(p, s, sides + slot * s.side_bytes, at, stage);
    if (s.stages > 1) {
      unsigned char *to = side_weights_at(s, sides, slot);
      fetch_side_weights<kType>(p, s, to, block_group, block_groups, stage);
    }
  };
  int tile = blockIdx.x;
  Tile next(p, tile);
  if (tile < tiles) {
    fetch_halo(p, s, halo_at(p, s, halos), next);
  }
  end_copies();
  if (s.stages > 0) {
    begin_stage(0, next, 0);
    end_copies();
  }

  // What a lane reads: row lane % 16, first or second half of a step.
  int32_t bases[kM], side_bases[kM];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
    const int m = (part.m * kM + i) * 16 + (part.lane & 15);
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    bases[i] = (my * s.columns + mx) * p.stride * s.pixel_pitch;
    side_bases[i] = m * s.side_pitch + (part.lane >> 4) * 16;
  }

  for (int turn = 0, ring = 0; tile < tiles; tile += gridDim.x, turn ^= 1) {
    const Halo halo = halo_at(p, s, halos + turn * s.halo_bytes);
    const Tile at = next;
    const bool more = tile + static_cast<int>(gridDim.x) < tiles;
    s.stages > 0 ? wait_copies<1>() : wait_copies<0>();
    // From here on all warps have this turn's signs, and are done with the last turn's.
    __syncthreads();
    if (more) {
      next.advance(p);
      fetch_halo(p, s, halo_at(p, s, halos + (turn ^ 1) * s.halo_bytes), next);
    }
    end_copies();

    const Row own(p, s, halo, at, part.m * kM * 16 + (part.lane & (kM * 16 - 1)));
    expect_residual<kN, kType>(p, own, part);
    float v[kM][2 * kN][4];
    const uint4 *b =
        reinterpret_cast<const uint4 *>(weights) + part.lane + part.n * kN * p.steps * 32;
    const int32_t *offset = offsets + (part.lane >> 4);
    if constexpr (kPerTap) {
      float halves[kM][2];
      sum_by_tap<kM, kN>(p, s, halo, v, halves, bases, offset, b, part);
      finish_sums<kM, kN>(p, v, halves, part);
    } else {
      int32_t count[kM][2 * kN][4];
      fill<kM, kN>(count, 0);
      const int halves = taps * p.chunks;
      count_plane<kM, kN>(count, halo.bits, bases, offset, b, p.steps, p.steps, halves, 0);
      if (p.minus != nullptr) {
        count_plane<kM, kN>(count, halo.minus, bases, offset, b, p.steps, p.steps, halves, ~0u);
      }
      if (p.dots != nullptr) {
        write_dots<kM, kN>(p, count, own, part);
        continue;
      }
      finish_counts<kM, kN>(p, v, count, own, part);
    }

    for (int stage = 0; stage < s.stages; ++stage, ring ^= 1) {
      stage == 0 ? wait_copies<1>() : wait_copies<0>();
      __syncthreads();
      if (stage + 1 < s.stages) {
        begin_stage(ring ^ 1, at, stage + 1);
      } else if (more) {
        begin_stage(ring ^ 1, next, 0);
      }
      end_copies();
      const unsigned char *rows[kM];
#pragma unroll
      for (int i = 0; i < kM; ++i) {
        rows[i] = sides + ring * s.side_bytes + side_bases[i];
      }
      const unsigned char *here =
          side_weights_at(s, sides, ring) + part.n * kN * s.side_group_bytes + part.lane * 16;
      const int steps = min(p.stage_steps, p.side_steps - stage * p.stage_steps);
      multiply_side<kM, kN, kType>(s, v, rows, here, steps);
    }

    write_results<kM, kN, kType>(p, v, own, part);
  }
  wait_copies<0>();
}

}  // namespace bimaco
