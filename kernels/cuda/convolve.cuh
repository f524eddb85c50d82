// Binary convolution on the tensor cores, and all that follows it in a layer.
//
// A block keeps the weights of its output channels in shared memory for good and goes from tile to
// tile of the picture; the next tile's signs arrive while one is counted. With bits 1 for +1, and
// over the taps inside the picture,
//   D = 4 ones(a & w) - 2 ones(a) - 2 ones(w) + products.
#pragma once

#include "numbers.cuh"

namespace bimaco {

constexpr int32_t kMagic = 0x4b400000;  // the bits of 12582912.f, whose last bit is worth 1

/// What the epilogue knows of an output pixel.
struct Row {
  int32_t base;    // products - 2 ones(a), and kMagic
  float mean;      // of |a| at the centre tap
  int32_t border;  // which taps are missing: top 1, bottom 2, left 4, right 8
  int32_t pixel;   // index in y, or -1
};

/// One tile's signs and what belongs to them, with the border that its outer taps read.
struct Halo {
  unsigned char *bits;   // [chunks][area][16]
  unsigned char *zeros;  // likewise
  int32_t *ones;         // [area]
  float *mean;           // [area]
};

/// Sizes that host and device must agree on; bimaco_gui/ops/cuda_plan.py computes the same.
struct Shape {
  int rows, columns, area;  // of a halo
  int tile_width, tile_pixels;
  int block_groups;
  int weight_bytes, offset_bytes, halo_bytes, row_bytes, inner_bytes;
  int side_pitch;  // bytes from pixel to pixel of what the side branches read
  int side_bytes;
  int sums_pitch;  // of the sparse branch's sums, [pixels][16 channels of each column of warps]

  __device__ __forceinline__ Shape(const Convolve &p, int warp_m, int warp_n) {
    tile_width = 1 << p.tile_width_log2;
    tile_pixels = tile_width * p.tile_height;
    rows = (p.tile_height - 1) * p.stride + p.kernel;
    columns = (tile_width - 1) * p.stride + p.kernel;
    area = rows * columns;
    block_groups = p.warps_n * warp_n;
    weight_bytes = block_groups * p.steps * 512;
    offset_bytes = (p.steps * 2 * 4 + 15) / 16 * 16;
    const int planes = p.zeros != nullptr ? 2 : 1;
    halo_bytes = (area * (planes * p.chunks * 16 + 8) + 15) / 16 * 16;
    row_bytes = tile_pixels * static_cast<int>(sizeof(Row));
    inner_bytes = p.up != nullptr ? tile_pixels * kRank * 4 : 0;
    side_pitch = (p.channels | 1) * 4;  // neighbouring pixels lie in different banks
    side_bytes = tile_pixels * side_pitch;
    sums_pitch = p.warps_n * kGroup | 1;
  }
};

struct Place {
  int picture, y, x;
};

__device__ __forceinline__ Place place_of(const Convolve &p, int tile) {
  const int in_picture = p.tiles_x * p.tiles_y;
  Place at;
  at.picture = tile / in_picture;
  const int rest = tile - at.picture * in_picture;
  at.y = rest / p.tiles_x * p.tile_height;
  at.x = rest % p.tiles_x << p.tile_width_log2;
  return at;
}

__device__ __forceinline__ Halo halo_at(const Convolve &p, const Shape &s, unsigned char *memory) {
  Halo halo;
  const int plane = s.area * p.chunks * 16;
  halo.bits = memory;
  halo.zeros = p.zeros != nullptr ? memory + plane : memory;
  halo.ones = reinterpret_cast<int32_t *>(halo.zeros + plane);
  halo.mean = reinterpret_cast<float *>(halo.ones + s.area);
  return halo;
}

/// A place in a halo: threads go through it in steps of the block, without dividing each time.
struct Walk {
  int chunk, column, row;

  __device__ __forceinline__ Walk(int index, int chunks, int columns) {
    const int place = index / chunks;
    chunk = index - place * chunks;
    row = place / columns;
    column = place - row * columns;
  }

  __device__ __forceinline__ void advance(const Walk &step, int chunks, int columns) {
    chunk += step.chunk, column += step.column, row += step.row;
    if (chunk >= chunks) {
      chunk -= chunks, ++column;
    }
    if (column >= columns) {
      column -= columns, ++row;
    }
  }
};

__device__ __forceinline__ void fetch_halo(const Convolve &p, const Shape &s, const Halo &halo,
                                           const Place &at, Walk walk, const Walk &step) {
  const int pad = p.kernel / 2;
  const int top = at.y * p.stride - pad, left = at.x * p.stride - pad;
  const int height = p.height << p.doubled, width = p.width << p.doubled;
  const int first = at.picture * p.height;
  for (; walk.row < s.rows; walk.advance(step, p.chunks, s.columns)) {
    const int place = walk.row * s.columns + walk.column;
    const int y = top + walk.row, x = left + walk.column;
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    const int pixel = inside ? (first + (y >> p.doubled)) * p.width + (x >> p.doubled) : 0;
    const int64_t from = (static_cast<int64_t>(pixel) * p.chunks + walk.chunk) * 4;
    const int to = (walk.chunk * s.area + place) * 16;
    copy16(halo.bits + to, p.bits + from, inside);
    if (p.zeros != nullptr) {
      copy16(halo.zeros + to, p.zeros + from, inside);
    }
    if (walk.chunk == 0) {
      copy4(halo.ones + place, p.ones + pixel, inside);
      copy4(halo.mean + place, p.mean + pixel, inside);
    }
  }
}

/// Fills the rows of a tile from its halo. Returns whether this thread saw a zero.
__device__ __forceinline__ bool describe_rows(const Convolve &p, const Shape &s, const Halo &halo,
                                              Row *rows, const Place &at) {
  const int pad = p.kernel / 2;
  const int height = p.height << p.doubled, width = p.width << p.doubled;
  bool seen = false;
  for (int m = threadIdx.x; m < s.tile_pixels; m += blockDim.x) {
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    const int oy = at.y + my, ox = at.x + mx;
    const int place = my * p.stride * s.columns + mx * p.stride;  // of the first tap
    int ones = 0, zeros = 0;
    for (int dy = 0; dy < p.kernel; ++dy) {
      for (int dx = 0; dx < p.kernel; ++dx) {
        const int counts = halo.ones[place + dy * s.columns + dx];
        ones += counts & 0xffff;
        zeros += counts >> 16;
      }
    }
    const bool top = oy * p.stride < pad, bottom = oy * p.stride + pad >= height;
    const bool left = ox * p.stride < pad, right = ox * p.stride + pad >= width;
    const int taps = (p.kernel - top - bottom) * (p.kernel - left - right);
    const bool there = oy < p.out_height && ox < p.out_width;
    Row row;
    row.base = taps * p.channels - 2 * ones - zeros + kMagic;
    row.mean = halo.mean[place + pad * s.columns + pad];
    row.border = top | bottom << 1 | left << 2 | right << 3;
    row.pixel = there ? (at.picture * p.out_height + oy) * p.out_width + ox : -1;
    rows[m] = row;
    seen |= there && zeros != 0;
  }
  return seen;
}

/// Sums over the input pixels that an output pixel's side branches read: itself, or its 2 x 2 mean.
template <typename Add>
__device__ __forceinline__ void for_sources(const Convolve &p, int pixel, Add add) {
  const int ox = pixel % p.out_width, rest = pixel / p.out_width;
  const int oy = rest % p.out_height, n = rest / p.out_height;
  if (p.stride == 1) {
    add((static_cast<int64_t>(n) * p.height + (oy >> p.doubled)) * p.width + (ox >> p.doubled), 1.f);
    return;
  }
  const int rows = min(2, p.height - oy * 2), columns = min(2, p.width - ox * 2);
  const float share = 1.f / static_cast<float>(rows * columns);
  for (int i = 0; i < rows * columns; ++i) {
    const int y = oy * 2 + i / columns, x = ox * 2 + i % columns;
    add((static_cast<int64_t>(n) * p.height + y) * p.width + x, share);
  }
}

/// Adds the 2 x 2 mean of a, as far as there are pixels, for an output pixel and up to 4 channels.
__device__ __forceinline__ void add_means(const Convolve &p, const Place &at, int oy, int ox, int c,
                                          const float (&scale)[4], const float (&shift)[4],
                                          float (&sum)[4]) {
  if (oy >= p.out_height || ox >= p.out_width) {
    return;
  }
  const int pixel = (at.picture * p.out_height + oy) * p.out_width + ox;
  for_sources(p, pixel, [&](int64_t source, float share) {
    const int64_t from = source * p.channels + c;
    float x[4] = {};
    if (p.channels % 4 == 0) {
      load4(x, p.x, p.type, from);
    } else {
      x[0] = load(p.x, p.type, from);
    }
    prepend(x, scale, shift, p.before);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      sum[k] = fmaf(x[k], share, sum[k]);
    }
  });
}

/// Brings a's values of a tile's pixels, or their 2 x 2 means, into shared memory as floats.
__device__ __forceinline__ void stage_side(const Convolve &p, const Shape &s, const Place &at,
                                           unsigned char *side) {
  constexpr int kUnroll = 4;  // vectors on their way at a time
  const bool vectors = p.channels % 4 == 0;
  const int size = vectors ? 4 : 1, width = p.channels / size, threads = blockDim.x;
  const bool there = p.before.scale != nullptr;
  const int affine = p.before.per_picture ? at.picture * p.channels : 0;
  const int sources = p.stride == 1 ? 1 : 4;
  Walk walk(threadIdx.x, width, s.tile_width);
  const Walk step(threads, width, s.tile_width);
  while (walk.row < p.tile_height) {
    float v[kUnroll][4] = {};
    int c[kUnroll], m[kUnroll];
#pragma unroll
    for (int u = 0; u < kUnroll; ++u) {
      c[u] = walk.chunk * size;
      m[u] = walk.row < p.tile_height ? walk.row * s.tile_width + walk.column : -1;
      const int y = at.y + walk.row, x = at.x + walk.column;
      if (m[u] >= 0 && y < p.out_height && x < p.out_width && sources == 1) {
        const int64_t pixel =
            static_cast<int64_t>(at.picture * p.height + (y >> p.doubled)) * p.width +
            (x >> p.doubled);
        if (vectors) {
          load4(v[u], p.x, p.type, pixel * p.channels + c[u]);
        } else {
          v[u][0] = load(p.x, p.type, pixel * p.channels + c[u]);
        }
      }
      walk.advance(step, width, s.tile_width);
    }
#pragma unroll
    for (int u = 0; u < kUnroll; ++u) {
      if (m[u] < 0) {
        continue;
      }
      float scale[4] = {1.f, 1.f, 1.f, 1.f}, shift[4] = {};
      if (there && vectors) {
        load4(scale, p.before.scale, kFloat32, affine + c[u]);
        load4(shift, p.before.shift, kFloat32, affine + c[u]);
      } else if (there) {
        scale[0] = p.before.scale[affine + c[u]];
        shift[0] = p.before.shift[affine + c[u]];
      }
      if (sources == 1) {
        prepend(v[u], scale, shift, p.before);
      } else {
        const int row = m[u] >> p.tile_width_log2, column = m[u] & (s.tile_width - 1);
        add_means(p, at, at.y + row, at.x + column, c[u], scale, shift, v[u]);
      }
      float *to = reinterpret_cast<float *>(side + m[u] * s.side_pitch) + c[u];
      if (!vectors) {
        to[0] = v[u][0];
        continue;
      }
      // Lanes begin at different values, so that they write to different banks.
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int k = (i + (threadIdx.x >> 3)) & 3;
        const float low = k & 1 ? v[u][1] : v[u][0], high = k & 1 ? v[u][3] : v[u][2];
        to[k] = k & 2 ? high : low;
      }
    }
  }
}

/// Begins to copy the inner channels of the low-rank branch for a tile's pixels.
__device__ __forceinline__ void fetch_inner(const Convolve &p, const Shape &s, float *inner,
                                            const Place &at) {
  for (int i = threadIdx.x; i < s.tile_pixels * 2; i += blockDim.x) {
    const int m = i >> 1;
    const int y = at.y + (m >> p.tile_width_log2), x = at.x + (m & (s.tile_width - 1));
    const bool there = y < p.out_height && x < p.out_width;
    const int64_t pixel =
        there ? (static_cast<int64_t>(at.picture) * p.height + (y >> p.doubled)) * p.width +
                    (x >> p.doubled)
              : 0;
    copy16(inner + i * 4, p.inner + pixel * kRank + (i & 1) * 4, there);
  }
}

/// The same where an output pixel reads several.
__device__ __forceinline__ void stage_inner(const Convolve &p, const Shape &s, const Row *rows,
                                            float *inner) {
  for (int i = threadIdx.x; i < s.tile_pixels * kRank; i += blockDim.x) {
    const int pixel = rows[i / kRank].pixel;
    float sum = 0.f;
    if (pixel >= 0) {
      for_sources(p, pixel, [&](int64_t source, float share) {
        sum = fmaf(p.inner[source * kRank + i % kRank], share, sum);
      });
    }
    inner[i] = sum;
  }
}

/// Cuts a float to tf32, and returns it and what is left of it.
__device__ __forceinline__ void split(float value, float &high, float &low) {
  high = __uint_as_float(__float_as_uint(value) & 0xffffe000u);
  low = value - high;
}

/// The integer `value - kMagic`, whose magnitude is below 2^22, as a float.
__device__ __forceinline__ float without_magic(int32_t value) {
  return __uint_as_float(static_cast<uint32_t>(value)) - 12582912.f;
}

/// The integer `value`, whose magnitude is below 2^22, as a float.
__device__ __forceinline__ float exact(int32_t value) { return without_magic(value + kMagic); }

__device__ __forceinline__ void read4(float (&v)[4], const float *from) {
  const float4 f = *reinterpret_cast<const float4 *>(from);
  v[0] = f.x, v[1] = f.y, v[2] = f.z, v[3] = f.w;
}

/// The sparse branch's sums for a tile's pixels, and for group j of each column of warps.
///
/// Lanes are pixels here, so that all lanes of a warp read the same entries.
__device__ __forceinline__ void add_sparse(const Convolve &p, const Shape &s,
                                           const unsigned char *side, float *sums, int first_group,
                                           int j, int warp_n) {
  const int threads = static_cast<int>(blockDim.x);
  const int pixels = min(s.tile_pixels, threads), slices = threads / pixels;
  const int slice = threadIdx.x / pixels, channels = p.warps_n * kGroup;
  const int stop = slice < slices ? channels * (slice + 1) / slices : 0;
  const uint2 *entries = reinterpret_cast<const uint2 *>(p.sparse);
  for (int at = channels * slice / slices; at < stop;) {
    // Channels up to the end of their group, whose entries follow each other.
    const int o = (first_group + (at / kGroup) * warp_n + j) * kGroup + at % kGroup;
    const int next = min(stop, (at / kGroup + 1) * kGroup);
    if (o < p.padded) {
      const int first = p.sparse_rows[o], last = p.sparse_rows[o + next - at];
      for (int m = threadIdx.x % pixels; m < s.tile_pixels; m += pixels) {
        const float *from = reinterpret_cast<const float *>(side + m * s.side_pitch);
        float *to = sums + m * s.sums_pitch + at;
        float sum = 0.f;
#pragma unroll 4
        for (int e = first; e < last; ++e) {
          const uint2 entry = entries[e];
          sum = fmaf(__uint_as_float(entry.x), from[entry.y & 0xffff], sum);
          if (entry.y >> 31) {
            *to++ = sum;
            sum = 0.f;
          }
        }
      }
    }
    at = next;
  }
}

/// kM * 16 pixels and kN * 16 channels for each warp.
template <int kM, int kN, bool kPerTap>
__device__ __forceinline__ void convolve(const Convolve &p, unsigned char *memory) {
  const Shape s(p, kM, kN);
  unsigned char *weights = memory;
  int32_t *offsets = reinterpret_cast<int32_t *>(weights + s.weight_bytes);
  unsigned char *halos = weights + s.weight_bytes + s.offset_bytes;
  Row *rows = reinterpret_cast<Row *>(halos + 2 * s.halo_bytes);
  float *inner = reinterpret_cast<float *>(halos + 2 * s.halo_bytes + s.row_bytes);
  unsigned char *side = halos + 2 * s.halo_bytes + s.row_bytes + s.inner_bytes;
  float *side_sums = reinterpret_cast<float *>(side + s.side_bytes);

  const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
  const int warp_m = warp / p.warps_n, warp_n = warp % p.warps_n;
  const int first_group = blockIdx.y * s.block_groups;
  const int groups = min(s.block_groups, p.padded / kGroup - first_group);
  const int tiles = p.tiles_x * p.tiles_y * p.batch;
  const bool has_side = p.sparse_rows != nullptr || p.mean_shortcut;

  const uint32_t *from = p.weights + static_cast<int64_t>(first_group) * p.steps * 128;
  for (int i = threadIdx.x; i < groups * p.steps * 32; i += blockDim.x) {
    copy16(weights + i * 16, from + i * 4, true);
  }
  // Where the chunk of each half step lies in a halo. Counts past the last chunk have no weights.
  const int taps = p.kernel * p.kernel;
  for (int i = threadIdx.x; i < p.steps * 2; i += blockDim.x) {
    const int per_tap = kPerTap ? p.steps / taps * 2 : p.chunks;
    const int tap = min(i / per_tap, taps - 1), chunk = min(i - tap * per_tap, p.chunks - 1);
    offsets[i] =
        (chunk * s.area + tap / p.kernel * s.columns + tap % p.kernel) * 16;
  }

  const Walk start(threadIdx.x, p.chunks, s.columns), step_of_block(blockDim.x, p.chunks, s.columns);
  int tile = blockIdx.x;
  Place next = place_of(p, tile);
  if (tile < tiles) {
    fetch_halo(p, s, halo_at(p, s, halos), next, start, step_of_block);
  }
  end_copies();

  // What a lane reads of the signs: row lane % 16, first or second half of a step.
  int32_t bases[kM];
#pragma unroll
  for (int i = 0; i < kM; ++i) {
    const int m = (warp_m * kM + i) * 16 + (lane & 15);
    const int my = m >> p.tile_width_log2, mx = m & (s.tile_width - 1);
    bases[i] = (my * s.columns + mx) * p.stride * 16;
  }

  for (int turn = 0; tile < tiles; tile += gridDim.x, turn ^= 1) {
    const Halo halo = halo_at(p, s, halos + turn * s.halo_bytes);
    const Place at = next;
    if (tile + static_cast<int>(gridDim.x) < tiles) {
      next = place_of(p, tile + gridDim.x);
      fetch_halo(p, s, halo_at(p, s, halos + (turn ^ 1) * s.halo_bytes), next, start,
                 step_of_block);
    }
    end_copies();
    wait_copies<1>();
    // From here on all warps have this turn's signs, and are done with what the last turn shared.
    __syncthreads();
    if (p.up != nullptr && p.stride == 1) {
      fetch_inner(p, s, inner, at);
    }
    end_copies();
    if (has_side) {
      stage_side(p, s, at, side);
    }
    const bool seen = describe_rows(p, s, halo, rows, at);
    const bool zeros = p.zeros != nullptr && __syncthreads_or(seen) != 0;

    int32_t count[kM][2 * kN][4];
    float sums[kPerTap ? kM : 1][2 * kN][4];
    if constexpr (kPerTap) {
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            sums[i][j][k] = 0.f;
          }
        }
      }
    }
    const int rounds = kPerTap ? taps : 1, steps = p.steps / rounds;
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int j = 0; j < 2 * kN; ++j) {
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            count[i][j][k] = 0;
          }
        }
      }
      // Where a is 0 its sign was taken for -1. Counting ones twice and zeros once puts that right.
      for (int pass = 0; pass < (zeros ? 3 : 1); ++pass) {
        const unsigned char *plane = pass == 2 ? halo.zeros : halo.bits;
        const int32_t *offset = offsets + round * steps * 2 + (lane >> 4);
        const uint4 *b = reinterpret_cast<const uint4 *>(weights) + lane +
                         (warp_n * kN * p.steps + round * steps) * 32;
#pragma unroll 2
        for (int step = 0; step < steps; ++step) {
          uint32_t a[kM][4];
          const unsigned char *at = plane + offset[step * 2];
#pragma unroll
          for (int i = 0; i < kM; ++i) {
            load_matrices(a[i], at + bases[i]);
          }
#pragma unroll
          for (int j = 0; j < kN; ++j) {
            const uint4 w = b[(j * p.steps + step) * 32];
#pragma unroll
            for (int i = 0; i < kM; ++i) {
              count_ones(count[i][2 * j], a[i], w.x, w.y);
              count_ones(count[i][2 * j + 1], a[i], w.z, w.w);
            }
          }
        }
      }
      if constexpr (kPerTap) {
        const int place = round / p.kernel * s.columns + round % p.kernel;
        const float factor = zeros ? 2.f : 4.f;
#pragma unroll
        for (int i = 0; i < kM; ++i) {
          float mean[2], base[2];
#pragma unroll
          for (int r = 0; r < 2; ++r) {
            const int m = (warp_m * kM + i) * 16 + (lane >> 2) + r * 8;
            const int at = place + (m >> p.tile_width_log2) * p.stride * s.columns +
                           (m & (s.tile_width - 1)) * p.stride;
            const int counts = halo.ones[at];
            mean[r] = halo.mean[at];
            base[r] = exact(p.channels - 2 * (counts & 0xffff) - (counts >> 16));
          }
#pragma unroll
          for (int j = 0; j < kN; ++j) {
            const int group = warp_n * kN + j;
            if (group >= groups) {
              break;
            }
            const int4 twice = *reinterpret_cast<const int4 *>(
                &p.weight_ones[round * p.padded + (first_group + group) * kGroup + 4 * (lane & 3)]);
            const float ones[4] = {exact(twice.x), exact(twice.y), exact(twice.z), exact(twice.w)};
#pragma unroll
            for (int k = 0; k < 4; ++k) {
#pragma unroll
              for (int r = 0; r < 2; ++r) {
                const int tile_n = 2 * j + (k >> 1), at = 2 * r + (k & 1);
                const float dot = fmaf(factor, exact(count[i][tile_n][at]), base[r] - ones[k]);
                sums[i][tile_n][at] = fmaf(mean[r], dot, sums[i][tile_n][at]);
              }
            }
          }
        }
      }
    }

    wait_copies<0>();
    __syncthreads();
    if (p.up != nullptr && p.stride != 1) {
      stage_inner(p, s, rows, inner);
      __syncthreads();
    }

    // A tile of 8 columns holds channels 4t + {0, 1} or 4t + {2, 3}: a lane has four neighbours.
    const int factor = zeros ? 2 : 4;
    const bool vectors = p.out_channels % 4 == 0;
#pragma unroll
    for (int j = 0; j < kN; ++j) {
      if (p.sparse_rows != nullptr) {
        if (j > 0) {
          __syncthreads();
        }
        add_sparse(p, s, side, side_sums, first_group, j, kN);
        __syncthreads();
      }
      const int group = warp_n * kN + j;
      if (group >= groups) {
        continue;
      }
      const int o = (first_group + group) * kGroup + 4 * (lane & 3);
      const bool inside = o < p.out_channels;
      const Row *row = rows + warp_m * kM * 16 + (lane >> 2);
      float alpha[4], bias[4];
      read4(alpha, p.channel + o);
      read4(bias, p.channel + p.padded + o);

      float v[kM][2][4];
      if constexpr (kPerTap) {
#pragma unroll
        for (int i = 0; i < kM; ++i) {
#pragma unroll
          for (int r = 0; r < 2; ++r) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[i][r][k] = fmaf(alpha[k], sums[i][2 * j + (k >> 1)][2 * r + (k & 1)], bias[k]);
            }
          }
        }
      } else {
        const int4 whole = *reinterpret_cast<const int4 *>(&p.weight_ones[o]);
#pragma unroll
        for (int i = 0; i < kM; ++i) {
#pragma unroll
          for (int r = 0; r < 2; ++r) {
            const Row here = row[i * 16 + r * 8];
            int4 twice = whole;
            if (here.border != 0) {
              twice = *reinterpret_cast<const int4 *>(&p.weight_ones[here.border * p.padded + o]);
            }
            const int32_t ones[4] = {twice.x, twice.y, twice.z, twice.w};
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              const int32_t dot = factor * count[i][2 * j + (k >> 1)][2 * r + (k & 1)] +
                                  (here.base - ones[k]);
              if (p.dots != nullptr && here.pixel >= 0 && o + k < p.out_channels) {
                p.dots[static_cast<int64_t>(here.pixel) * p.out_channels + o + k] = dot - kMagic;
              }
              v[i][r][k] = fmaf(without_magic(dot) * alpha[k], here.mean, bias[k]);
            }
          }
        }
        if (p.dots != nullptr) {
          continue;
        }
      }
      if (p.activation) {
        float slope[4], after[4];
        read4(slope, p.channel + 2 * p.padded + o);
        read4(after, p.channel + 3 * p.padded + o);
#pragma unroll
        for (int i = 0; i < kM; ++i) {
#pragma unroll
          for (int r = 0; r < 2; ++r) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              const float u = v[i][r][k];
              v[i][r][k] = (u >= 0.f ? u : u * slope[k]) + after[k];
            }
          }
        }
      }
      if (p.up != nullptr) {
        const float4 *up = reinterpret_cast<const float4 *>(
            p.up + ((first_group + group) * 32 + lane) * 8);
        const float4 first = up[0], second = up[1];
#pragma unroll
        for (int i = 0; i < kM; ++i) {
          float high[4], low[4], extra[2][4] = {};
#pragma unroll
          for (int k = 0; k < 4; ++k) {
            const int m = (warp_m * kM + i) * 16 + (lane >> 2) + (k & 1) * 8;
            split(inner[m * kRank + (lane & 3) + (k >> 1) * 4], high[k], low[k]);
          }
          multiply_tf32(extra[0], low, first.x, first.y);
          multiply_tf32(extra[1], low, second.x, second.y);
          multiply_tf32(extra[0], high, first.z, first.w);
          multiply_tf32(extra[1], high, second.z, second.w);
          multiply_tf32(extra[0], high, first.x, first.y);
          multiply_tf32(extra[1], high, second.x, second.y);
#pragma unroll
          for (int r = 0; r < 2; ++r) {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              v[i][r][k] += extra[k >> 1][2 * r + (k & 1)];
            }
          }
        }
      }
      if (!inside) {
        continue;
      }
      if (has_side) {
        const int first = warp_m * kM * 16 + (lane >> 2);
        if (p.sparse_rows != nullptr) {
          const float *sums = side_sums + first * s.sums_pitch + warp_n * kGroup + 4 * (lane & 3);
#pragma unroll
          for (int i = 0; i < kM; ++i) {
#pragma unroll
            for (int r = 0; r < 2; ++r) {
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[i][r][k] += sums[(i * 16 + r * 8) * s.sums_pitch + k];
              }
            }
          }
        }
        if (p.mean_shortcut) {  // of stride 2, so these are floats
#pragma unroll
          for (int i = 0; i < kM; ++i) {
#pragma unroll
            for (int r = 0; r < 2; ++r) {
              const float *a =
                  reinterpret_cast<const float *>(side + (first + i * 16 + r * 8) * s.side_pitch);
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[i][r][k] += o + k < p.channels ? a[o + k] : 0.f;
              }
            }
          }
        }
      }
#pragma unroll
      for (int i = 0; i < kM; ++i) {
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          const int pixel = row[i * 16 + r * 8].pixel;
          if (pixel < 0) {
            continue;
          }
          const int64_t at = static_cast<int64_t>(pixel) * p.out_channels + o;
          if (vectors) {
            if (p.residual != nullptr) {
              float other[4];
              load4(other, p.residual, p.residual_type, at);
#pragma unroll
              for (int k = 0; k < 4; ++k) {
                v[i][r][k] += other[k];
              }
            }
            store4(p.y, p.y_type, at, v[i][r]);
          } else {
#pragma unroll
            for (int k = 0; k < 4; ++k) {
              if (o + k < p.out_channels) {
                const float other =
                    p.residual != nullptr ? load(p.residual, p.residual_type, at + k) : 0.f;
                store(p.y, p.y_type, at + k, v[i][r][k] + other);
              }
            }
          }
        }
      }
    }
  }
  wait_copies<0>();
}

}  // namespace bimaco
