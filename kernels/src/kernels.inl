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

#if defined(__GNUC__) && !defined(__clang__)
// A loop whose body fills the registers: unrolled, it would not fit.
#define BIMACO_KEEP_LOOP _Pragma("GCC unroll 1")
#else
#define BIMACO_KEEP_LOOP
#endif

// A part of the work that a profile shows by itself.
#if defined(BIMACO_PROFILE) && defined(__GNUC__)
#define BIMACO_STAGE __attribute__((noinline))
#else
#define BIMACO_STAGE
#endif

#include <cstring>

#include "scratch.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kBlock = kBytes * kVectors;
// Output channels whose counts are kept in the first cache until they are finished.
constexpr std::int64_t kBand = 2 * kTileChannels;
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
  std::int64_t slot;  // of the ring, with stride 1: where the values of its pixels are
};

// What one thread works with.
struct Worker {
  // Rings of rows of a, one slot a row of x.
  std::uint8_t* signs;     // [ring_rows][groups][stride * phase_pitch]: nibbles, zeros as +1
  std::uint8_t* positive;  // likewise, zeros as -1
  std::uint8_t* has_zero;  // [ring_rows]
  float* scale;            // [ring_rows][stride * phase_pitch]: s
  float* values;           // [value_rows][in_channels][value_pitch]: a
  float* inner;            // [value_rows][rank][value_pitch]: down a

  // One row on its way there.
  float* row_scale;  // [value_pitch]
  float* row_inner;  // [rank][value_pitch]

  // One block.
  Segment* segments;            // [kBlock]
  const std::uint8_t** rows;    // [kBlock][3]: signs of each segment's rows; null outside
  std::uint8_t* nibbles[2];     // [depth][kBlock] and some, zeros as +1 and as -1
  float* tap_scale;             // [taps][kBlock]
  float* valid;                 // [kBlock]: sign products of a pixel
  float* block_inner;           // [rank][kBlock]
  float* means;                 // [in_channels][kBlock]: a, or its 2x2 means, with stride 2
  // A band of output channels of the block.
  std::uint16_t* counts;        // [kBand][kBlock]; bytes where one chunk is all
  float* sums;                  // [kBand][kBlock]: per tap
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
               plan.keeps_values ? plan.value_rows * plan.padded_in * plan.value_pitch : 0);
  scratch.take(w.inner, plan.value_rows * call.rank * plan.value_pitch);
  scratch.take(w.row_scale, plan.value_pitch);
  scratch.take(w.row_inner, plan.doubling ? call.rank * plan.value_pitch : 0);
  scratch.take(w.segments, kBlock);
  scratch.take(w.rows, kBlock * 3);
  scratch.take(w.nibbles[0], plan.depth * kBlock + kTile);
  scratch.take(w.nibbles[1], call.zero_is_zero ? plan.depth * kBlock + kTile : 0);
  scratch.take(w.counts, kBand * kBlock);
  scratch.take(w.sums, plan.per_tap ? kBand * kBlock : 0);
  scratch.take(w.tap_scale, plan.taps * kBlock);
  scratch.take(w.valid, kBlock);
  scratch.take(w.block_inner, call.rank * kBlock);
  scratch.take(w.means, plan.keeps_values && call.stride == 2 ? plan.padded_in * kBlock : 0);
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
  constexpr std::int64_t kOfTile = kTile / kFloats;
  const Floats slope = set(call.negative_slope);
  Floats sum[kOfTile];
  for (std::int64_t i = 0; i < kOfTile; ++i) sum[i] = load(scale + i * kFloats);
  for (std::int64_t c = 0; c < channels; ++c) {
    Floats factor = slope, offset = slope;
    if constexpr (affine) {
      factor = set(pre_scale[c]);
      offset = set(pre_shift[c]);
    }
    for (std::int64_t i = 0; i < kOfTile; ++i) {
      Floats v = load(rows[c] + i * kFloats);
      // Not fused: the sign must be that of the two roundings that torch makes.
      if constexpr (affine) v = add(multiply(v, factor), offset);
      if constexpr (activation == BIMACO_LEAKY) v = maximum(multiply(v, slope), v);
      if constexpr (activation == BIMACO_SILU) v = silu(v);
      if constexpr (activation == BIMACO_GELU) v = gelu(v);
      store(tile + c * pitch + i * kFloats, v);
      sum[i] = add(sum[i], absolute(v));
    }
  }
  for (std::int64_t i = 0; i < kOfTile; ++i) store(scale + i * kFloats, sum[i]);
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
BIMACO_STAGE inline void find_rows(const LayerPlan& plan, const float* x, std::int64_t channels,
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

// As the instruction set does it with bytes: even and odd ones of kTile, or each twice.
inline void split(const float* from, float* even, float* odd) {
  for (std::int64_t i = 0; i < kTile / 2; ++i) {
    even[i] = from[2 * i];
    odd[i] = from[2 * i + 1];
  }
}
inline void repeat(const float* from, float* to) {
  for (std::int64_t i = 0; i < kTile; ++i) to[2 * i] = to[2 * i + 1] = from[i];
}

// Put values of kTile columns from `column` on where the ring keeps them for the taps.
template <class T>
inline void put(const LayerPlan& plan, T* BIMACO_RESTRICT row, std::int64_t column,
                const T* BIMACO_RESTRICT values) {
  if (plan.call->stride == 1 && !plan.doubling) {
    std::memcpy(row + plan.padding + column, values, kTile * sizeof(T));
  } else if (plan.doubling) {
    repeat(values, row + plan.padding + 2 * column);
  } else {
    // Even columns, then odd ones; `column` is even.
    const std::int64_t first = plan.padding, second = 1 - plan.padding;
    split(values, row + first * plan.phase_pitch + (column + plan.padding) / 2,
          row + second * plan.phase_pitch + (column + 1 + plan.padding) / 2);
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

// `rows` rows of the low-rank branch's first product, for kTile pixels of a tile of channels.
template <int rows>
inline void add_inner_rows(const LayerPlan& plan, const float* tile, std::int64_t pitch,
                           std::int64_t channel, std::int64_t r, float* inner) {
  constexpr std::int64_t kOfTile = kTile / kFloats;
  const float* down = plan.down + r * plan.padded_in + channel;
  float* const target = inner + r * plan.value_pitch;
  Floats sum[rows][kOfTile];
  for (int k = 0; k < rows; ++k) {
    for (std::int64_t i = 0; i < kOfTile; ++i) {
      sum[k][i] = channel ? load(target + k * plan.value_pitch + i * kFloats) : set(0.0f);
    }
  }
  BIMACO_KEEP_LOOP
  for (std::int64_t c = 0; c < kTileChannels; ++c) {
    for (int k = 0; k < rows; ++k) {
      const Floats factor = set(down[k * plan.padded_in + c]);
      for (std::int64_t i = 0; i < kOfTile; ++i) {
        sum[k][i] = add_product(factor, load(tile + c * pitch + i * kFloats), sum[k][i]);
      }
    }
  }
  for (int k = 0; k < rows; ++k) {
    for (std::int64_t i = 0; i < kOfTile; ++i) {
      store(target + k * plan.value_pitch + i * kFloats, sum[k][i]);
    }
  }
}

// Two rows at a time: one alone would wait for its sums.
BIMACO_STAGE
void add_inner(const LayerPlan& plan, const float* tile, std::int64_t pitch, std::int64_t channel,
               float* inner) {
  std::int64_t r = 0;
  for (; r + 2 <= plan.call->rank; r += 2) {
    add_inner_rows<2>(plan, tile, pitch, channel, r, inner);
  }
  if (r < plan.call->rank) add_inner_rows<1>(plan, tile, pitch, channel, r, inner);
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

// Where a row of x is and goes to.
struct RowPlace {
  const float* x;
  std::int64_t image, width;
  std::int64_t slot, value_slot;  // of the rings
  float* inner;                   // [rank][value_pitch]
};

// A tile of channels, from `channel` on, at kTile pixels of a row from `column` on. Returns whether
// zeros, where they count, are among its values.
inline bool pack_tile(const LayerPlan& plan, Worker& w, Prepare prepare_tile, const RowPlace& row,
                      std::int64_t channel, std::int64_t column) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t channels = smaller(kTileChannels, call.in_channels - channel);
  const std::int64_t pixels = smaller(kTile, row.width - column);
  const std::int64_t affine = row.image * call.pre_stride + channel;
  if (plan.in.pixel_stride == 1) {
    const std::int64_t last = smaller(channel + channels + kTileChannels, call.in_channels);
    for (std::int64_t c = channel + channels; c < last; ++c) {
      prefetch_floats(row.x + c * plan.in.channel_stride + column, pixels);
    }
  } else if (channel % (2 * kTileChannels) == 0) {  // two tiles of channels to a line
    const std::int64_t last = smaller(column + 2 * kTile, row.width);
    for (std::int64_t i = column + kTile; i < last; ++i) {
      prefetch(row.x + i * plan.in.pixel_stride + channel);
    }
  }
  const float* rows[kTileChannels];
  find_rows(plan, row.x + channel * plan.in.channel_stride + column * plan.in.pixel_stride,
            channels, pixels, w.tile + kTileChannels * kTile, rows);
  float* const kept = w.values + (row.value_slot * plan.padded_in + channel) * plan.value_pitch;
  const bool in_place = plan.keeps_values && !plan.doubling;
  const std::int64_t pitch = in_place ? plan.value_pitch : kTile;
  float* const tile = in_place ? kept + column : w.tile;
  prepare_tile(call, rows, channels, call.pre_scale ? call.pre_scale + affine : nullptr,
               call.pre_shift ? call.pre_shift + affine : nullptr, tile, pitch,
               w.row_scale + column);
  for (std::int64_t c = channels; c < kTileChannels; ++c) fill(tile + c * pitch, 0.0f, kTile);
  if (call.rank) add_inner(plan, tile, pitch, channel, row.inner + column);
  if (plan.keeps_values && plan.doubling) {
    for (std::int64_t c = 0; c < channels; ++c) {
      double_columns(kept + c * plan.value_pitch + 2 * column, tile + c * pitch, kTile);
    }
  }
  bool any_zero = false;
  for (std::int64_t first = 0; first < channels; first += kGroup) {
    const std::int64_t group = (channel + first) / kGroup;
    const int there = (1 << smaller(kGroup, channels - first)) - 1;
    const std::int64_t place = (row.slot * plan.groups + group) * call.stride * plan.phase_pitch;
    alignas(64) std::uint8_t nibbles[kTile];
    pack_nibbles<false>(tile + first * pitch, pitch, there, nibbles);
    put(plan, w.signs + place, column, nibbles);
    if (call.zero_is_zero) {
      if (has_zero(tile + first * pitch, pitch)) {
        pack_nibbles<true>(tile + first * pitch, pitch, there, nibbles);
        any_zero = true;
      }
      put(plan, w.positive + place, column, nibbles);
    }
  }
  return any_zero;
}

// Row `y` of x into the rings.
BIMACO_STAGE void pack_row(const LayerPlan& plan, Worker& w, Prepare prepare_tile,
                           std::int64_t image, std::int64_t y) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  RowPlace row{};
  row.x = call.x + image * call.in_channels * plan.in.pixels +
          y * plan.in.width * plan.in.pixel_stride;
  row.image = image;
  row.width = smaller(plan.in.width, plan.in.pixels - y * plan.in.width);
  row.slot = y % plan.ring_rows;
  row.value_slot = y % plan.value_rows;
  float* const inner_ring = w.inner + row.value_slot * call.rank * plan.value_pitch;
  row.inner = plan.doubling ? w.row_inner : inner_ring;
  fill(w.row_scale, 0.0f, round_up(row.width, kTile));

  // In the order of memory.
  bool any_zero = false;
  if (plan.in.pixel_stride == 1) {
    for (std::int64_t channel = 0; channel < call.in_channels; channel += kTileChannels) {
      for (std::int64_t column = 0; column < row.width; column += kTile) {
        any_zero |= pack_tile(plan, w, prepare_tile, row, channel, column);
      }
    }
  } else {
    for (std::int64_t column = 0; column < row.width; column += kTile) {
      for (std::int64_t channel = 0; channel < call.in_channels; channel += kTileChannels) {
        any_zero |= pack_tile(plan, w, prepare_tile, row, channel, column);
      }
    }
  }
  for (std::int64_t group = 0; group < plan.groups; ++group) {
    const std::int64_t place = (row.slot * plan.groups + group) * row_bytes;
    put_borders(plan, w.signs + place, kOutside, plan.virtual_width);
    if (call.zero_is_zero) put_borders(plan, w.positive + place, kOutside, plan.virtual_width);
  }

  w.has_zero[row.slot] = any_zero;
  const float mean = 1.0f / static_cast<float>(call.in_channels);
  for (std::int64_t i = 0; i < row.width; ++i) w.row_scale[i] *= mean;
  float* const scale_row = w.scale + row.slot * row_bytes;
  for (std::int64_t column = 0; column < row.width; column += kTile) {
    put(plan, scale_row, column, w.row_scale + column);
  }
  put_borders(plan, scale_row, 0.0f, plan.virtual_width);
  if (plan.doubling) {
    for (std::int64_t r = 0; r < call.rank; ++r) {
      double_columns(inner_ring + r * plan.value_pitch, row.inner + r * plan.value_pitch,
                     row.width);
    }
  }
}

// ---- the binary product of a block ----

// What becomes of a chunk's counts.
enum class Sum {
  kBytes,       // they are all
  kFirstWords,  // they start sums
  kWords,       // they are added to sums
  kFirstFloats,  // per tap, likewise
  kFloats
};

// How a chunk's counts are added to those of the chunks before it.
struct Totals {
  // Per tap: a count c stands for (offset - c) * scale, with the factor of `Product` in the scale.
  std::uint8_t offset;
  const float* scale;
};

// Adds counts, as factors of a tap's scales, to the sums of `pixels` pixels.
template <bool is_first>
inline void add_floats(const std::uint8_t* BIMACO_RESTRICT counts,
                       const float* BIMACO_RESTRICT scales, float* BIMACO_RESTRICT sums,
                       std::int64_t pixels) {
  BIMACO_KEEP_LOOP
  for (std::int64_t i = 0; i < pixels; i += kFloats) {
    const Floats number = from_signed_bytes(counts + i), scale = load(scales + i);
    store(sums + i, is_first ? multiply(number, scale)
                             : add_product(number, scale, load(sums + i)));
  }
}

// The sum of three look-ups.
inline Bytes look_up_step(Table t0, Table t1, Table t2, const std::uint8_t* nibbles) {
  const Bytes two = add(look_up(t0, nibbles), look_up(t1, nibbles + kBlock));
  return add(two, look_up(t2, nibbles + 2 * kBlock));
}

inline Table table_of(const std::uint8_t* weights) {
  return table(kTables.entry[*weights], *weights);
}

// Adds `count` look-ups. Three sum to at most 12 in each nibble. `total` takes the whole bytes,
// modulo 256, `high` the high nibbles.
template <int vectors>
inline void add_look_ups(const std::uint8_t*, const std::uint8_t* BIMACO_RESTRICT nibbles,
                         const std::uint8_t* BIMACO_RESTRICT weights, std::int64_t count,
                         Bytes (&total)[vectors], Bytes (&high)[vectors]) {
  for (; count > 0; count -= kStep) {
    const Table t0 = table_of(weights), t1 = table_of(weights + 1), t2 = table_of(weights + 2);
    for (int v = 0; v < vectors; ++v) {
      const Bytes sum = look_up_step(t0, t1, t2, nibbles + v * kBytes);
      total[v] = add(total[v], sum);
      high[v] = add_high_nibbles(high[v], sum);
    }
    nibbles += kStep * kBlock;
    weights += kStep;
  }
}

// A chunk's counts of channels `o` (low nibbles) and `o + 1` (high) of a band at the pixels from
// `at` on: how many sign products differ.
template <Sum sum, int vectors>
BIMACO_STAGE inline void count_pair_at(const LayerPlan& plan, const Worker& w, const Chunk& chunk,
                          const std::uint8_t* nibbles, const Totals& totals, std::int64_t band,
                          std::int64_t o, std::int64_t at) {
  const std::uint8_t* n = nibbles + chunk.first * kBlock + at;
  const std::uint8_t* weights = plan.weights + (band + o) / 2 * plan.depth + chunk.first;
  Bytes total[vectors], high[vectors];
  for (int v = 0; v < vectors; ++v) total[v] = high[v] = zero_bytes();
  add_look_ups(kTables.entry[0], n, weights, chunk.count, total, high);
  const std::int64_t place = o * kBlock + at;
  if constexpr (sum == Sum::kFirstFloats || sum == Sum::kFloats) {
    // All are stored before one is read: reading what was just written takes a while.
    alignas(64) std::uint8_t counts[2][vectors * kBytes];
    for (int v = 0; v < vectors; ++v) {
      const Bytes low = subtract_sixteenfold(total[v], high[v]);
      store(counts[0] + v * kBytes, subtract_from(totals.offset, low));
      store(counts[1] + v * kBytes, subtract_from(totals.offset, high[v]));
    }
    for (int odd = 0; odd < 2; ++odd) {
      add_floats<sum == Sum::kFirstFloats>(counts[odd], totals.scale + at,
                                           w.sums + place + odd * kBlock, vectors * kBytes);
    }
    return;
  }
  for (int v = 0; v < vectors; ++v) {
    const std::int64_t even = place + v * kBytes, odd = even + kBlock;
    // Exact, since no count passes 255.
    const Bytes low = subtract_sixteenfold(total[v], high[v]);
    if constexpr (sum == Sum::kBytes) {
      auto* const bytes = reinterpret_cast<std::uint8_t*>(w.counts);
      store(bytes + even, low);
      store(bytes + odd, high[v]);
    } else {
      add_widened<sum == Sum::kFirstWords>(w.counts + even, low);
      add_widened<sum == Sum::kFirstWords>(w.counts + odd, high[v]);
    }
  }
}

// Copy bytes, whole tiles of them: more than `count` may be read and written.
inline void copy_tiles(std::uint8_t* BIMACO_RESTRICT to, const std::uint8_t* BIMACO_RESTRICT from,
                       std::int64_t count) {
  // A size known to the compiler becomes vectors; a loop over bytes would become a call.
  for (std::int64_t i = 0; i < count; i += kTile) std::memcpy(to + i, from + i, kTile);
}

// The nibbles of all look-ups for all pixels of the block. Look-ups that fill up a step, and lanes
// past the last pixel, keep what they have.
BIMACO_STAGE void gather(const LayerPlan& plan, const Worker& w, bool positive) {
  const std::int64_t row_bytes = plan.call->stride * plan.phase_pitch;
  const std::int64_t size = plan.call->kernel_size;
  const std::ptrdiff_t other = positive ? w.positive - w.signs : 0;
  std::uint8_t* const nibbles = w.nibbles[positive];
  for (std::int64_t tap = 0; tap < plan.taps; ++tap) {
    std::uint8_t* const first = nibbles + tap * plan.tap_depth * kBlock;
    for (std::int64_t s = 0; s < w.segment_count; ++s) {
      const Segment& segment = w.segments[s];
      const std::uint8_t* row = w.rows[3 * s + tap / size];
      const std::uint8_t* from =
          row ? padded_column(plan, row + other, tap % size) + segment.column : nullptr;
      std::uint8_t* to = first + segment.at;
      // A copy of whole tiles passes the end of a segment into the next, which is written later.
      const bool fits = round_up(segment.length, kTile) <= kBlock - segment.at;
      for (std::int64_t group = 0; group < plan.groups; ++group, to += kBlock) {
        if (!from) {
          fill(to, kOutside, segment.length);
          continue;
        }
        if (fits) {
          copy_tiles(to, from, segment.length);
        } else {
          copy(to, from, segment.length);
        }
        from += row_bytes;
      }
    }
  }
}

// Find the block's pixels in the rings. Returns whether one of their rows holds a zero.
BIMACO_STAGE
bool find_segments(const LayerPlan& plan, Worker& w, std::int64_t first, std::int64_t pixels) {
  const bimaco_layer& call = *plan.call;
  const std::int64_t row_bytes = call.stride * plan.phase_pitch;
  bool any_zero = false;
  w.segment_count = 0;
  for (std::int64_t at = 0; at < pixels;) {
    const std::int64_t row = (first + at) / plan.out.width, column = (first + at) % plan.out.width;
    const std::int64_t length = smaller(pixels - at, plan.out.width - column);
    const std::int64_t s = w.segment_count++;
    const std::int64_t slot = (row >> plan.doubling) % plan.value_rows;
    w.segments[s] = {at, length, row, column, slot};
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
  int passes;
  float factor;  // a count stands for so many
};

// With a scale per tap a chunk of n channels stands for factor * (n / 2 - count) * scale. Halves
// of odd n are added to `valid`, the factor goes into the scales.
void prepare_tap_scales(const LayerPlan& plan, Worker& w, float factor) {
  fill(w.valid, 0.0f, kBlock);
  for (std::int64_t c = 0; c < plan.chunk_count; ++c) {
    if (!plan.chunks[c].is_odd) continue;
    const float* scale = w.tap_scale + plan.chunks[c].tap * kBlock;
    for (std::int64_t i = 0; i < kBlock; ++i) w.valid[i] += scale[i];
  }
  for (std::int64_t i = 0; i < plan.taps * kBlock; ++i) w.tap_scale[i] *= factor;
}

// Gathers what the look-ups of a block read.
Product prepare_product(const LayerPlan& plan, Worker& w, std::int64_t first,
                        std::int64_t pixels) {
  // A zero counts as +1 in one pass and as -1 in the other; their mean is 0.
  const bool any_zero = find_segments(plan, w, first, pixels);
  const int passes = any_zero && plan.call->zero_is_zero ? 2 : 1;
  const float factor = 2.0f / static_cast<float>(passes);
  if (plan.per_tap) prepare_tap_scales(plan, w, factor);
  for (int pass = 0; pass < passes; ++pass) gather(plan, w, pass == 1);
  return {plan.chunk_count == 1 && passes == 1, passes, factor};
}

// Asks for the memory that a band of output channels will be written to, a few lines at a time: as
// many at once would have to wait for each other.
class Ahead {
 public:
  // In so many steps, for the output channels `begin` to `end`.
  Ahead(const LayerPlan& plan, std::int64_t image, std::int64_t first, std::int64_t pixels,
        std::int64_t begin, std::int64_t end, std::int64_t steps)
      : steps_(steps) {
    const bimaco_layer& call = *plan.call;
    if (!call.y) return;
    const std::int64_t place = image * call.out_channels * plan.out.pixels +
                               first * plan.out.pixel_stride + begin * plan.out.channel_stride;
    y_ = call.y + place;
    if (call.residual) residual_ = call.residual + place;
    const std::int64_t channels = smaller(end, call.out_channels) - begin;
    const bool innermost = plan.out.pixel_stride != 1;
    runs_ = innermost ? pixels : channels;
    length_ = innermost ? channels : pixels;
    stride_ = innermost ? plan.out.pixel_stride : plan.out.channel_stride;
  }

  void go_on() {
    for (due_ += runs_; due_ >= steps_; due_ -= steps_) {
      prefetch_floats(y_, length_);
      y_ += stride_;
      if (!residual_) continue;
      prefetch_floats(residual_, length_);
      residual_ += stride_;
    }
  }

 private:
  const float* y_ = nullptr;
  const float* residual_ = nullptr;
  std::int64_t runs_ = 0, length_ = 0, stride_ = 0;
  std::int64_t steps_, due_ = 0;
};

// A chunk's counts of the channels `begin` to `end` of a band.
template <Sum sum>
void count_chunk(const LayerPlan& plan, const Worker& w, const Chunk& chunk,
                 const std::uint8_t* nibbles, std::int64_t pixels, std::int64_t begin,
                 std::int64_t end, Ahead& ahead) {
  const Totals totals{chunk.half, plan.per_tap ? w.tap_scale + chunk.tap * kBlock : nullptr};
  for (std::int64_t o = 0; o < end - begin; o += 2) {
    ahead.go_on();
    std::int64_t at = 0;
    for (; at + 3 * kBytes < pixels; at += 4 * kBytes) {
      count_pair_at<sum, 4>(plan, w, chunk, nibbles, totals, begin, o, at);
    }
    for (; at + kBytes < pixels; at += 2 * kBytes) {
      count_pair_at<sum, 2>(plan, w, chunk, nibbles, totals, begin, o, at);
    }
    if (at < pixels) count_pair_at<sum, 1>(plan, w, chunk, nibbles, totals, begin, o, at);
  }
}

// The counts, or sums per tap, of a band of output channels.
void multiply_band(const LayerPlan& plan, const Worker& w, const Product& product,
                   std::int64_t image, std::int64_t first, std::int64_t pixels,
                   std::int64_t begin, std::int64_t end) {
  Ahead ahead(plan, image, first, pixels, begin, end,
              plan.chunk_count * product.passes * (end - begin) / 2);
  for (std::int64_t c = 0; c < plan.chunk_count; ++c) {
    for (int pass = 0; pass < product.passes; ++pass) {
      const bool is_first = c == 0 && pass == 0;
      auto* count = is_first ? count_chunk<Sum::kFirstWords> : count_chunk<Sum::kWords>;
      if (plan.per_tap) {
        count = is_first ? count_chunk<Sum::kFirstFloats> : count_chunk<Sum::kFloats>;
      }
      if (product.as_bytes) count = count_chunk<Sum::kBytes>;
      count(plan, w, plan.chunks[c], w.nibbles[pass], pixels, begin, end, ahead);
    }
  }
}

// ---- the epilogue of a block ----

// The mean over the pixels of 2x2 blocks that are inside the picture, for a run of output pixels.
// `upper` and `lower` are two rows of a; `lower` is null below the picture.
inline void mean_of_blocks(const LayerPlan& plan, const Segment& segment, const float* upper,
                           const float* lower, float* target) {
  const float* BIMACO_RESTRICT first = upper + 2 * segment.column;
  const float* BIMACO_RESTRICT second = (lower ? lower : upper) + 2 * segment.column;
  float* BIMACO_RESTRICT mean = target;
  const bool ends_odd = 2 * (segment.column + segment.length) > plan.virtual_width;
  const std::int64_t whole = segment.length - ends_odd;
  for (std::int64_t i = 0; i < whole; ++i) {
    mean[i] = ((first[2 * i] + first[2 * i + 1]) + (second[2 * i] + second[2 * i + 1])) * 0.25f;
  }
  if (ends_odd) {
    const float above = first[2 * whole], below = second[2 * whole];
    mean[whole] = ((above + above) + (below + below)) * 0.25f;
  }
}

// Row `index` of `count` of a ring of values, or its 2x2 means, for all pixels of the block.
BIMACO_STAGE
void fetch(const LayerPlan& plan, const Worker& w, const float* ring, std::int64_t count,
           std::int64_t index, float* target) {
  for (std::int64_t s = 0; s < w.segment_count; ++s) {
    const Segment& segment = w.segments[s];
    const auto row_in = [&](std::int64_t slot) {
      return ring + (slot * count + index) * plan.value_pitch;
    };
    if (plan.call->stride == 1) {
      copy(target + segment.at, row_in(segment.slot) + segment.column, segment.length);
    } else {
      const auto row = [&](std::int64_t y) { return row_in(y % plan.value_rows); };
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
BIMACO_STAGE
void add_sparse(const LayerPlan& plan, const Worker& w, std::int64_t o, float* result) {
  const std::int32_t last = plan.first_entry[o + 1];
  for (std::int32_t k = plan.first_entry[o]; k < last; k += 2) {
    const bool has_second = k + 1 < last;
    const float f0 = plan.entry_value[k], f1 = has_second ? plan.entry_value[k + 1] : 0.0f;
    const std::int64_t in0 = plan.entry_in[k], in1 = has_second ? plan.entry_in[k + 1] : in0;
    const Floats factor0 = set(f0), factor1 = set(f1);
    for (std::int64_t s = 0; s < w.segment_count; ++s) {
      const Segment& segment = w.segments[s];
      const float* rows =
          w.values + segment.slot * plan.padded_in * plan.value_pitch + segment.column;
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
    const Floats count = from_words(counts + i);
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

// RPReLU, eight products of the low-rank branch, residual, for `vectors` vectors of a channel.
template <bool rectified, bool ranked, int vectors, class Read>
inline void finish_vectors(const Floats (&up)[8], Floats slope, Floats after, const Read& read,
                           const float* inner, const float* residual, float* result,
                           std::int64_t i) {
  Floats v[vectors];
  for (int k = 0; k < vectors; ++k) v[k] = read(i + k * kFloats);
  if constexpr (rectified) {
    const Floats zero = set(0.0f);
    for (int k = 0; k < vectors; ++k) {
      v[k] = add(add_product(slope, minimum(zero, v[k]), maximum(zero, v[k])), after);
    }
  }
  if constexpr (ranked) {
    // A sum of its own: it need not wait for v.
    Floats sum[vectors];
    for (int k = 0; k < vectors; ++k) sum[k] = multiply(up[0], load(inner + i + k * kFloats));
    for (int r = 1; r < 8; ++r) {
      for (int k = 0; k < vectors; ++k) {
        sum[k] = add_product(up[r], load(inner + r * kBlock + i + k * kFloats), sum[k]);
      }
    }
    for (int k = 0; k < vectors; ++k) v[k] = add(v[k], sum[k]);
  }
  if (residual) {
    for (int k = 0; k < vectors; ++k) v[k] = add(v[k], load(residual + i + k * kFloats));
  }
  for (int k = 0; k < vectors; ++k) store(result + i + k * kFloats, v[k]);
}

// One pass over a channel. `pixels` is a multiple of kFloats, or lanes past it may be read and
// written.
template <bool rectified, bool ranked, class Read>
inline void finish_lanes(const bimaco_layer& call, const Worker& w, std::int64_t o, const Read& read,
                         const float* residual, float* result, std::int64_t pixels) {
  Floats slope = set(0.0f), after = slope, up[8];
  if constexpr (rectified) {
    slope = set(call.slope[o]);
    after = set(call.after[o]);
  }
  for (int r = 0; r < 8; ++r) up[r] = ranked ? set(call.up[o * call.rank + r]) : slope;
  const float* inner = w.block_inner;
  std::int64_t i = 0;
  for (; i + 2 * kFloats <= pixels; i += 2 * kFloats) {
    finish_vectors<rectified, ranked, 2>(up, slope, after, read, inner, residual, result, i);
  }
  if (i < pixels) {
    finish_vectors<rectified, ranked, 1>(up, slope, after, read, inner, residual, result, i);
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

// Channel `o` of the result, from counts or sums at `place`. `residual` may be null.
BIMACO_STAGE
void finish_channel(const LayerPlan& plan, const Worker& w, const Product& product, std::int64_t o,
                    std::int64_t place, const float* residual, float* result,
                    std::int64_t pixels) {
  const bimaco_layer& call = *plan.call;
  const Floats factor = set(product.factor), alpha = set(call.alpha[o]), bias = set(call.bias[o]);
  if (plan.per_tap) {
    const FromSums read{w.sums + place, w.valid, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  } else if (product.as_bytes) {
    const auto* counts = reinterpret_cast<const std::uint8_t*>(w.counts) + place;
    const FromBytes read{counts, w.valid, w.tap_scale, factor, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  } else {
    const FromWords read{w.counts + place, w.valid, w.tap_scale, factor, alpha, bias};
    finish_with(call, w, o, read, residual, result, pixels);
  }
  if (call.rank && call.rank != 8) {
    add_rest_of_rank(plan, w, o, call.rank > 8 ? 8 : 0, result, pixels);
  }
  if (call.entries && call.stride == 1) {
    add_sparse(plan, w, o, result);
  } else {
    for (std::int32_t k = plan.first_entry[o]; k < plan.first_entry[o + 1]; ++k) {
      add_products<1>(result, plan.entry_value + k, w.means + plan.entry_in[k] * kBlock, pixels);
    }
  }
  if (call.mean_shortcut) {
    const float one = 1.0f;
    add_products<1>(result, &one, w.means + o * kBlock, pixels);
  }
}

// Write a tile of channels from `w.result`, adding the residual.
BIMACO_STAGE
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
    const std::uint16_t* words = w.counts + (o - begin) * kBlock;
    const auto* bytes =
        reinterpret_cast<const std::uint8_t*>(w.counts) + (o - begin) * kBlock;
    for (std::int64_t i = 0; i < pixels; ++i) {
      const std::int32_t count = product.as_bytes ? bytes[i] : words[i];
      dots[(first + i) * plan.out.pixel_stride + o * plan.out.channel_stride] =
          static_cast<std::int32_t>(w.valid[i]) - static_cast<std::int32_t>(product.factor) * count;
    }
  }
}

// Scale, rectify and write a tile of output channels, whose counts are at `counted`.
BIMACO_STAGE void finish_tile(const LayerPlan& plan, const Worker& w, const Product& product,
                 std::int64_t image, std::int64_t first, std::int64_t pixels, std::int64_t tile,
                 std::int64_t counted) {
  const bimaco_layer& call = *plan.call;
  const bool in_place = plan.out.pixel_stride == 1 && pixels % kFloats == 0;
  const std::int64_t lanes = round_up(pixels, kFloats);
  const std::int64_t channels = smaller(kTileChannels, call.out_channels - tile);
  const std::int64_t place = image * call.out_channels * plan.out.pixels +
                             first * plan.out.pixel_stride + tile * plan.out.channel_stride;
  for (std::int64_t c = 0; c < channels; ++c) {
    if (in_place) {
      const std::int64_t at = place + c * plan.out.channel_stride;
      const float* residual = call.residual ? call.residual + at : nullptr;
      finish_channel(plan, w, product, tile + c, counted + c * kBlock, residual, call.y + at,
                     pixels);
    } else {
      finish_channel(plan, w, product, tile + c, counted + c * kBlock, nullptr,
                     w.result + c * kBlock, lanes);
    }
  }
  if (!in_place) write_tile(plan, w, place, pixels, channels);
}

bool run_layer(const LayerPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_layer& call = *plan.call;
  Worker w{};
  Scratch scratch(Owner::kWorker);
  take_all(scratch, plan, w);
  if (!scratch.allocate()) return false;
  take_all(scratch, plan, w);
  // Lanes that no pixel fills are read too.
  fill(w.nibbles[0], kOutside, plan.depth * kBlock + kTile);
  if (call.zero_is_zero) fill(w.nibbles[1], kOutside, plan.depth * kBlock + kTile);
  fill(w.block_inner, 0.0f, call.rank * kBlock);
  if (plan.keeps_values && call.stride == 2) fill(w.means, 0.0f, plan.padded_in * kBlock);
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
    const Product product = prepare_product(plan, w, first, pixels);
    for (std::int64_t r = 0; r < call.rank; ++r) {
      fetch(plan, w, w.inner, call.rank, r, w.block_inner + r * kBlock);
    }
    if (plan.keeps_values && call.stride == 2) {
      for (std::int64_t c = 0; c < call.in_channels; ++c) {
        fetch(plan, w, w.values, plan.padded_in, c, w.means + c * kBlock);
      }
    }
    for (std::int64_t band = channel; band < last; band += kBand) {
      const std::int64_t end_of_band = smaller(band + kBand, last);
      multiply_band(plan, w, product, image, first, pixels, band, end_of_band);
      if (call.dots) {
        write_dots(plan, w, product, image, first, pixels, band, end_of_band);
        continue;
      }
      for (std::int64_t tile = band; tile < smaller(end_of_band, call.out_channels);
           tile += kTileChannels) {
        finish_tile(plan, w, product, image, first, pixels, tile, (tile - band) * kBlock);
      }
    }
  }
  return true;
}

// ---- group normalization as an affine map ----

struct Moments {
  double sum, square;
};

// The sums of v and v^2 over values x = v + origin. Parts are summed as floats, so few numbers each
// that their rounding does not show, and the parts as doubles.
Moments moments_of(const float* x, std::int64_t count, float origin) {
  constexpr int kSums = 4;
  constexpr std::int64_t kStride = kSums * kFloats, kPart = 32 * kStride;
  const Floats zero = set(0.0f), from = set(origin);
  Moments moments{0, 0};
  std::int64_t i = 0;
  while (i + kStride <= count) {
    Floats sum[kSums] = {zero, zero, zero, zero}, square[kSums] = {zero, zero, zero, zero};
    for (const std::int64_t end = smaller(i + kPart, count); i + kStride <= end; i += kStride) {
      for (int k = 0; k < kSums; ++k) {
        const Floats v = subtract(load(x + i + k * kFloats), from);
        sum[k] = add(sum[k], v);
        square[k] = add_product(v, v, square[k]);
      }
    }
    alignas(64) float sums[kFloats], squares[kFloats];
    store(sums, add(add(sum[0], sum[1]), add(sum[2], sum[3])));
    store(squares, add(add(square[0], square[1]), add(square[2], square[3])));
    for (std::int64_t lane = 0; lane < kFloats; ++lane) {
      moments.sum += static_cast<double>(sums[lane]);
      moments.square += static_cast<double>(squares[lane]);
    }
  }
  for (; i < count; ++i) {
    const double v = static_cast<double>(x[i]) - static_cast<double>(origin);
    moments.sum += v;
    moments.square += v * v;
  }
  return moments;
}

bool run_norm(const NormPlan& plan, std::int64_t begin, std::int64_t end) {
  const bimaco_norm& call = *plan.call;
  const std::int64_t each = call.channels / call.groups, count = each * call.pixels;
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const float* x = call.x + unit * count;
    // About the mean, so that values far from zero, or one of them, do not drown the variance.
    const double middle = moments_of(x, count, 0.0f).sum / static_cast<double>(count);
    const auto nearly = static_cast<float>(middle);
    const double origin = static_cast<double>(nearly);
    const auto [sum, square] = moments_of(x, count, nearly);
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

constexpr std::int64_t kFullVectors = 2;
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
        Floats x0 = load(x), x1 = load(x + kFloats);
        hold(x0);
        hold(x1);
        for (int o = 0; o < kFullChannels; ++o) {
          const Floats f = set(factor[o]);
          sum[o][0] = add_product(f, x0, sum[o][0]);
          sum[o][1] = add_product(f, x1, sum[o][1]);
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
