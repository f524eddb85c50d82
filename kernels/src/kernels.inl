// The inner loops, written once over the small vector types of an instruction set and compiled in
// its own file. Everything here has internal linkage and calls no inline function of the standard
// library, so that no wide code can reach a processor without it.
//
// A binary product by look-up: the signs of four input channels at a pixel are a nibble, and the
// weights of two output channels for it make a byte, which chooses one of 256 tables of 16 entries.
// An entry holds how many of the four signs differ, for the even channel in its low nibble and for
// the odd one in its high nibble. One shuffle looks up all pixels of a vector.

#if defined(_MSC_VER)
#define BIMACO_RESTRICT __restrict
#else
#define BIMACO_RESTRICT __restrict__
#endif

#include "scratch.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBlock = kBytes * kVectors;
static_assert(kBlock <= kMostBlock);

struct Tables {
  alignas(64) std::uint8_t entry[256][16];

  constexpr Tables() : entry{} {
    for (int weights = 0; weights < 256; ++weights) {
      for (int signs = 0; signs < 16; ++signs) {
        const int differ = weights ^ (signs | signs << 4);
        int count = 0;
        for (int bit = 0; bit < 4; ++bit) {
          count += (differ >> bit & 1) + (differ >> (4 + bit) & 1) * 16;
        }
        entry[weights][signs] = static_cast<std::uint8_t>(count);
      }
    }
  }
};
constexpr Tables kTables;

inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
inline std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }

template <class T>
inline void copy(T* BIMACO_RESTRICT target, const T* BIMACO_RESTRICT source, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = source[i];
}
template <class T>
inline void fill(T* target, T value, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = value;
}

// Feature maps are read and written in runs that are a picture apart, which hardware does not
// foresee. Asks for the lines of `count` floats.
inline void prefetch_floats(const float* p, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += 16) prefetch(p + i);
}

// A run of output pixels of one row within a block.
struct Segment {
  std::int64_t at, length;  // within the block
  std::int64_t row, column;
};

// What one thread works with.
struct Worker {
  // Rings of rows of a, one slot a row of x.
  std::uint8_t* signs;     // [ring_rows][groups][stride * phase_pitch]: nibbles, zeros as +1
  std::uint8_t* positive;  // likewise, zeros as -1
  std::uint8_t* has_zero;  // [ring_rows]
  float* scale;            // [ring_rows][stride * phase_pitch]: s
  float* values;           // [ring_rows][in_channels][value_pitch]: a
  float* inner;            // [ring_rows][rank][value_pitch]: down a

  // One row on its way there.
  float* row_scale;  // [value_pitch]
  float* row_inner;  // [rank][value_pitch]

  // One block.
  Segment* segments;            // [kBlock]
  const std::uint8_t** rows;    // [kBlock][3]: signs of each segment's rows; null outside
  std::uint8_t* nibbles;        // [kMostGroups][kBlock] and some
  std::uint16_t* counts;        // [padded_out][kBlock]; bytes where one chunk is all
  float* sums;                  // [padded_out][kBlock]: per tap
  float* tap_scale;             // [taps][kBlock]
  float* valid;                 // [kBlock]: sign products of a pixel
  float* block_inner;           // [rank][kBlock]
  float* source;                // [kBlock]
  float* result;                // [kTileChannels][kBlock]
  float* tile;                  // [kTileChannels][kTile], and as many raw values
  std::int64_t segment_count;
  std::int64_t packed_until;  // the last row in the rings
};

void take_all(Scratch& scratch, const LayerPlan& plan, Worker& w) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  const std::int64_t sign_bytes = plan.ring_rows * plan.groups * row_bytes;
  scratch.take(w.signs, sign_bytes + kTile);
  scratch.take(w.positive, call.zero_is_zero ? sign_bytes + kTile : 0);
  scratch.take(w.has_zero, plan.ring_rows);
  scratch.take(w.scale, plan.ring_rows * row_bytes);
  scratch.take(w.values,
               plan.keeps_values ? plan.ring_rows * plan.padded_in * plan.value_pitch : 0);
  scratch.take(w.inner, plan.ring_rows * call.rank * plan.value_pitch);
  scratch.take(w.row_scale, plan.value_pitch);
  scratch.take(w.row_inner, plan.doubling ? call.rank * plan.value_pitch : 0);
  scratch.take(w.segments, kBlock);
  scratch.take(w.rows, kBlock * 3);
  scratch.take(w.nibbles, kMostGroups * kBlock + kTile);
  scratch.take(w.counts, plan.per_tap ? 0 : plan.padded_out * kBlock);
  scratch.take(w.sums, plan.per_tap ? plan.padded_out * kBlock : 0);
  scratch.take(w.tap_scale, plan.taps * kBlock);
  scratch.take(w.valid, kBlock);
  scratch.take(w.block_inner, call.rank * kBlock);
  scratch.take(w.source, kBlock);
  scratch.take(w.result, kTileChannels * kBlock);
  scratch.take(w.tile, 2 * kTileChannels * kTile);
}

// ---- activations ----

// 2^v for v in -126..127, within 3e-7 of it; outside, the nearest of these.
inline Floats power_of(Floats v) {
  v = minimum(maximum(v, set(-126.0f)), set(127.0f));
  const Floats whole = round_to_even(v);
  const Floats r = subtract(v, whole);
  // The Chebyshev polynomial of 2^r on -0.5..0.5, which is off by 3e-9.
  Floats p = set(1.5469732e-4f);
  p = add_product(p, r, set(1.34004322e-3f));
  p = add_product(p, r, set(9.6180256e-3f));
  p = add_product(p, r, set(5.55032721e-2f));
  p = add_product(p, r, set(2.40226512e-1f));
  p = add_product(p, r, set(6.93147207e-1f));
  p = add_product(p, r, set(1.0f));
  return times_power_of_two(p, whole);
}

constexpr float kLog2e = 1.44269504f;

inline Floats silu(Floats v) {
  return divide(v, add(set(1.0f), power_of(multiply(v, set(-kLog2e)))));
}

// The error function after Abramowitz and Stegun, 7.1.26: within 2e-7.
inline Floats gelu(Floats v) {
  const Floats z = absolute(multiply(v, set(0.70710678f)));
  const Floats t = divide(set(1.0f), add_product(z, set(0.3275911f), set(1.0f)));
  Floats p = set(1.061405429f);
  p = add_product(p, t, set(-1.453152027f));
  p = add_product(p, t, set(1.421413741f));
  p = add_product(p, t, set(-0.284496736f));
  p = add_product(p, t, set(0.254829592f));
  const Floats tail = multiply(multiply(p, t), power_of(multiply(multiply(z, z), set(-kLog2e))));
  const Floats half = multiply(v, set(0.5f));
  return add_product(half, with_sign_of(subtract(set(1.0f), tail), v), half);
}

// ---- rows of x become rows of signs, scales and values ----

// Prepare `channels` rows of kTile pixels: a into `tile`, the sum of |a| added to `scale`.
template <bool affine, int activation>
void prepare(const bimaco_layer& call, const float* const* rows, std::int64_t channels,
             const float* pre_scale, const float* pre_shift, float* tile, std::int64_t pitch,
             float* scale) {
  const Floats slope = set(call.negative_slope);
  for (std::int64_t i = 0; i < kTile; i += kFloats) {
    Floats sum = load(scale + i);
    for (std::int64_t c = 0; c < channels; ++c) {
      Floats v = load(rows[c] + i);
      // Not fused: the sign must be that of the two roundings that torch makes.
      if constexpr (affine) v = add(multiply(v, set(pre_scale[c])), set(pre_shift[c]));
      if constexpr (activation == BIMACO_LEAKY) v = maximum(multiply(v, slope), v);
      if constexpr (activation == BIMACO_SILU) v = silu(v);
      if constexpr (activation == BIMACO_GELU) v = gelu(v);
      store(tile + c * pitch + i, v);
      sum = add(sum, absolute(v));
    }
    store(scale + i, sum);
  }
}

using Prepare = void (*)(const bimaco_layer&, const float* const*, std::int64_t, const float*,
                         const float*, float*, std::int64_t, float*);

inline Prepare preparation(const bimaco_layer& call) {
  if (call.pre_scale) {
    switch (call.activation) {
      case BIMACO_LEAKY: return prepare<true, BIMACO_LEAKY>;
      case BIMACO_SILU: return prepare<true, BIMACO_SILU>;
      case BIMACO_GELU: return prepare<true, BIMACO_GELU>;
      default: return prepare<true, BIMACO_NO_ACTIVATION>;
    }
  }
  switch (call.activation) {
    case BIMACO_LEAKY: return prepare<false, BIMACO_LEAKY>;
    case BIMACO_SILU: return prepare<false, BIMACO_SILU>;
    case BIMACO_GELU: return prepare<false, BIMACO_GELU>;
    default: return prepare<false, BIMACO_NO_ACTIVATION>;
  }
}

// Where the rows of a tile of x start, copied to `raw` where they cannot be read as they lie.
inline void find_rows(const LayerPlan& plan, const float* x, std::int64_t channels,
                      std::int64_t pixels, float* raw, const float** rows) {
  if (plan.in.pixel_stride == 1) {
    for (std::int64_t c = 0; c < channels; ++c) {
      rows[c] = x + c * plan.in.channel_stride;
      if (pixels < kTile) {
        copy(raw + c * kTile, rows[c], pixels);
        rows[c] = raw + c * kTile;
      }
    }
    return;
  }
  std::int64_t done = 0;
  if (channels == kTileChannels) {
    for (; done + 8 <= pixels; done += 8) {
      transpose8(x + done * plan.in.pixel_stride, plan.in.pixel_stride, raw + done, kTile);
    }
  }
  for (std::int64_t i = done; i < pixels; ++i) {
    for (std::int64_t c = 0; c < channels; ++c) raw[c * kTile + i] = x[i * plan.in.pixel_stride + c];
  }
  for (std::int64_t c = 0; c < channels; ++c) rows[c] = raw + c * kTile;
}

// Put values of kTile columns from `column` on where the ring keeps them for the taps.
template <class T>
inline void put(const LayerPlan& plan, T* BIMACO_RESTRICT row, std::int64_t column,
                const T* BIMACO_RESTRICT values) {
  if (plan.call->stride == 1 && !plan.doubling) {
    copy(row + plan.padding + column, values, kTile);
  } else if (plan.doubling) {
    T* target = row + plan.padding + 2 * column;
    for (std::int64_t i = 0; i < kTile; ++i) target[2 * i] = target[2 * i + 1] = values[i];
  } else {
    // Even columns, then odd ones; `column` is even.
    const std::int64_t first = plan.padding, second = 1 - plan.padding;
    T* even = row + first * plan.phase_pitch + (column + plan.padding) / 2;
    T* odd = row + second * plan.phase_pitch + (column + 1 + plan.padding) / 2;
    for (std::int64_t i = 0; i < kTile / 2; ++i) {
      even[i] = values[2 * i];
      odd[i] = values[2 * i + 1];
    }
  }
}

template <class T>
inline T* padded_column(const LayerPlan& plan, T* row, std::int64_t column) {
  const std::int64_t halving = plan.call->stride - 1;
  return row + (column & halving) * plan.phase_pitch + (column >> halving);
}

template <class T>
inline void put_borders(const LayerPlan& plan, T* row, T value, std::int64_t width) {
  if (!plan.padding) return;
  *padded_column(plan, row, 0) = value;
  *padded_column(plan, row, width + 1) = value;
}

inline void double_columns(float* BIMACO_RESTRICT target, const float* BIMACO_RESTRICT source,
                           std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[2 * i] = target[2 * i + 1] = source[i];
}

void add_inner(const LayerPlan& plan, const float* tile, std::int64_t pitch, std::int64_t channel,
               float* inner) {
  for (std::int64_t r = 0; r < plan.call->rank; ++r) {
    const float* down = plan.down + r * plan.padded_in + channel;
    Floats factor[kTileChannels];
    for (std::int64_t c = 0; c < kTileChannels; ++c) factor[c] = set(down[c]);
    float* target = inner + r * plan.value_pitch;
    for (std::int64_t i = 0; i < kTile; i += kFloats) {
      Floats sum = channel ? load(target + i) : set(0.0f);
      for (std::int64_t c = 0; c < kTileChannels; ++c) {
        sum = add_product(factor[c], load(tile + c * pitch + i), sum);
      }
      store(target + i, sum);
    }
  }
}

// Whether one of four rows of kTile values holds a zero.
inline bool has_zero(const float* rows, std::int64_t pitch) {
  for (std::int64_t c = 0; c < kGroup; ++c) {
    Floats least = absolute(load(rows + c * pitch));
    for (std::int64_t i = kFloats; i < kTile; i += kFloats) {
      least = minimum(least, absolute(load(rows + c * pitch + i)));
    }
    if (!all_above_zero(least)) return true;
  }
  return false;
}

// Row `y` of x into the rings.
void pack_row(const LayerPlan& plan, Worker& w, Prepare prepare_tile, std::int64_t image,
              std::int64_t y) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t slot = y % plan.ring_rows;
  const std::int64_t width = smaller(plan.in.width, plan.in.pixels - y * plan.in.width);
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  const float* x = call.x + image * call.in_channels * plan.in.pixels +
                   y * plan.in.width * plan.in.pixel_stride;
  float* const inner_ring = w.inner + slot * call.rank * plan.value_pitch;
  float* const inner = plan.doubling ? w.row_inner : inner_ring;
  std::uint8_t any_zero = 0;
  fill(w.row_scale, 0.0f, round_up(width, kTile));
  float* const raw = w.tile + kTileChannels * kTile;

  for (std::int64_t channel = 0; channel < call.in_channels; channel += kTileChannels) {
    const std::int64_t channels = smaller(kTileChannels, call.in_channels - channel);
    const float* scale = call.pre_scale ? call.pre_scale + image * call.pre_stride + channel : nullptr;
    const float* shift = call.pre_shift ? call.pre_shift + image * call.pre_stride + channel : nullptr;
    float* const kept = w.values + (slot * plan.padded_in + channel) * plan.value_pitch;
    if (plan.in.pixel_stride == 1) {
      const std::int64_t next = smaller(kTileChannels, call.in_channels - channel - channels);
      for (std::int64_t c = channels; c < channels + next; ++c) {
        prefetch_floats(x + (channel + c) * plan.in.channel_stride, width);
      }
    }
    const bool in_place = plan.keeps_values && !plan.doubling;
    const std::int64_t pitch = in_place ? plan.value_pitch : kTile;
    for (std::int64_t column = 0; column < width; column += kTile) {
      const std::int64_t pixels = smaller(kTile, width - column);
      const float* rows[kTileChannels];
      find_rows(plan, x + channel * plan.in.channel_stride + column * plan.in.pixel_stride,
                channels, pixels, raw, rows);
      float* const tile = in_place ? kept + column : w.tile;
      prepare_tile(call, rows, channels, scale, shift, tile, pitch, w.row_scale + column);
      for (std::int64_t c = channels; c < kTileChannels; ++c) fill(tile + c * pitch, 0.0f, kTile);
      if (call.rank) add_inner(plan, tile, pitch, channel, inner + column);
      if (plan.keeps_values && plan.doubling) {
        for (std::int64_t c = 0; c < channels; ++c) {
          double_columns(kept + c * plan.value_pitch + 2 * column, tile + c * pitch, kTile);
        }
      }
      for (std::int64_t first = 0; first < channels; first += kGroup) {
        const std::int64_t group = (channel + first) / kGroup;
        const int there = (1 << smaller(kGroup, channels - first)) - 1;
        const std::int64_t place = (slot * plan.groups + group) * row_bytes;
        alignas(64) std::uint8_t nibbles[kTile];
        pack_nibbles<false>(tile + first * pitch, pitch, there, nibbles);
        put(plan, w.signs + place, column, nibbles);
        if (call.zero_is_zero) {
          if (has_zero(tile + first * pitch, pitch)) {
            pack_nibbles<true>(tile + first * pitch, pitch, there, nibbles);
            any_zero = 1;
          }
          put(plan, w.positive + place, column, nibbles);
        }
      }
    }
    for (std::int64_t first = 0; first < channels; first += kGroup) {
      const std::int64_t place = (slot * plan.groups + (channel + first) / kGroup) * row_bytes;
      put_borders(plan, w.signs + place, kOutside, plan.virtual_width);
      if (call.zero_is_zero) {
        put_borders(plan, w.positive + place, kOutside, plan.virtual_width);
      }
    }
  }

  w.has_zero[slot] = any_zero;
  const float mean = 1.0f / static_cast<float>(call.in_channels);
  for (std::int64_t i = 0; i < width; ++i) w.row_scale[i] *= mean;
  float* const scale_row = w.scale + slot * row_bytes;
  for (std::int64_t column = 0; column < width; column += kTile) {
    put(plan, scale_row, column, w.row_scale + column);
  }
  put_borders(plan, scale_row, 0.0f, plan.virtual_width);
  if (plan.doubling) {
    for (std::int64_t r = 0; r < call.rank; ++r) {
      double_columns(inner_ring + r * plan.value_pitch, inner + r * plan.value_pitch, width);
    }
  }
}

// ---- the binary product of a block ----

// The sums of three look-ups.
template <int vectors>
inline void look_up_step(const std::uint8_t* BIMACO_RESTRICT nibbles,
                         const std::uint8_t* BIMACO_RESTRICT weights, Bytes (&sum)[vectors]) {
  const Table t0 = table(kTables.entry[weights[0]], weights[0]);
  const Table t1 = table(kTables.entry[weights[1]], weights[1]);
  const Table t2 = table(kTables.entry[weights[2]], weights[2]);
  for (int v = 0; v < vectors; ++v) {
    const std::uint8_t* n = nibbles + v * kBytes;
    sum[v] = add(add(look_up(t0, n), look_up(t1, n + kBlock)), look_up(t2, n + 2 * kBlock));
  }
}

// Count the sign products that differ, for an even (low) and an odd (high) output channel.
template <int vectors>
inline void count_pair(const std::uint8_t* BIMACO_RESTRICT nibbles,
                       const std::uint8_t* BIMACO_RESTRICT weights, std::int64_t lookups,
                       Bytes (&low)[vectors], Bytes (&high)[vectors]) {
  // Three look-ups sum to at most 12 in each nibble. `total` takes the whole bytes, modulo 256,
  // `high` the high nibbles; low = total - 16 * high is exact, since no count passes 255.
  Bytes total[vectors];
  for (int v = 0; v < vectors; ++v) total[v] = high[v] = zero_bytes();
  std::int64_t k = 0;
  for (; k + 2 * kStep <= lookups; k += 2 * kStep) {
    Bytes first[vectors], second[vectors];
    look_up_step<vectors>(nibbles + k * kBlock, weights + k, first);
    for (int v = 0; v < vectors; ++v) total[v] = add(total[v], first[v]);
    look_up_step<vectors>(nibbles + (k + kStep) * kBlock, weights + k + kStep, second);
    for (int v = 0; v < vectors; ++v) {
      total[v] = add(total[v], second[v]);
      high[v] = add_high_nibbles(high[v], first[v], second[v]);
    }
  }
  if (k < lookups) {
    Bytes last[vectors];
    look_up_step<vectors>(nibbles + k * kBlock, weights + k, last);
    for (int v = 0; v < vectors; ++v) {
      total[v] = add(total[v], last[v]);
      high[v] = add_high_nibbles(high[v], last[v], zero_bytes());
    }
  }
  for (int v = 0; v < vectors; ++v) low[v] = subtract_sixteenfold(total[v], high[v]);
}

// How a chunk's counts are added to those of the chunks before it.
struct Totals {
  bool as_bytes, is_first;
  // Per tap: a count c stands for (offset - c) * scale, with the factor of `Product` in the scale.
  std::uint8_t offset;
  const float* scale;
};

template <int vectors>
void count_channels(const LayerPlan& plan, Worker& w, const Chunk& chunk, const Totals& totals,
                    std::int64_t begin, std::int64_t end) {
  for (std::int64_t o = begin; o < end; o += 2) {
    Bytes count[2][vectors];
    count_pair<vectors>(w.nibbles, plan.weights + o / 2 * plan.depth + chunk.first, chunk.count,
                        count[0], count[1]);
    for (int odd = 0; odd < 2; ++odd) {
      if (totals.scale) {
        alignas(64) std::uint8_t bytes[vectors * kBytes];
        for (int v = 0; v < vectors; ++v) {
          store(bytes + v * kBytes, subtract_from(totals.offset, count[odd][v]));
        }
        float* sums = w.sums + (o + odd) * kBlock;
        if (totals.is_first) {
          for (std::int64_t i = 0; i < vectors * kBytes; i += kFloats) {
            store(sums + i, multiply(from_signed_bytes(bytes + i), load(totals.scale + i)));
          }
        } else {
          for (std::int64_t i = 0; i < vectors * kBytes; i += kFloats) {
            const Floats scale = load(totals.scale + i);
            store(sums + i, add_product(from_signed_bytes(bytes + i), scale, load(sums + i)));
          }
        }
      } else if (totals.as_bytes) {
        auto* bytes = reinterpret_cast<std::uint8_t*>(w.counts + (o + odd) * kBlock);
        for (int v = 0; v < vectors; ++v) store(bytes + v * kBytes, count[odd][v]);
      } else {
        std::uint16_t* counts = w.counts + (o + odd) * kBlock;
        for (int v = 0; v < vectors; ++v) {
          add_widened(counts + v * kBytes, count[odd][v], totals.is_first);
        }
      }
    }
  }
}

// The nibbles of a chunk's look-ups for all pixels of the block.
void gather(const LayerPlan& plan, Worker& w, const Chunk& chunk, bool positive,
            std::int64_t pixels) {
  const std::int64_t row_bytes = plan.call->stride * plan.phase_pitch;
  const std::ptrdiff_t other = positive ? w.positive - w.signs : 0;
  for (std::int64_t k = 0; k < chunk.count; ++k) {
    const Lookup lookup = plan.lookups[chunk.first + k];
    std::uint8_t* const target = w.nibbles + k * kBlock;
    if (lookup.group < 0) {
      fill(target, kOutside, round_up(pixels, kBytes));
      continue;
    }
    const std::int64_t dy = lookup.tap / plan.call->kernel_size;
    const std::int64_t dx = lookup.tap % plan.call->kernel_size;
    for (std::int64_t s = 0; s < w.segment_count; ++s) {
      const Segment& segment = w.segments[s];
      const std::uint8_t* row = w.rows[3 * s + dy];
      std::uint8_t* to = target + segment.at;
      // What is copied past a segment's end is written over by the next one.
      if (!row) {
        fill(to, kOutside, segment.length);
        continue;
      }
      const std::uint8_t* from =
          padded_column(plan, row + other + lookup.group * row_bytes, dx) + segment.column;
      for (std::int64_t i = 0; i < segment.length; i += kTile) copy(to + i, from + i, kTile);
    }
  }
}

// Find the block's pixels in the rings. Returns whether one of their rows holds a zero.
bool find_segments(const LayerPlan& plan, Worker& w, std::int64_t first, std::int64_t pixels) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  bool any_zero = false;
  w.segment_count = 0;
  for (std::int64_t at = 0; at < pixels;) {
    const std::int64_t row = (first + at) / plan.out.width, column = (first + at) % plan.out.width;
    const std::int64_t length = smaller(pixels - at, plan.out.width - column);
    const std::int64_t s = w.segment_count++;
    w.segments[s] = {at, length, row, column};
    std::int64_t rows_inside = 0;
    for (std::int64_t dy = 0; dy < call.kernel_size; ++dy) {
      const std::int64_t y = row * call.stride + dy - plan.padding;
      const bool inside = y >= 0 && y < plan.virtual_height;
      const std::int64_t slot = inside ? (y >> plan.doubling) % plan.ring_rows : 0;
      w.rows[3 * s + dy] = inside ? w.signs + slot * plan.groups * row_bytes : nullptr;
      rows_inside += inside;
      any_zero = any_zero || (inside && w.has_zero[slot]);
      for (std::int64_t dx = 0; dx < call.kernel_size; ++dx) {
        const std::int64_t tap = dy * call.kernel_size + dx;
        if (!plan.per_tap && tap != plan.taps / 2) continue;
        float* target = w.tap_scale + (plan.per_tap ? tap : 0) * kBlock + at;
        if (inside) {
          const float* source = padded_column(plan, w.scale + slot * row_bytes, dx) + column;
          copy(target, source, length);
        } else {
          fill(target, 0.0f, length);
        }
      }
    }
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t left = (column + i) * call.stride - plan.padding;
      const std::int64_t right = smaller(left + call.kernel_size, plan.virtual_width);
      const std::int64_t inside = rows_inside * (right - larger(left, 0)) * call.in_channels;
      w.valid[at + i] = static_cast<float>(inside);
    }
    at += length;
  }
  // Lanes past the last pixel are computed and thrown away.
  const std::int64_t lanes = round_up(pixels, kBytes) - pixels;
  fill(w.valid + pixels, 0.0f, lanes);
  for (std::int64_t t = 0; t < (plan.per_tap ? plan.taps : 1); ++t) {
    fill(w.tap_scale + t * kBlock + pixels, 0.0f, lanes);
  }
  return any_zero;
}

struct Product {
  bool as_bytes;
  float factor;  // a count stands for so many
};

// The channels that a chunk's look-ups count.
inline std::int64_t channels_of(const LayerPlan& plan, const Chunk& chunk) {
  std::int64_t channels = 0;
  for (std::int64_t k = chunk.first; k < chunk.first + chunk.count; ++k) {
    const std::int64_t group = plan.lookups[k].group;
    if (group >= 0) channels += smaller(kGroup, plan.call->in_channels - group * kGroup);
  }
  return channels;
}

// With a scale per tap a chunk of n channels stands for factor * (n / 2 - count) * scale. Halves
// of odd n are added to `valid`, the factor goes into the scales.
void prepare_tap_scales(const LayerPlan& plan, Worker& w, float factor) {
  fill(w.valid, 0.0f, kBlock);
  for (std::int64_t c = 0; c < plan.chunk_count; ++c) {
    if (channels_of(plan, plan.chunks[c]) % 2 == 0) continue;
    const float* scale = w.tap_scale + plan.chunks[c].tap * kBlock;
    for (std::int64_t i = 0; i < kBlock; ++i) w.valid[i] += scale[i];
  }
  for (std::int64_t i = 0; i < plan.taps * kBlock; ++i) w.tap_scale[i] *= factor;
}

Product multiply_block(const LayerPlan& plan, Worker& w, std::int64_t first, std::int64_t pixels,
                       std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  // A zero counts as +1 in one pass and as -1 in the other; their mean is 0.
  const bool any_zero = find_segments(plan, w, first, pixels);
  const int passes = any_zero && call.zero_is_zero ? 2 : 1;
  const bool as_bytes = plan.chunk_count == 1 && passes == 1;
  const float factor = 2.0f / static_cast<float>(passes);
  const auto vectors = static_cast<int>(ceil_div(pixels, kBytes));
  if (plan.per_tap) prepare_tap_scales(plan, w, factor);
  for (std::int64_t c = 0; c < plan.chunk_count; ++c) {
    const Chunk& chunk = plan.chunks[c];
    const auto half = static_cast<std::uint8_t>(channels_of(plan, chunk) / 2);
    for (int pass = 0; pass < passes; ++pass) {
      gather(plan, w, chunk, pass == 1, pixels);
      const Totals totals = {as_bytes, c == 0 && pass == 0, half,
                             plan.per_tap ? w.tap_scale + chunk.tap * kBlock : nullptr};
      if (vectors == 1) {
        count_channels<1>(plan, w, chunk, totals, begin, end);
      } else if (vectors == 2) {
        count_channels<2>(plan, w, chunk, totals, begin, end);
      } else if (vectors == 3) {
        count_channels<3>(plan, w, chunk, totals, begin, end);
      } else {
        count_channels<4>(plan, w, chunk, totals, begin, end);
      }
    }
  }
  return {as_bytes, factor};
}

// ---- the epilogue of a block ----

// The mean over the pixels of 2x2 blocks that are inside the picture, for a run of output pixels.
// `upper` and `lower` are two rows of a; `lower` is null below the picture.
inline void mean_of_blocks(const LayerPlan& plan, const Segment& segment, const float* upper,
                           const float* lower, float* target) {
  const float* second = lower ? lower : upper;
  for (std::int64_t i = 0; i < segment.length; ++i) {
    const std::int64_t left = 2 * (segment.column + i);
    const std::int64_t right = smaller(left + 1, plan.virtual_width - 1);
    target[i] = ((upper[left] + upper[right]) + (second[left] + second[right])) * 0.25f;
  }
}

// Row `index` of `count` of a ring of values, or its 2x2 means, for all pixels of the block.
void fetch(const LayerPlan& plan, const Worker& w, const float* ring, std::int64_t count,
           std::int64_t index, float* target) {
  for (std::int64_t s = 0; s < w.segment_count; ++s) {
    const Segment& segment = w.segments[s];
    const auto row = [&](std::int64_t y) {
      const std::int64_t slot = (y >> plan.doubling) % plan.ring_rows;
      return ring + (slot * count + index) * plan.value_pitch;
    };
    if (plan.call->stride == 1) {
      copy(target + segment.at, row(segment.row) + segment.column, segment.length);
    } else {
      const std::int64_t y = 2 * segment.row;
      const float* lower = y + 1 < plan.virtual_height ? row(y + 1) : nullptr;
      mean_of_blocks(plan, segment, row(y), lower, target + segment.at);
    }
  }
}

template <int count>
inline void add_products(float* BIMACO_RESTRICT result, const float* factor,
                         const float* BIMACO_RESTRICT values, std::int64_t lanes) {
  Floats f[count];
  for (int r = 0; r < count; ++r) f[r] = set(factor[r]);
  for (std::int64_t i = 0; i < lanes; i += kFloats) {
    Floats sum = load(result + i);
    for (int r = 0; r < count; ++r) {
      sum = add_product(f[r], load(values + r * kBlock + i), sum);
    }
    store(result + i, sum);
  }
}

// What is left of the low-rank branch after the first eight products.
void add_rest_of_rank(const LayerPlan& plan, const Worker& w, std::int64_t o, std::int64_t done,
                      float* result, std::int64_t lanes) {
  const std::int64_t rank = plan.call->rank;
  const float* up = plan.call->up + o * rank;
  std::int64_t r = done;
  for (; r + 8 <= rank; r += 8) add_products<8>(result, up + r, w.block_inner + r * kBlock, lanes);
  for (; r + 4 <= rank; r += 4) add_products<4>(result, up + r, w.block_inner + r * kBlock, lanes);
  for (; r < rank; ++r) add_products<1>(result, up + r, w.block_inner + r * kBlock, lanes);
}

// Two entries of the sparse branch at a time, read where the ring keeps their rows.
void add_sparse(const LayerPlan& plan, const Worker& w, std::int64_t o, float* result) {
  const std::int32_t last = plan.first_entry[o + 1];
  for (std::int32_t k = plan.first_entry[o]; k < last; k += 2) {
    const bool has_second = k + 1 < last;
    const float f0 = plan.entry_value[k], f1 = has_second ? plan.entry_value[k + 1] : 0.0f;
    const std::int64_t in0 = plan.entry_in[k], in1 = has_second ? plan.entry_in[k + 1] : in0;
    const Floats factor0 = set(f0), factor1 = set(f1);
    for (std::int64_t s = 0; s < w.segment_count; ++s) {
      const Segment& segment = w.segments[s];
      const std::int64_t slot = (segment.row >> plan.doubling) % plan.ring_rows;
      const float* rows = w.values + slot * plan.padded_in * plan.value_pitch + segment.column;
      const float* x0 = rows + in0 * plan.value_pitch;
      const float* x1 = rows + in1 * plan.value_pitch;
      float* const y = result + segment.at;
      std::int64_t i = 0;
      if (has_second) {
        for (; i + kFloats <= segment.length; i += kFloats) {
          const Floats sum = add_product(factor0, load(x0 + i), load(y + i));
          store(y + i, add_product(factor1, load(x1 + i), sum));
        }
        for (; i < segment.length; ++i) y[i] += f0 * x0[i] + f1 * x1[i];
      } else {
        for (; i + kFloats <= segment.length; i += kFloats) {
          store(y + i, add_product(factor0, load(x0 + i), load(y + i)));
        }
        for (; i < segment.length; ++i) y[i] += f0 * x0[i];
      }
    }
  }
}

// The product of channel `o` as floats, from its counts: before RPReLU and what follows.
struct FromBytes {
  const std::uint8_t* counts;
  const float* valid;
  const float* scale;
  Floats factor, alpha, bias;

  Floats operator()(std::int64_t i) const {
    const Floats dot = subtract_product(from_bytes(counts + i), factor, load(valid + i));
    return add_product(dot, multiply(alpha, load(scale + i)), bias);
  }
};
struct FromWords {
  const std::uint16_t* counts;
  const float* valid;
  const float* scale;
  Floats factor, alpha, bias;

  Floats operator()(std::int64_t i) const {
    const Floats count = from_words(counts + place_of_word(i));
    const Floats dot = subtract_product(count, factor, load(valid + i));
    return add_product(dot, multiply(alpha, load(scale + i)), bias);
  }
};
struct FromSums {
  const float* sums;
  const float* valid;
  Floats alpha, bias;

  Floats operator()(std::int64_t i) const {
    return add_product(add(load(sums + i), load(valid + i)), alpha, bias);
  }
};

// One pass over a channel: RPReLU, eight products of the low-rank branch, residual. `pixels` is a
// multiple of kFloats, or lanes past it may be read and written.
template <bool rectified, bool ranked, class Read>
inline void finish_lanes(const bimaco_layer& call, const Worker& w, std::int64_t o, const Read& read,
                         const float* residual, float* result, std::int64_t pixels) {
  const Floats zero = set(0.0f);
  Floats slope = zero, after = zero, up[8];
  if constexpr (rectified) {
    slope = set(call.slope[o]);
    after = set(call.after[o]);
  }
  if constexpr (ranked) {
    for (int r = 0; r < 8; ++r) up[r] = set(call.up[o * call.rank + r]);
  }
  for (std::int64_t i = 0; i < pixels; i += kFloats) {
    Floats v = read(i);
    if constexpr (rectified) {
      v = add(add_product(slope, minimum(zero, v), maximum(zero, v)), after);
    }
    if constexpr (ranked) {
      for (int r = 0; r < 8; ++r) v = add_product(up[r], load(w.block_inner + r * kBlock + i), v);
    }
    if (residual) v = add(v, load(residual + i));
    store(result + i, v);
  }
}

template <class Read>
void finish_with(const bimaco_layer& call, const Worker& w, std::int64_t o, const Read& read,
                 const float* residual, float* result, std::int64_t pixels) {
  const bool ranked = call.rank >= 8;
  if (call.slope) {
    if (ranked) {
      finish_lanes<true, true>(call, w, o, read, residual, result, pixels);
    } else {
      finish_lanes<true, false>(call, w, o, read, residual, result, pixels);
    }
  } else if (ranked) {
    finish_lanes<false, true>(call, w, o, read, residual, result, pixels);
  } else {
    finish_lanes<false, false>(call, w, o, read, residual, result, pixels);
  }
}

// Channel `o` of the result. `residual` may be null.
void finish_channel(const LayerPlan& plan, const Worker& w, const Product& product, std::int64_t o,
                    const float* residual, float* result, std::int64_t pixels) {
  const bimaco_layer& call = *plan.call;
  const Floats factor = set(product.factor), alpha = set(call.alpha[o]), bias = set(call.bias[o]);
  if (plan.per_tap) {
    const FromSums read{w.sums + o * kBlock, w.valid, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  } else if (product.as_bytes) {
    const auto* counts = reinterpret_cast<const std::uint8_t*>(w.counts + o * kBlock);
    const FromBytes read{counts, w.valid, w.tap_scale, factor, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  } else {
    const FromWords read{w.counts + o * kBlock, w.valid, w.tap_scale, factor, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  }
  if (call.rank && call.rank != 8) {
    add_rest_of_rank(plan, w, o, call.rank > 8 ? 8 : 0, result, pixels);
  }
  if (call.entries && call.stride == 1) {
    add_sparse(plan, w, o, result);
  } else {
    for (std::int32_t k = plan.first_entry[o]; k < plan.first_entry[o + 1]; ++k) {
      fetch(plan, w, w.values, plan.padded_in, plan.entry_in[k], w.source);
      add_products<1>(result, plan.entry_value + k, w.source, pixels);
    }
  }
  if (call.mean_shortcut) {
    const float one = 1.0f;
    fetch(plan, w, w.values, plan.padded_in, o, w.source);
    add_products<1>(result, &one, w.source, pixels);
  }
}

// Write a tile of channels from `w.result`, adding the residual.
void write_tile(const LayerPlan& plan, const Worker& w, std::int64_t place, std::int64_t pixels,
                std::int64_t channels) {
  float* const y = plan.call->y + place;
  const float* const residual = plan.call->residual ? plan.call->residual + place : nullptr;
  const std::int64_t pitch = plan.out.pixel_stride, channel_pitch = plan.out.channel_stride;
  std::int64_t done = 0;
  if (channels == kTileChannels && channel_pitch == 1) {
    for (; done + 8 <= pixels; done += 8) {
      transpose8(w.result + done, kBlock, y + done * pitch, pitch);
      if (!residual) continue;
      for (std::int64_t i = done; i < done + 8; ++i) {
        for (std::int64_t c = 0; c < 8; c += kFloats) {
          float* target = y + i * pitch + c;
          store(target, add(load(target), load(residual + i * pitch + c)));
        }
      }
    }
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t i = done; i < pixels; ++i) {
      const std::int64_t at = i * pitch + c * channel_pitch;
      const float v = w.result[c * kBlock + i];
      y[at] = residual ? v + residual[at] : v;
    }
  }
}

void write_dots(const LayerPlan& plan, const Worker& w, const Product& product, std::int64_t image,
                std::int64_t first, std::int64_t pixels, std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  std::int32_t* const dots = call.dots + image * call.out_channels * plan.out.pixels;
  for (std::int64_t o = begin; o < smaller(end, call.out_channels); ++o) {
    const std::uint16_t* words = w.counts + o * kBlock;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(words);
    for (std::int64_t i = 0; i < pixels; ++i) {
      const std::int32_t count = product.as_bytes ? bytes[i] : words[place_of_word(i)];
      dots[(first + i) * plan.out.pixel_stride + o * plan.out.channel_stride] =
          static_cast<std::int32_t>(w.valid[i]) - static_cast<std::int32_t>(product.factor) * count;
    }
  }
}

void finish_block(const LayerPlan& plan, Worker& w, const Product& product, std::int64_t image,
                  std::int64_t first, std::int64_t pixels, std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  for (std::int64_t r = 0; r < call.rank; ++r) {
    fetch(plan, w, w.inner, call.rank, r, w.block_inner + r * kBlock);
  }
  constexpr std::int64_t kAhead = 3;  // channels
  const bool in_place = plan.out.pixel_stride == 1 && pixels % kFloats == 0;
  const std::int64_t lanes = round_up(pixels, kFloats);
  const std::int64_t start =
      image * call.out_channels * plan.out.pixels + first * plan.out.pixel_stride;
  for (std::int64_t tile = begin; tile < smaller(end, call.out_channels); tile += kTileChannels) {
    const std::int64_t channels = smaller(kTileChannels, call.out_channels - tile);
    const std::int64_t place = start + tile * plan.out.channel_stride;
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t at = place + c * plan.out.channel_stride;
      if (in_place) {
        const float* residual = call.residual ? call.residual + at : nullptr;
        if (tile + c + kAhead < call.out_channels) {
          prefetch_floats(call.y + at + kAhead * plan.out.channel_stride, pixels);
          if (residual) prefetch_floats(residual + kAhead * plan.out.channel_stride, pixels);
        }
        finish_channel(plan, w, product, tile + c, residual, call.y + at, pixels);
      } else {
        finish_channel(plan, w, product, tile + c, nullptr, w.result + c * kBlock, lanes);
      }
    }
    if (!in_place) write_tile(plan, w, place, pixels, channels);
  }
}

bool run_layer(const LayerPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  Worker w{};
  Scratch scratch(Owner::kWorker);
  take_all(scratch, plan, w);
  if (!scratch.allocate()) return false;
  take_all(scratch, plan, w);
  // Lanes that no pixel fills are read too.
  fill(w.nibbles, kOutside, kMostGroups * kBlock + kTile);
  fill(w.block_inner, 0.0f, call.rank * kBlock);
  fill(w.source, 0.0f, kBlock);
  fill(w.tile, 1.0f, 2 * kTileChannels * kTile);  // not 0: zeros are looked for

  const Prepare prepare_tile = preparation(call);
  const std::int64_t units_of_split = call.batch * plan.blocks;
  std::int64_t last_picture = -1;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t picture = unit / plan.blocks;  // of a split
    const std::int64_t image = unit % units_of_split / plan.blocks;
    const std::int64_t split = unit / units_of_split;
    const std::int64_t first = unit % plan.blocks * kBlock;
    const std::int64_t pixels = smaller(kBlock, plan.out.pixels - first);
    const std::int64_t reach = larger(plan.padding, call.stride - 1);
    const std::int64_t top = first / plan.out.width * call.stride - plan.padding;
    const std::int64_t bottom = (first + pixels - 1) / plan.out.width * call.stride + reach;
    if (picture != last_picture) w.packed_until = -1;
    last_picture = picture;
    for (std::int64_t y = larger(larger(top, 0) >> plan.doubling, w.packed_until + 1);
         y <= smaller(bottom, plan.virtual_height - 1) >> plan.doubling; ++y) {
      pack_row(plan, w, prepare_tile, image, y);
      w.packed_until = y;
    }
    const std::int64_t channel = split * plan.split_channels;
    const std::int64_t last = smaller(channel + plan.split_channels, plan.padded_out);
    if (channel >= last) continue;
    const Product product = multiply_block(plan, w, first, pixels, channel, last);
    if (call.dots) {
      write_dots(plan, w, product, image, first, pixels, channel, last);
    } else {
      finish_block(plan, w, product, image, first, pixels, channel, last);
    }
  }
  return true;
}

// ---- group normalization as an affine map ----

bool run_norm(const NormPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_norm& call = *plan.call;
  const std::int64_t each = call.channels / call.groups, count = each * call.pixels;
  constexpr int kLanes = 16;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const float* x = call.x + unit * count;
    const double origin = x[0];
    double sums[kLanes] = {}, squares[kLanes] = {};
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) {
        const double v = static_cast<double>(x[i + lane]) - origin;
        sums[lane] += v;
        squares[lane] += v * v;
      }
    }
    for (int lane = 0; i < count; ++i, ++lane) {
      const double v = static_cast<double>(x[i]) - origin;
      sums[lane] += v;
      squares[lane] += v * v;
    }
    double sum = 0, square = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
      sum += sums[lane];
      square += squares[lane];
    }
    const double offset = sum / static_cast<double>(count);
    const double variance = square / static_cast<double>(count) - offset * offset;
    const double scale = 1.0 / root((variance > 0 ? variance : 0) + call.eps);
    const std::int64_t image = unit / call.groups, first = unit % call.groups * each;
    for (std::int64_t c = first; c < first + each; ++c) {
      const double weight = scale * static_cast<double>(call.weight[c]);
      call.scale[image * call.channels + c] = static_cast<float>(weight);
      call.shift[image * call.channels + c] =
          static_cast<float>(static_cast<double>(call.bias[c]) - (origin + offset) * weight);
    }
  }
  return true;
}

// ---- full convolution ----

constexpr std::int64_t kFullVectors = 3;
constexpr std::int64_t kFullPixels = kFullVectors * kFloats;

// Rows of the input, after the affine map and the rectifier, with a zero at either end.
struct FullWorker {
  float* rows;   // [3][in_channels][pitch]
  std::int64_t pitch;
  std::int64_t ready_until;
};

void prepare_full_row(const bimaco_convolution& call, const FullWorker& w, std::int64_t image,
                      std::int64_t y) {
  const std::int64_t pixels = call.height * call.width;
  for (std::int64_t c = 0; c < call.in_channels; ++c) {
    const float* x = call.x + (image * call.in_channels + c) * pixels + y * call.width;
    float* row = w.rows + (y % 3 * call.in_channels + c) * w.pitch;
    row[0] = row[call.width + 1] = 0.0f;
    if (!call.pre_scale) {
      copy(row + 1, x, call.width);
      continue;
    }
    const Floats scale = set(call.pre_scale[c]), shift = set(call.pre_shift[c]);
    const Floats slope = set(call.negative_slope);
    std::int64_t i = 0;
    for (; i + kFloats <= call.width; i += kFloats) {
      const Floats v = add(multiply(load(x + i), scale), shift);
      store(row + 1 + i, maximum(multiply(v, slope), v));
    }
    for (; i < call.width; ++i) {
      const float v = x[i] * call.pre_scale[c] + call.pre_shift[c];
      const float leak = v * call.negative_slope;
      row[1 + i] = leak > v ? leak : v;
    }
  }
}

// kFullChannels output channels at kFullPixels pixels from `column` on, into `tile`.
inline void full_tile(const bimaco_convolution& call, const FullWorker& w, std::int64_t y,
                      std::int64_t column, const float* weights, const float* bias, float* tile) {
  Floats sum[kFullChannels][kFullVectors];
  for (int o = 0; o < kFullChannels; ++o) {
    for (int v = 0; v < kFullVectors; ++v) sum[o][v] = set(bias[o]);
  }
  for (std::int64_t dy = 0; dy < 3; ++dy) {
    const std::int64_t line = y + dy - 1;
    if (line < 0 || line >= call.height) continue;
    const float* rows = w.rows + line % 3 * call.in_channels * w.pitch + column;
    for (std::int64_t c = 0; c < call.in_channels; ++c) {
      for (std::int64_t dx = 0; dx < 3; ++dx) {
        const float* x = rows + c * w.pitch + dx;
        const float* factor = weights + (c * 9 + dy * 3 + dx) * kFullChannels;
        const Floats x0 = load(x), x1 = load(x + kFloats), x2 = load(x + 2 * kFloats);
        for (int o = 0; o < kFullChannels; ++o) {
          const Floats f = set(factor[o]);
          sum[o][0] = add_product(f, x0, sum[o][0]);
          sum[o][1] = add_product(f, x1, sum[o][1]);
          sum[o][2] = add_product(f, x2, sum[o][2]);
        }
      }
    }
  }
  for (int o = 0; o < kFullChannels; ++o) {
    for (int v = 0; v < kFullVectors; ++v) store(tile + o * kFullPixels + v * kFloats, sum[o][v]);
  }
}

bool run_convolution(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_convolution& call = *plan.call;
  FullWorker w{};
  w.pitch = round_up(call.width, kFullPixels) + kFullPixels;
  Scratch scratch(Owner::kWorker);
  for (int pass = 0; pass < 2; ++pass) {
    scratch.take(w.rows, 3 * call.in_channels * w.pitch);
    if (pass == 0 && !scratch.allocate()) return false;
  }
  fill(w.rows, 0.0f, 3 * call.in_channels * w.pitch);
  std::int64_t last_image = -1;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t image = unit / call.height, y = unit % call.height;
    if (image != last_image) w.ready_until = -1;
    last_image = image;
    for (std::int64_t line = larger(larger(y - 1, 0), w.ready_until + 1);
         line <= smaller(y + 1, call.height - 1); ++line) {
      prepare_full_row(call, w, image, line);
      w.ready_until = line;
    }
    for (std::int64_t column = 0; column < call.width; column += kFullPixels) {
      const std::int64_t pixels = smaller(kFullPixels, call.width - column);
      for (std::int64_t o = 0; o < call.out_channels; o += kFullChannels) {
        const std::int64_t channels = smaller(kFullChannels, call.out_channels - o);
        alignas(64) float tile[kFullChannels * kFullPixels];
        float bias[kFullChannels] = {};
        copy(bias, call.bias + o, channels);
        full_tile(call, w, y, column, plan.weights + o * call.in_channels * 9, bias, tile);
        for (std::int64_t c = 0; c < channels; ++c) {
          float* target = call.y + (image * call.out_channels + o + c) * call.height * call.width;
          copy(target + y * call.width + column, tile + c * kFullPixels, pixels);
        }
      }
    }
  }
  return true;
}

// ---- attention in windows ----

// One head of one window: [channel or pixel][pixels, padded to whole vectors].
struct Head {
  float* query;
  float* key;
  float* value;
  float* weight;   // [key pixel][query pixel]
  float* total;    // [query pixel]: its weights' sum
  float* result;
  std::int64_t pixels, pitch;
};

// Where a window's row starts in the picture; its pixels go on cyclically.
struct WindowRow {
  std::int64_t y, x, until_wrap;
};

inline WindowRow window_row(const bimaco_attention& call, std::int64_t window, std::int64_t row) {
  const std::int64_t columns = call.width / call.window;
  const std::int64_t y = (window / columns * call.window + row + call.shift) % call.height;
  const std::int64_t x = (window % columns * call.window + call.shift) % call.width;
  return {y, x, smaller(call.window, call.width - x)};
}

void read_window(const bimaco_attention& call, std::int64_t window, const float* plane,
                 std::int64_t pitch, float* target) {
  for (std::int64_t r = 0; r < call.window; ++r) {
    const WindowRow row = window_row(call, window, r);
    const float* line = plane + row.y * call.width;
    for (std::int64_t c = 0; c < call.depth; ++c) {
      float* to = target + c * pitch + r * call.window;
      const float* from = line + c * call.height * call.width;
      copy(to, from + row.x, row.until_wrap);
      copy(to + row.until_wrap, from, call.window - row.until_wrap);
    }
  }
}

void write_window(const bimaco_attention& call, std::int64_t window, const float* source,
                  std::int64_t pitch, float* plane) {
  for (std::int64_t r = 0; r < call.window; ++r) {
    const WindowRow row = window_row(call, window, r);
    float* line = plane + row.y * call.width;
    for (std::int64_t c = 0; c < call.depth; ++c) {
      const float* from = source + c * pitch + r * call.window;
      float* to = line + c * call.height * call.width;
      copy(to + row.x, from, row.until_wrap);
      copy(to, from + row.until_wrap, call.window - row.until_wrap);
    }
  }
}

// result[m][i] = sum over k of a[k * a_step + m * a_row] * b[k][i], for 4 rows m at a time.
template <int rows>
inline void multiply_rows(const float* a, std::int64_t a_row, std::int64_t a_step, const float* b,
                          std::int64_t depth, float* result, std::int64_t pitch) {
  std::int64_t i = 0;
  for (; i + 2 * kFloats <= pitch; i += 2 * kFloats) {
    Floats sum[rows][2];
    for (int m = 0; m < rows; ++m) sum[m][0] = sum[m][1] = set(0.0f);
    for (std::int64_t k = 0; k < depth; ++k) {
      const Floats b0 = load(b + k * pitch + i), b1 = load(b + k * pitch + i + kFloats);
      for (int m = 0; m < rows; ++m) {
        const Floats factor = set(a[k * a_step + m * a_row]);
        sum[m][0] = add_product(factor, b0, sum[m][0]);
        sum[m][1] = add_product(factor, b1, sum[m][1]);
      }
    }
    for (int m = 0; m < rows; ++m) {
      store(result + m * pitch + i, sum[m][0]);
      store(result + m * pitch + i + kFloats, sum[m][1]);
    }
  }
  for (; i < pitch; i += kFloats) {
    for (int m = 0; m < rows; ++m) {
      Floats sum = set(0.0f);
      for (std::int64_t k = 0; k < depth; ++k) {
        sum = add_product(set(a[k * a_step + m * a_row]), load(b + k * pitch + i), sum);
      }
      store(result + m * pitch + i, sum);
    }
  }
}

inline void multiply_all(const float* a, std::int64_t a_row, std::int64_t a_step,
                         std::int64_t row_count, const float* b, std::int64_t depth, float* result,
                         std::int64_t pitch) {
  std::int64_t m = 0;
  for (; m + 4 <= row_count; m += 4) {
    multiply_rows<4>(a + m * a_row, a_row, a_step, b, depth, result + m * pitch, pitch);
  }
  for (; m < row_count; ++m) {
    multiply_rows<1>(a + m * a_row, a_row, a_step, b, depth, result + m * pitch, pitch);
  }
}

// Weights of all keys for each query: the softmax over the keys, not yet divided by its sum.
void weigh(const bimaco_attention& call, const Head& head, const float* bias,
           const float* regions) {
  const Floats scale = set(1.0f / static_cast<float>(root(static_cast<double>(call.depth))));
  const Floats apart = set(call.apart), one = set(1.0f);
  alignas(64) float column_bias[kMostBlock], column_region[kMostBlock];
  fill(column_bias, 0.0f, head.pitch);
  fill(column_region, 0.0f, head.pitch);
  if (regions) copy(column_region, regions, head.pixels);
  fill(head.total, -3.4e38f, head.pitch);  // the largest score, at first
  for (std::int64_t j = 0; j < head.pixels; ++j) {
    float* row = head.weight + j * head.pitch;
    copy(column_bias, bias + j * head.pixels, head.pixels);
    for (std::int64_t i = 0; i < head.pitch; i += kFloats) {
      Floats v = add_product(load(row + i), scale, load(column_bias + i));
      if (regions) {
        const Floats difference = absolute(subtract(load(column_region + i), set(regions[j])));
        v = add_product(minimum(difference, one), apart, v);
      }
      store(row + i, v);
      store(head.total + i, maximum(load(head.total + i), v));
    }
  }
  for (std::int64_t i = 0; i < head.pitch; i += kFloats) {
    const Floats largest = load(head.total + i);
    Floats sum = set(0.0f);
    for (std::int64_t j = 0; j < head.pixels; ++j) {
      float* place = head.weight + j * head.pitch + i;
      const Floats v = power_of(multiply(subtract(load(place), largest), set(kLog2e)));
      store(place, v);
      sum = add(sum, v);
    }
    store(head.total + i, sum);
  }
}

bool run_attention(const AttentionPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_attention& call = *plan.call;
  Head head{};
  head.pixels = call.window * call.window;
  head.pitch = round_up(head.pixels, kFloats);
  Scratch scratch(Owner::kWorker);
  for (int pass = 0; pass < 2; ++pass) {
    scratch.take(head.query, call.depth * head.pitch);
    scratch.take(head.key, call.depth * head.pitch);
    scratch.take(head.value, call.depth * head.pitch);
    scratch.take(head.weight, head.pixels * head.pitch);
    scratch.take(head.total, head.pitch);
    scratch.take(head.result, call.depth * head.pitch);
    if (pass == 0 && !scratch.allocate()) return false;
  }
  fill(head.query, 0.0f, call.depth * head.pitch);
  const std::int64_t windows = call.height / call.window * (call.width / call.window);
  const std::int64_t plane = call.depth * call.height * call.width;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t image = unit / (windows * call.heads);
    const std::int64_t window = unit / call.heads % windows, h = unit % call.heads;
    const float* qkv = call.qkv + (3 * image * call.heads + h) * plane;
    read_window(call, window, qkv, head.pitch, head.query);
    read_window(call, window, qkv + call.heads * plane, head.pitch, head.key);
    read_window(call, window, qkv + 2 * call.heads * plane, head.pitch, head.value);
    multiply_all(head.key, 1, head.pitch, head.pixels, head.query, call.depth, head.weight,
                 head.pitch);
    weigh(call, head, call.bias + h * head.pixels * head.pixels,
          call.regions ? call.regions + window * head.pixels : nullptr);
    multiply_all(head.value, head.pitch, 1, call.depth, head.weight, head.pixels, head.result,
                 head.pitch);
    for (std::int64_t i = 0; i < head.pitch; i += kFloats) {
      const Floats share = divide(set(1.0f), load(head.total + i));
      for (std::int64_t c = 0; c < call.depth; ++c) {
        float* place = head.result + c * head.pitch + i;
        store(place, multiply(load(place), share));
      }
    }
    write_window(call, window, head.result, head.pitch,
                 call.y + (image * call.heads + h) * plane);
  }
  return true;
}

constexpr Kernels kKernels = {kBlock, run_layer, run_norm, run_convolution, run_attention};

}  // namespace
}  // namespace bimaco
