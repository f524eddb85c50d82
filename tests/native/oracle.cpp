#include "oracle.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace {

// The layer's input after its prologue, channels outermost.
struct Prepared {
  std::int64_t height, width;
  std::vector<double> a, size;
  std::vector<std::int8_t> sign;

  std::size_t at(std::int64_t plane, std::int64_t row, std::int64_t column) const {
    return static_cast<std::size_t>((plane * height + row) * width + column);
  }
};

// Rounded as float32 rounds, because signs are taken after it.
float normalized(const bimaco_layer& call, std::int64_t n, std::int64_t c, float x) {
  if (!call.pre_scale) return x;
  const std::int64_t at = n * call.pre_stride + c;
  const volatile float product = x * call.pre_scale[at];
  return product + call.pre_shift[at];
}

double activated(const bimaco_layer& call, double v) {
  switch (call.activation) {
    case BIMACO_LEAKY:
      return v >= 0 ? v : v * static_cast<double>(call.negative_slope);
    case BIMACO_SILU:
      return v / (1 + std::exp(-v));
    case BIMACO_GELU:
      return v * 0.5 * (1 + std::erf(v * std::sqrt(0.5)));
    default:
      return v;
  }
}

std::int8_t sign_of(const bimaco_layer& call, double a) {
  if (call.zero_is_zero && a == 0) return 0;
  return a >= 0 ? 1 : -1;
}

Prepared prepared(const bimaco_layer& call) {
  const std::int64_t factor = call.doubled ? 2 : 1;
  Prepared result;
  result.height = call.height * factor;
  result.width = call.width * factor;
  const auto count = static_cast<std::size_t>(call.batch * call.in_channels * result.height *
                                              result.width);
  result.a.resize(count);
  result.size.resize(count);
  result.sign.resize(count);
  for (std::int64_t n = 0; n < call.batch; ++n) {
    for (std::int64_t c = 0; c < call.in_channels; ++c) {
      for (std::int64_t row = 0; row < result.height; ++row) {
        for (std::int64_t column = 0; column < result.width; ++column) {
          const float x = call.x[place(call, n, c, call.in_channels, row / factor, column / factor,
                                       call.height, call.width)];
          const float v = normalized(call, n, c, x);
          const std::size_t at = result.at(n * call.in_channels + c, row, column);
          result.a[at] = activated(call, static_cast<double>(v));
          result.sign[at] = sign_of(call, result.a[at]);
          // The error function cancels where v is far below zero.
          result.size[at] = std::fabs(call.activation == BIMACO_GELU ? v : result.a[at]);
          if (call.pre_scale) {
            const std::int64_t norm = n * call.pre_stride + c;
            result.size[at] = std::max(
                result.size[at], std::fabs(static_cast<double>(x) * call.pre_scale[norm]) +
                                     std::fabs(static_cast<double>(call.pre_shift[norm])));
          }
        }
      }
    }
  }
  return result;
}

// [batch, height, width]: the mean over the channels of the magnitudes.
std::vector<double> mean_magnitude(const bimaco_layer& call, const Prepared& in,
                                   const std::vector<double>& values) {
  std::vector<double> mean(static_cast<std::size_t>(call.batch * in.height * in.width));
  for (std::int64_t n = 0; n < call.batch; ++n) {
    for (std::int64_t c = 0; c < call.in_channels; ++c) {
      for (std::int64_t row = 0; row < in.height; ++row) {
        for (std::int64_t column = 0; column < in.width; ++column) {
          mean[in.at(n, row, column)] +=
              std::fabs(values[in.at(n * call.in_channels + c, row, column)]) /
              static_cast<double>(call.in_channels);
        }
      }
    }
  }
  return mean;
}

double weight_sign(const bimaco_layer& call, std::int64_t o, std::int64_t tap, std::int64_t c) {
  const std::int64_t taps = call.kernel_size * call.kernel_size;
  const std::int64_t tap_bytes = (call.in_channels + 7) / 8;
  return (call.bits[(o * taps + tap) * tap_bytes + c / 8] >> (c % 8)) & 1 ? 1 : -1;
}

// b of one picture and pixel: a itself, or the mean of its 2x2 block.
double source(const bimaco_layer& call, const Prepared& in, const std::vector<double>& values,
              std::int64_t plane, std::int64_t row, std::int64_t column) {
  if (call.stride == 1) return values[in.at(plane, row, column)];
  double sum = 0;
  int count = 0;
  for (std::int64_t y = 2 * row; y < std::min(2 * row + 2, in.height); ++y) {
    for (std::int64_t x = 2 * column; x < std::min(2 * column + 2, in.width); ++x) {
      sum += values[in.at(plane, y, x)];
      ++count;
    }
  }
  return sum / count;
}

struct Sum {
  double value = 0, size = 0;

  void add(double term, double its_size) {
    value += term;
    size += std::fabs(its_size);
  }
};

void add_side(const bimaco_layer& call, const Prepared& in, std::int64_t n, std::int64_t row,
              std::int64_t column, std::int64_t o, Sum& y) {
  const auto b = [&](std::int64_t c) {
    return source(call, in, in.a, n * call.in_channels + c, row, column);
  };
  const auto b_size = [&](std::int64_t c) {
    return source(call, in, in.size, n * call.in_channels + c, row, column);
  };
  for (std::int64_t r = 0; call.down && r < call.rank; ++r) {
    const double up = call.up[o * call.rank + r];
    for (std::int64_t c = 0; c < call.in_channels; ++c) {
      const double factor = up * call.down[r * call.in_channels + c];
      y.add(factor * b(c), factor * b_size(c));
    }
  }
  for (std::int64_t k = 0; k < call.entries; ++k) {
    if (call.sparse_out[k] != o) continue;
    const double value = call.sparse_values[k];
    y.add(value * b(call.sparse_in[k]), value * b_size(call.sparse_in[k]));
  }
  if (call.mean_shortcut) y.add(b(o), b_size(o));
}

}  // namespace

bool is_valid(const bimaco_layer& call) {
  const auto is_flag = [](std::int32_t value) { return value == 0 || value == 1; };
  const bool sizes = call.batch > 0 && call.in_channels > 0 && call.out_channels > 0 &&
                     call.height > 0 && call.width > 0 && call.rank >= 0 && call.rank <= 64 &&
                     call.entries >= 0;
  const bool kinds = (call.kernel_size == 1 || call.kernel_size == 3) &&
                     (call.stride == 1 || call.stride == 2) && call.activation >= 0 &&
                     call.activation <= BIMACO_GELU && is_flag(call.per_tap) &&
                     is_flag(call.zero_is_zero) && is_flag(call.doubled) &&
                     is_flag(call.mean_shortcut) && is_flag(call.channels_innermost);
  return sizes && kinds && call.x && call.bits && !call.y != !call.dots && !(call.dots && call.per_tap) &&
         !(call.doubled && call.stride == 2) &&
         !(call.mean_shortcut && (call.stride != 2 || call.in_channels != call.out_channels)) &&
         call.in_channels * call.kernel_size * call.kernel_size <= 32767 &&
         (call.dots || (call.alpha && call.bias));
}

std::int64_t out_height(const bimaco_layer& call) {
  return call.doubled ? 2 * call.height : (call.height + call.stride - 1) / call.stride;
}

std::int64_t out_width(const bimaco_layer& call) {
  return call.doubled ? 2 * call.width : (call.width + call.stride - 1) / call.stride;
}

std::int64_t place(const bimaco_layer& call, std::int64_t n, std::int64_t c, std::int64_t channels,
                   std::int64_t row, std::int64_t column, std::int64_t height,
                   std::int64_t width) {
  if (call.channels_innermost) return ((n * height + row) * width + column) * channels + c;
  return ((n * channels + c) * height + row) * width + column;
}

Expected expected_layer(const bimaco_layer& call) {
  const Prepared in = prepared(call);
  const std::vector<double> scale = mean_magnitude(call, in, in.a);
  const std::vector<double> scale_size = mean_magnitude(call, in, in.size);
  const std::int64_t height = out_height(call), width = out_width(call);
  const auto count = static_cast<std::size_t>(call.batch * call.out_channels * height * width);
  Expected result{std::vector<std::int32_t>(count), std::vector<double>(count),
                  std::vector<double>(count)};
  const std::int64_t padding = call.kernel_size / 2;
  for (std::int64_t n = 0; n < call.batch; ++n) {
    for (std::int64_t o = 0; o < call.out_channels; ++o) {
      for (std::int64_t row = 0; row < height; ++row) {
        for (std::int64_t column = 0; column < width; ++column) {
          const std::size_t centre = in.at(n, row * call.stride, column * call.stride);
          const double alpha = call.alpha ? call.alpha[o] : 0;
          std::int64_t dot = 0;
          Sum y;
          for (std::int64_t tap = 0; tap < call.kernel_size * call.kernel_size; ++tap) {
            const std::int64_t in_row = row * call.stride + tap / call.kernel_size - padding;
            const std::int64_t in_column = column * call.stride + tap % call.kernel_size - padding;
            if (in_row < 0 || in_row >= in.height || in_column < 0 || in_column >= in.width) {
              continue;
            }
            std::int64_t part = 0;
            for (std::int64_t c = 0; c < call.in_channels; ++c) {
              const int sign = in.sign[in.at(n * call.in_channels + c, in_row, in_column)];
              part += static_cast<std::int64_t>(weight_sign(call, o, tap, c)) * sign;
            }
            dot += part;
            const std::size_t pixel = in.at(n, in_row, in_column);
            if (call.per_tap) {
              const double factor = alpha * static_cast<double>(part);
              y.add(factor * scale[pixel], factor * scale_size[pixel]);
            }
          }
          const auto at = static_cast<std::size_t>(
              place(call, n, o, call.out_channels, row, column, height, width));
          result.dots[at] = static_cast<std::int32_t>(dot);
          if (!call.y) continue;
          if (!call.per_tap) {
            const double factor = alpha * static_cast<double>(dot);
            y.add(factor * scale[centre], factor * scale_size[centre]);
          }
          y.add(call.bias[o], call.bias[o]);
          if (call.slope) {
            const double slope = call.slope[o];
            y.value = y.value > 0 ? y.value : y.value * slope;
            y.size *= std::max(1.0, std::fabs(slope));
            y.add(call.after[o], call.after[o]);
          }
          add_side(call, in, n, row, column, o, y);
          if (call.residual) y.add(call.residual[at], call.residual[at]);
          result.y[at] = y.value;
          result.size[at] = y.size;
        }
      }
    }
  }
  return result;
}
