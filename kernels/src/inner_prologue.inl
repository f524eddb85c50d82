// Rows of x become rows of signs, scales and values. A part of kernels.inl.

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
