// What a block knows of its tile of the picture: sizes, places, and the signs that its taps read.
#pragma once

#include "numbers.cuh"

namespace bimaco {

constexpr int kChannelBytes = 5 * kGroup * 4;  // of what belongs to a group's output channels

/// One tile's signs and what belongs to them, with the border that its outer taps read.
struct Halo {
  unsigned char *bits;   // [area][pitch of a pixel]
  unsigned char *minus;  // likewise
  int2 *stats;           // [area]: ones | ones of minus << 16, and the mean's bits
};

/// Sizes that host and device must agree on; bimaco_gui/ops/cuda_plan.py computes the same.
struct Shape {
  int rows, columns, area;  // of a halo
  int tile_width, tile_pixels;
  int block_groups;
  int pixel_pitch;  // bytes of signs from pixel to pixel: odd chunks, so that rows meet no bank twice
  int weight_bytes, offset_bytes, channel_bytes, halo_bytes;
  int side_pitch;  // bytes from pixel to pixel of what the side branches read
  int side_bytes;  // of a stage's pixels
  int side_group_bytes;  // of a stage's weights, for a group of output channels
  int stages;

  __device__ __forceinline__ Shape(const Convolve &p, int warp_n, Type type) {
    tile_width = 1 << p.tile_width_log2;
    tile_pixels = tile_width * p.tile_height;
    rows = (p.tile_height - 1) * p.stride + p.kernel;
    columns = (tile_width - 1) * p.stride + p.kernel;
    area = rows * columns;
    block_groups = p.warps_n * warp_n;
    pixel_pitch = (p.chunks | 1) * 16;
    weight_bytes = block_groups * p.steps * 512;
    offset_bytes = (p.steps * 2 * 4 + 15) / 16 * 16;
    channel_bytes = block_groups * kChannelBytes;
    const int planes = p.minus != nullptr ? 2 : 1;
    halo_bytes = (area * (planes * pixel_pitch + 8) + 15) / 16 * 16;
    side_pitch = p.stage_steps * kSideStep + 16;
    side_bytes = tile_pixels * side_pitch;
    side_group_bytes = p.stage_steps * side_parts(type) * 512;
    stages = p.side_weights != nullptr ? (p.side_steps + p.stage_steps - 1) / p.stage_steps : 0;
  }
};

/// Where a stage's weights lie: for good if there is one stage, else in turn with the next one's.
__device__ __forceinline__ unsigned char *side_weights_at(const Shape &s, unsigned char *sides,
                                                          int ring) {
  return sides + 2 * s.side_bytes +
         (s.stages > 1 ? ring : 0) * s.block_groups * s.side_group_bytes;
}

/// Where a tile lies: its picture, and its row and column among the picture's tiles.
struct Tile {
  int picture, row, column;

  __device__ __forceinline__ Tile(const Convolve &p, int index) {
    const int in_picture = p.tiles_x * p.tiles_y;
    picture = index / in_picture;
    const int rest = index - picture * in_picture;
    row = rest / p.tiles_x;
    column = rest - row * p.tiles_x;
  }

  __device__ __forceinline__ void advance(const Convolve &p) {
    column += p.step_x, row += p.step_y, picture += p.step_pictures;
    if (column >= p.tiles_x) {
      column -= p.tiles_x, ++row;
    }
    if (row >= p.tiles_y) {
      row -= p.tiles_y, ++picture;
    }
  }

  /// Its first pixel of the result.
  __device__ __forceinline__ int y(const Convolve &p) const { return row * p.tile_height; }
  __device__ __forceinline__ int x(const Convolve &p) const { return column << p.tile_width_log2; }
};

__device__ __forceinline__ Halo halo_at(const Convolve &p, const Shape &s, unsigned char *memory) {
  Halo halo;
  const int plane = s.area * s.pixel_pitch;
  halo.bits = memory;
  halo.minus = p.minus != nullptr ? memory + plane : memory;
  halo.stats = reinterpret_cast<int2 *>(halo.minus + plane);
  return halo;
}

/// Begins to copy a tile's signs. Outside the picture all are zeros, which AND ignores.
__device__ __forceinline__ void fetch_halo(const Convolve &p, const Shape &s, const Halo &halo,
                                           const Tile &at) {
  const int pad = p.kernel / 2;
  const int top = at.y(p) * p.stride - pad, left = at.x(p) * p.stride - pad;
  const int height = p.height << p.doubled, width = p.width << p.doubled;
  const int first = at.picture * p.height;
  for (int i = threadIdx.x; i < s.area * p.chunks; i += blockDim.x) {
    const int place = p.by_chunks.quotient(i), chunk = i - place * p.chunks;
    const int row = p.by_columns.quotient(place), column = place - row * s.columns;
    const int y = top + row, x = left + column;
    const bool inside = static_cast<uint32_t>(y) < static_cast<uint32_t>(height) &&
                        static_cast<uint32_t>(x) < static_cast<uint32_t>(width);
    const int pixel = inside ? (first + (y >> p.doubled)) * p.width + (x >> p.doubled) : 0;
    const int64_t from = (static_cast<int64_t>(pixel) * p.chunks + chunk) * 4;
    const int to = place * s.pixel_pitch + chunk * 16;
    copy16(halo.bits + to, p.bits + from, inside);
    if (p.minus != nullptr) {
      copy16(halo.minus + to, p.minus + from, inside);
    }
    if (chunk == 0) {
      copy8(halo.stats + place, p.stats + pixel, inside);
    }
  }
}

}  // namespace bimaco
