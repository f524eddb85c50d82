// The epilogue of a block: counts become results. A part of kernels.inl.

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
        if (const std::int64_t rest = segment.length - i) {
          // The same roundings as above: a result must not depend on where its block ends.
          float sums[kFloats] = {}, first[kFloats] = {}, second[kFloats] = {};
          copy(sums, y + i, rest);
          copy(first, x0 + i, rest);
          copy(second, x1 + i, rest);
          const Floats sum = add_product(factor0, load(first), load(sums));
          store(sums, add_product(factor1, load(second), sum));
          copy(y + i, sums, rest);
        }
      } else {
        for (; i + kFloats <= segment.length; i += kFloats) {
          store(y + i, add_product(factor0, load(x0 + i), load(y + i)));
        }
        if (const std::int64_t rest = segment.length - i) {
          float sums[kFloats] = {}, first[kFloats] = {};
          copy(sums, y + i, rest);
          copy(first, x0 + i, rest);
          store(sums, add_product(factor0, load(first), load(sums)));
          copy(y + i, sums, rest);
        }
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
