// The inner loops, written once over a `Vector` and compiled for each instruction set.
//
// The including file defines, in an unnamed namespace and before it includes this:
//   struct Vector with kLanes, kVectors, kBroadcasts, kChunk (steps before counters may overflow),
//   types Words and Counter, and functions load, broadcast, zero, add_mismatches, store_counts.
//   std::uint32_t signs_of_word(const float* x) for 32 contiguous values.
// Everything here has internal linkage, and no inline function of the standard library is called:
// the linker must never serve a wide copy of it to code that runs on a lesser processor.

#define BIMACO_RESTRICT __restrict

namespace bimaco {
namespace {

constexpr std::int64_t kTileLanes = Vector::kLanes * Vector::kVectors;
constexpr std::int64_t kTileBroadcasts = Vector::kBroadcasts;

inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

inline std::int32_t count_ones(std::uint32_t v) {
  v -= (v >> 1) & 0x55555555u;
  v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
  v = (v + (v >> 4)) & 0x0F0F0F0Fu;
  return static_cast<std::int32_t>((v * 0x01010101u) >> 24);
}

// ---- weights ----

inline std::uint32_t word_of_bytes(const std::uint8_t* bytes, std::int64_t count) {
  std::uint32_t word = 0;
  for (std::int64_t i = 0; i < count; ++i) word |= static_cast<std::uint32_t>(bytes[i]) << (8 * i);
  return word;
}

void pack_weights(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  const std::int64_t taps = plan.kernel_size * plan.kernel_size;
  const std::int64_t tap_bytes = ceil_div(plan.in_channels, 8);
  const std::int64_t tail_bits = plan.in_channels % kWordBits;
  const std::uint32_t tail_mask = tail_bits ? (1u << tail_bits) - 1u : ~0u;
  for (std::int64_t o = begin; o < end; ++o) {
    const bool real = o < plan.out_channels;
    std::int32_t ones[9] = {};
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      for (std::int64_t w = 0; w < plan.words; ++w) {
        std::uint32_t word = 0;
        if (real) {
          const std::uint8_t* bytes = plan.bits + (o * taps + tap) * tap_bytes + 4 * w;
          word = 4 * w + 4 <= tap_bytes ? word_of_bytes(bytes, 4)
                                        : word_of_bytes(bytes, tap_bytes - 4 * w);
          if (w == plan.words - 1) word &= tail_mask;
        }
        ones[tap] += count_ones(word);
        const std::int64_t k = tap * plan.words + w;
        const std::int64_t place =
            plan.channels_innermost ? k * plan.padded_out_channels + o : o * plan.depth + k;
        plan.weights[place] = word;
      }
    }
    // Taps outside read zero words: each one of the weight counts as a mismatch there, and is
    // given back here.
    for (std::int32_t outside = 0; outside < kOutsideSets; ++outside) {
      std::int64_t inside_taps = 0, ones_outside = 0;
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        const std::int64_t dy = tap / plan.kernel_size - plan.padding;
        const std::int64_t dx = tap % plan.kernel_size - plan.padding;
        const bool is_outside = (dy < 0 && (outside & kTop)) || (dy > 0 && (outside & kBottom)) ||
                                (dx < 0 && (outside & kLeft)) || (dx > 0 && (outside & kRight));
        if (is_outside) {
          ones_outside += ones[tap];
        } else {
          ++inside_taps;
        }
      }
      plan.at_zero_mismatch[outside * plan.padded_out_channels + o] =
          static_cast<std::int32_t>(inside_taps * plan.in_channels + 2 * ones_outside);
    }
  }
}

// ---- activations: signs and mean magnitude ----

inline void put_scale(const ConvolutionPlan& plan, std::int64_t n, std::int64_t row,
                      std::int64_t column, float total) {
  if (row % plan.stride == 0 && column % plan.stride == 0) {
    const std::int64_t pixel = (n * plan.out_height + row / plan.stride) * plan.out_width;
    plan.scale[pixel + column / plan.stride] = total / static_cast<float>(plan.in_channels);
  }
}

// Signs and magnitudes of `count` channels at kPackBlock (or fewer) neighbouring pixels.
template <int kChannels>
inline void take_channels(const float* BIMACO_RESTRICT x, std::int64_t channel_stride,
                          std::int64_t pixels, int first_bit, std::uint32_t* BIMACO_RESTRICT words,
                          float* BIMACO_RESTRICT magnitudes) {
  for (std::int64_t i = 0; i < pixels; ++i) {
    std::uint32_t word = words[i];
    float sum = magnitudes[i];
    for (int c = 0; c < kChannels; ++c) {
      const float v = x[c * channel_stride + i];
      word |= static_cast<std::uint32_t>(v >= 0.0f) << (first_bit + c);
      sum += fabsf(v);
    }
    words[i] = word;
    magnitudes[i] = sum;
  }
}

void pack_block_outermost(const ConvolutionPlan& plan, std::int64_t n, std::int64_t first,
                          std::int64_t pixels) {
  alignas(64) std::uint32_t words[kPackBlock];
  alignas(64) float magnitudes[kPackBlock];
  alignas(64) float totals[kPackBlock];
  for (std::int64_t i = 0; i < pixels; ++i) totals[i] = 0.0f;
  const std::int64_t plane = plan.height * plan.width;
  for (std::int64_t w = 0; w < plan.words; ++w) {
    for (std::int64_t i = 0; i < pixels; ++i) {
      words[i] = 0;
      magnitudes[i] = 0.0f;
    }
    const std::int64_t channels = smaller(kWordBits, plan.in_channels - w * kWordBits);
    const float* x = plan.x + (n * plan.in_channels + w * kWordBits) * plane + first;
    std::int64_t c = 0;
    for (; c + 4 <= channels; c += 4) {
      take_channels<4>(x + c * plane, plane, pixels, static_cast<int>(c), words, magnitudes);
    }
    for (; c < channels; ++c) {
      take_channels<1>(x + c * plane, plane, pixels, static_cast<int>(c), words, magnitudes);
    }
    for (std::int64_t i = 0; i < pixels; ++i) totals[i] += magnitudes[i];

    std::uint32_t* plane_signs = plan.signs + n * plan.image_words + w * plan.plane_words;
    std::int64_t row = first / plan.width, column = first % plan.width;
    for (std::int64_t i = 0; i < pixels;) {
      const std::int64_t run = smaller(plan.width - column, pixels - i);
      std::uint32_t* row_signs = plane_signs + (row + plan.padding) * plan.row_words;
      if (plan.stride == 1) {
        std::uint32_t* target = row_signs + column + plan.padding;
        for (std::int64_t j = 0; j < run; ++j) target[j] = words[i + j];
      } else {
        for (std::int64_t j = 0; j < run; ++j) {
          const std::int64_t padded = column + j + plan.padding;
          row_signs[(padded % plan.stride) * plan.phase_words + padded / plan.stride] =
              words[i + j];
        }
      }
      i += run;
      column = 0;
      ++row;
    }
  }
  std::int64_t row = first / plan.width, column = first % plan.width;
  for (std::int64_t i = 0; i < pixels; ++i) {
    put_scale(plan, n, row, column, totals[i]);
    if (++column == plan.width) {
      column = 0;
      ++row;
    }
  }
}

// The sum in a fixed order of eight interleaved parts.
inline float magnitude_of_word(const float* x) {
  float parts[8];
  for (int i = 0; i < 8; ++i) parts[i] = fabsf(x[i]);
  for (int j = 8; j < kWordBits; j += 8) {
    for (int i = 0; i < 8; ++i) parts[i] += fabsf(x[j + i]);
  }
  return ((parts[0] + parts[4]) + (parts[2] + parts[6])) +
         ((parts[1] + parts[5]) + (parts[3] + parts[7]));
}

void pack_block_innermost(const ConvolutionPlan& plan, std::int64_t n, std::int64_t first,
                          std::int64_t pixels) {
  const std::int64_t whole_words = plan.in_channels / kWordBits;
  const std::int64_t tail = plan.in_channels % kWordBits;
  std::int64_t row = first / plan.width, column = first % plan.width;
  for (std::int64_t i = 0; i < pixels; ++i) {
    const float* x = plan.x + (n * plan.height * plan.width + first + i) * plan.in_channels;
    std::uint32_t* target = plan.signs + n * plan.image_words +
                            (row + plan.padding) * plan.row_words +
                            (column + plan.padding) * plan.words;
    float total = 0.0f;
    for (std::int64_t w = 0; w < whole_words; ++w) {
      target[w] = signs_of_word(x + w * kWordBits);
      total += magnitude_of_word(x + w * kWordBits);
    }
    if (tail) {
      std::uint32_t word = 0;
      float part = 0.0f;
      for (std::int64_t c = 0; c < tail; ++c) {
        const float v = x[whole_words * kWordBits + c];
        word |= static_cast<std::uint32_t>(v >= 0.0f) << c;
        part += fabsf(v);
      }
      target[whole_words] = word;
      total += part;
    }
    put_scale(plan, n, row, column, total);
    if (++column == plan.width) {
      column = 0;
      ++row;
    }
  }
}

void pack_pixels(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  const std::int64_t pixels = plan.height * plan.width;
  const std::int64_t blocks = ceil_div(pixels, kPackBlock);
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t first = unit % blocks * kPackBlock;
    const std::int64_t count = smaller(kPackBlock, pixels - first);
    if (plan.channels_innermost) {
      pack_block_innermost(plan, unit / blocks, first, count);
    } else {
      pack_block_outermost(plan, unit / blocks, first, count);
    }
  }
}

// ---- the product ----

// Counts differing signs between kTileLanes lanes and kTileBroadcasts broadcast operands.
inline void count_mismatches(const ConvolutionPlan& plan, const std::uint32_t* lanes,
                             const std::uint32_t* const* broadcasts,
                             std::uint32_t (*counts)[kTileLanes]) {
  const std::int64_t depth = plan.depth;
  const std::int64_t* lane_offset = plan.lane_offset;
  const std::int64_t* broadcast_offset = plan.broadcast_offset;
  for (std::int64_t start = 0; start < depth; start += Vector::kChunk) {
    const std::int64_t stop = smaller(depth, start + Vector::kChunk);
    Vector::Counter counters[kTileBroadcasts][Vector::kVectors];
    for (int b = 0; b < kTileBroadcasts; ++b) {
      for (int v = 0; v < Vector::kVectors; ++v) counters[b][v] = Vector::zero();
    }
    for (std::int64_t k = start; k < stop; ++k) {
      Vector::Words words[Vector::kVectors];
      for (int v = 0; v < Vector::kVectors; ++v) {
        words[v] = Vector::load(lanes + lane_offset[k] + v * Vector::kLanes);
      }
      for (int b = 0; b < kTileBroadcasts; ++b) {
        const Vector::Words other = Vector::broadcast(broadcasts[b][broadcast_offset[k]]);
        for (int v = 0; v < Vector::kVectors; ++v) {
          counters[b][v] = Vector::add_mismatches(counters[b][v], words[v], other);
        }
      }
    }
    for (int b = 0; b < kTileBroadcasts; ++b) {
      for (int v = 0; v < Vector::kVectors; ++v) {
        Vector::store_counts(counts[b] + v * Vector::kLanes, counters[b][v], start != 0);
      }
    }
  }
}

inline std::int32_t rows_outside(const ConvolutionPlan& plan, std::int64_t out_row) {
  const std::int64_t row = out_row * plan.stride;
  return (row == 0 ? kTop : 0) | (row == plan.height - 1 ? kBottom : 0);
}

inline std::int32_t columns_outside(const ConvolutionPlan& plan, std::int64_t out_column) {
  const std::int64_t column = out_column * plan.stride;
  return (column == 0 ? kLeft : 0) | (column == plan.width - 1 ? kRight : 0);
}

// Copies a tile's row of results; a full one in a loop of constant length.
template <class T>
inline void put_lanes(T* BIMACO_RESTRICT target, const T* BIMACO_RESTRICT lanes,
                      std::int64_t count) {
  if (count == kTileLanes) {
    for (std::int64_t i = 0; i < kTileLanes; ++i) target[i] = lanes[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) target[i] = lanes[i];
  }
}

// Copies what a tile reads beside the counts, so that its loops run over whole tiles.
inline void get_lanes(float* BIMACO_RESTRICT lanes, const float* BIMACO_RESTRICT source,
                      std::int64_t count) {
  for (std::int64_t i = 0; i < kTileLanes; ++i) lanes[i] = i < count ? source[i] : 0.0f;
}

// Up to kTileLanes pixels of one row.
struct PixelTile {
  const std::uint32_t* lanes;
  std::int64_t pixels;
  std::int64_t first_out;  // place of its first pixel in output channel 0
  std::int32_t outside, outside_first, outside_last;
  alignas(64) float scale[kTileLanes];
};

inline void place_tile(const ConvolutionPlan& plan, std::int64_t unit, PixelTile& tile) {
  const std::int64_t row_tiles = ceil_div(plan.out_width, kTileLanes);
  const std::int64_t first = unit % row_tiles * kTileLanes;
  const std::int64_t out_row = unit / row_tiles % plan.out_height;
  const std::int64_t n = unit / row_tiles / plan.out_height;
  tile.pixels = smaller(kTileLanes, plan.out_width - first);
  tile.lanes = plan.signs + n * plan.image_words + out_row * plan.stride * plan.row_words + first;
  tile.first_out =
      (n * plan.out_channels * plan.out_height + out_row) * plan.out_width + first;
  tile.outside = rows_outside(plan, out_row);
  tile.outside_first = tile.outside | columns_outside(plan, first);
  tile.outside_last = tile.outside | columns_outside(plan, first + tile.pixels - 1);
  get_lanes(tile.scale, plan.scale + (n * plan.out_height + out_row) * plan.out_width + first,
            tile.pixels);
}

inline void finish_tile(const ConvolutionPlan& plan, const PixelTile& tile, std::int64_t o,
                        const std::uint32_t* counts) {
  const std::int32_t* top = plan.at_zero_mismatch + o;
  const std::int32_t most = top[tile.outside * plan.padded_out_channels];
  alignas(64) std::int32_t dots[kTileLanes];
  for (std::int64_t i = 0; i < kTileLanes; ++i) {
    dots[i] = most - 2 * static_cast<std::int32_t>(counts[i]);
  }
  // Where a row is one pixel wide, the first is the last and both of its sides are outside.
  dots[0] += top[tile.outside_first * plan.padded_out_channels] - most;
  if (tile.pixels > 1) {
    dots[tile.pixels - 1] += top[tile.outside_last * plan.padded_out_channels] - most;
  }
  const std::int64_t place = tile.first_out + o * plan.out_height * plan.out_width;
  if (plan.y) {
    const float alpha = plan.alpha[o], bias = plan.bias[o];
    alignas(64) float y[kTileLanes];
    for (std::int64_t i = 0; i < kTileLanes; ++i) {
      y[i] = static_cast<float>(dots[i]) * alpha * tile.scale[i] + bias;
    }
    put_lanes(plan.y + place, y, tile.pixels);
  }
  if (plan.dots) put_lanes(plan.dots + place, dots, tile.pixels);
}

// Channels outermost: lanes are the pixels of a row. Units: tiles of kTileLanes pixels. Several
// tiles share a pass over the weights, so that each output channel is written in long runs.
void convolve_outermost(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  constexpr std::int64_t kGroup = 16;
  PixelTile tiles[kGroup];
  alignas(64) std::uint32_t counts[kTileBroadcasts][kTileLanes];
  for (std::int64_t unit = begin; unit < end; unit += kGroup) {
    const std::int64_t group = smaller(kGroup, end - unit);
    for (std::int64_t t = 0; t < group; ++t) place_tile(plan, unit + t, tiles[t]);
    for (std::int64_t o = 0; o < plan.out_channels; o += kTileBroadcasts) {
      const std::uint32_t* broadcasts[kTileBroadcasts];
      for (int b = 0; b < kTileBroadcasts; ++b) {
        broadcasts[b] = plan.weights + (o + b) * plan.depth;
      }
      const std::int64_t channels = smaller(kTileBroadcasts, plan.out_channels - o);
      for (std::int64_t t = 0; t < group; ++t) {
        count_mismatches(plan, tiles[t].lanes, broadcasts, counts);
        for (std::int64_t b = 0; b < channels; ++b) {
          finish_tile(plan, tiles[t], o + b, counts[b]);
        }
      }
    }
  }
}

// Channels innermost: lanes are output channels. Units: kTileBroadcasts successive pixels.
void convolve_innermost(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  const std::int64_t all_pixels = plan.batch * plan.out_height * plan.out_width;
  alignas(64) std::uint32_t counts[kTileBroadcasts][kTileLanes];
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t first = unit * kTileBroadcasts;
    const std::int64_t pixels = smaller(kTileBroadcasts, all_pixels - first);
    const std::uint32_t* broadcasts[kTileBroadcasts];
    const std::int32_t* tops[kTileBroadcasts];
    for (int b = 0; b < kTileBroadcasts; ++b) {
      const std::int64_t pixel = first + smaller(b, pixels - 1);
      const std::int64_t column = pixel % plan.out_width;
      const std::int64_t row = pixel / plan.out_width % plan.out_height;
      const std::int64_t n = pixel / plan.out_width / plan.out_height;
      broadcasts[b] = plan.signs + n * plan.image_words + row * plan.stride * plan.row_words +
                      column * plan.stride * plan.words;
      const std::int32_t outside = rows_outside(plan, row) | columns_outside(plan, column);
      tops[b] = plan.at_zero_mismatch + outside * plan.padded_out_channels;
    }
    for (std::int64_t o = 0; o < plan.out_channels; o += kTileLanes) {
      count_mismatches(plan, plan.weights + o, broadcasts, counts);
      const std::int64_t channels = smaller(kTileLanes, plan.out_channels - o);
      alignas(64) float alpha[kTileLanes] = {}, bias[kTileLanes] = {};
      if (plan.y) {
        get_lanes(alpha, plan.alpha + o, channels);
        get_lanes(bias, plan.bias + o, channels);
      }
      for (std::int64_t b = 0; b < pixels; ++b) {
        alignas(64) std::int32_t dots[kTileLanes];
        const std::int32_t* top = tops[b] + o;
        for (std::int64_t i = 0; i < kTileLanes; ++i) {
          dots[i] = top[i] - 2 * static_cast<std::int32_t>(counts[b][i]);
        }
        const std::int64_t place = (first + b) * plan.out_channels + o;
        if (plan.y) {
          const float scale = plan.scale[first + b];
          alignas(64) float y[kTileLanes];
          for (std::int64_t i = 0; i < kTileLanes; ++i) {
            y[i] = static_cast<float>(dots[i]) * alpha[i] * scale + bias[i];
          }
          put_lanes(plan.y + place, y, channels);
        }
        if (plan.dots) put_lanes(plan.dots + place, dots, channels);
      }
    }
  }
}

void convolve(const ConvolutionPlan& plan, std::int64_t begin, std::int64_t end) {
  if (plan.channels_innermost) {
    convolve_innermost(plan, begin, end);
  } else {
    convolve_outermost(plan, begin, end);
  }
}

// ---- the sparse map ----

inline void sparse_row(const SparsePlan& plan, std::int64_t o, const float* BIMACO_RESTRICT x,
                       std::int64_t x_stride, float* BIMACO_RESTRICT y, std::int64_t pixels) {
  const std::int64_t first = plan.first[o], last = plan.first[o + 1];
  for (std::int64_t i = 0; i < pixels; ++i) y[i] = 0.0f;
  std::int64_t k = first;
  for (; k + 2 <= last; k += 2) {
    const float* x0 = x + plan.in_index[k] * x_stride;
    const float* x1 = x + plan.in_index[k + 1] * x_stride;
    const float v0 = plan.values[k], v1 = plan.values[k + 1];
    for (std::int64_t i = 0; i < pixels; ++i) y[i] = y[i] + v0 * x0[i] + v1 * x1[i];
  }
  for (; k < last; ++k) {
    const float* x0 = x + plan.in_index[k] * x_stride;
    const float v0 = plan.values[k];
    for (std::int64_t i = 0; i < pixels; ++i) y[i] += v0 * x0[i];
  }
}

void sparse_outermost(const SparsePlan& plan, std::int64_t begin, std::int64_t end) {
  const std::int64_t blocks = ceil_div(plan.pixels, kSparseBlock);
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t n = unit / blocks, first = unit % blocks * kSparseBlock;
    const std::int64_t pixels = smaller(kSparseBlock, plan.pixels - first);
    const float* x = plan.x + n * plan.in_channels * plan.pixels + first;
    float* y = plan.y + n * plan.out_channels * plan.pixels + first;
    for (std::int64_t o = 0; o < plan.out_channels; ++o) {
      sparse_row(plan, o, x, plan.pixels, y + o * plan.pixels, pixels);
    }
  }
}

void sparse_innermost(const SparsePlan& plan, std::int64_t begin, std::int64_t end) {
  const std::int64_t blocks = ceil_div(plan.pixels, kSparseBlock);
  for (std::int64_t unit = begin; unit < end; ++unit) {
    const std::int64_t first = unit % blocks * kSparseBlock;
    const std::int64_t pixels = smaller(kSparseBlock, plan.pixels - first);
    const std::int64_t start = unit / blocks * plan.pixels + first;
    for (std::int64_t p = start; p < start + pixels; ++p) {
      const float* x = plan.x + p * plan.in_channels;
      float* y = plan.y + p * plan.out_channels;
      std::int64_t k = 0;
      for (std::int64_t o = 0; o < plan.out_channels; ++o) {
        float sum = 0.0f;
        for (const std::int64_t last = plan.first[o + 1]; k < last; ++k) {
          sum += plan.values[k] * x[plan.in_index[k]];
        }
        y[o] = sum;
      }
    }
  }
}

constexpr Kernels kKernels = {
    kTileLanes, kTileBroadcasts,  pack_weights,    pack_pixels,
    convolve,   sparse_outermost, sparse_innermost};

}  // namespace
}  // namespace bimaco
