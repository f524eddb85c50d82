// The binary product of a block. A part of kernels.inl.

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
