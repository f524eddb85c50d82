// Group normalization as an affine map. A part of kernels.inl.

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
