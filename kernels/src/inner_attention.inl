// Attention in windows. A part of kernels.inl.

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
