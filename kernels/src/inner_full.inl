// The convolution in full precision. A part of kernels.inl.

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
