#include "cases.hpp"

#include <cstring>

namespace {

// Around what lanes, look-ups, chunks and bytes hold.
constexpr std::int64_t kChannels[] = {1,  2,  3,  4,  5,  7,   8,   9,   12,  15,  16,  17,  23, 24,
                                      25, 31, 32, 33, 48, 63,  64,  65,  96,  127, 128, 129, 160, 192,
                                      239, 240, 241, 252, 253, 256, 257, 320};
constexpr std::int64_t kWidths[] = {1,  2,  3,  7,  8,  9,  15, 16,  17,  31,  32,
                                    33, 63, 64, 65, 95, 97, 127, 129, 255, 257};

template <std::size_t kCount>
std::int64_t one_of(Source& source, const std::int64_t (&choices)[kCount]) {
  return choices[source.below(kCount)];
}

std::int64_t offset(Source& source) { return static_cast<std::int64_t>(source.below(3)); }

Array<float> floats(Source& source, std::int64_t count, float from, float to) {
  Array<float> array(count, offset(source));
  for (std::int64_t i = 0; i < count; ++i) array.data()[i] = source.uniform(from, to);
  return array;
}

Array<std::int32_t> indices(Source& source, std::int64_t count, std::int64_t bound) {
  Array<std::int32_t> array(count, offset(source));
  for (std::int64_t i = 0; i < count; ++i) {
    array.data()[i] = static_cast<std::int32_t>(source.below(static_cast<std::uint64_t>(bound)));
  }
  return array;
}

float value(Source& source, Values values) {
  const float magnitude = source.uniform(0.001f, 3.0f);
  switch (values) {
    case Values::kPositive:
      return magnitude;
    case Values::kNegative:
      return -magnitude;
    case Values::kZeros: {
      const std::uint64_t kind = source.below(4);
      if (kind < 2) return kind ? 0.0f : -0.0f;
      return kind == 2 ? magnitude : -magnitude;
    }
    default:
      return source.flip() ? magnitude : -magnitude;
  }
}

std::int64_t products(const bimaco_layer& call) {
  const std::int64_t enlarged = call.doubled ? 4 : 1;
  return call.batch * call.height * call.width * enlarged * call.kernel_size * call.kernel_size *
         call.in_channels * call.out_channels;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

std::uint64_t Source::below(std::uint64_t bound) {
  if (left_ > 0) {
    // Two bytes a number: enough for every choice, and few enough to be learned.
    std::uint64_t number = *bytes_++;
    if (--left_ > 0) {
      number |= static_cast<std::uint64_t>(*bytes_++) << 8;
      --left_;
    }
    state_ = state_ * 31 + number;
    return number % bound;
  }
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return (mixed ^ (mixed >> 31)) % bound;
}

float Source::uniform(float from, float to) {
  return from + (to - from) * static_cast<float>(below(65536)) / 65536.0f;
}

void fill_case(Case& made, Source& source, bool dots, Values values) {
  bimaco_layer& call = made.call;
  const std::int64_t i = call.in_channels, o = call.out_channels;
  made.x = Array<float>(call.batch * i * call.height * call.width, offset(source));
  for (std::int64_t k = 0; k < made.x.size(); ++k) made.x.data()[k] = value(source, values);
  call.x = made.x.data();

  const std::int64_t tap_bytes = ceil_div(i, 8);
  made.bits = Array<std::uint8_t>(o * call.kernel_size * call.kernel_size * tap_bytes,
                                  offset(source));
  for (std::int64_t k = 0; k < made.bits.size(); ++k) {
    const bool is_last = k % tap_bytes == tap_bytes - 1 && i % 8;
    const unsigned mask = is_last ? (1u << (i % 8)) - 1u : 255u;
    const unsigned byte = values == Values::kRandom || values == Values::kZeros
                              ? static_cast<unsigned>(source.below(256))
                              : 255u;
    made.bits.data()[k] = static_cast<std::uint8_t>(byte & mask);
  }
  call.bits = made.bits.data();

  made.alpha = floats(source, o, 0.01f, 1.0f);
  made.bias = floats(source, o, -1.0f, 1.0f);
  call.alpha = made.alpha.data();
  call.bias = made.bias.data();

  const std::int64_t enlarged = call.doubled ? 2 : 1;
  const std::int64_t count = call.batch * o * ceil_div(call.height * enlarged, call.stride) *
                             ceil_div(call.width * enlarged, call.stride);
  if (dots) {
    made.dots = Array<std::int32_t>(count, offset(source));
    call.dots = made.dots.data();
    return;
  }
  made.y = Array<float>(count, offset(source));
  call.y = made.y.data();
  if (source.flip()) {
    made.slope = floats(source, o, -0.5f, 1.5f);
    made.after = floats(source, o, -1.0f, 1.0f);
    call.slope = made.slope.data();
    call.after = made.after.data();
  }
  if (source.flip()) {
    call.rank = 1 + static_cast<std::int64_t>(source.below(source.flip() ? 8 : 64));
    made.down = floats(source, call.rank * i, -1.0f, 1.0f);
    made.up = floats(source, o * call.rank, -1.0f, 1.0f);
    call.down = made.down.data();
    call.up = made.up.data();
  }
  if (source.flip()) {
    call.entries = 1 + static_cast<std::int64_t>(source.below(static_cast<std::uint64_t>(2 * i)));
    made.sparse_values = floats(source, call.entries, -1.0f, 1.0f);
    made.sparse_out = indices(source, call.entries, o);
    made.sparse_in = indices(source, call.entries, i);
    call.sparse_values = made.sparse_values.data();
    call.sparse_out = made.sparse_out.data();
    call.sparse_in = made.sparse_in.data();
  }
  call.mean_shortcut = call.stride == 2 && i == o && source.flip();
  if (source.flip()) {
    made.residual = floats(source, count, -2.0f, 2.0f);
    call.residual = made.residual.data();
  }
}

Case make_case(Source& source, std::int32_t isa, bool dots, std::int64_t most_products) {
  Case made;
  bimaco_layer& call = made.call;
  call.isa = isa;
  call.kernel_size = source.below(4) ? 3 : 1;
  call.stride = source.below(4) ? 1 : 2;
  call.doubled = call.stride == 1 && source.below(4) == 0;
  call.channels_innermost = source.below(3) == 0;
  call.per_tap = source.flip() && !dots;
  call.zero_is_zero = source.flip();
  call.threads = 1 + static_cast<std::int32_t>(source.below(4));
  call.batch = 1 + static_cast<std::int64_t>(source.below(3) == 0);
  call.in_channels = one_of(source, kChannels);
  call.out_channels = source.below(4) ? one_of(source, kChannels) : call.in_channels;
  call.width = one_of(source, kWidths);
  call.height = 1 + static_cast<std::int64_t>(source.below(6));
  // Whatever is largest shrinks until the oracle is quick.
  while (products(call) > most_products) {
    if (call.width >= call.out_channels && call.width > 1) {
      call.width -= call.width / 3 + 1;
      if (call.width < 1) call.width = 1;
    } else if (call.out_channels > 1) {
      call.out_channels -= call.out_channels / 3 + (call.out_channels < 3);
    } else if (call.in_channels > 1) {
      call.in_channels -= call.in_channels / 3 + (call.in_channels < 3);
    }
  }
  constexpr Values kValues[] = {Values::kRandom, Values::kRandom, Values::kRandom,
                                Values::kPositive, Values::kNegative, Values::kZeros};
  const Values values = kValues[source.below(6)];
  call.activation = static_cast<std::int32_t>(source.below(4));
  constexpr float kSlopes[] = {0.2f, 0.01f, 0.0f, 1.0f};
  call.negative_slope = kSlopes[source.below(4)];
  if (source.flip()) {
    call.pre_stride = source.flip() ? call.in_channels : 0;
    const std::int64_t count = (call.pre_stride ? call.batch : 1) * call.in_channels;
    made.pre_scale = floats(source, count, -1.0f, 1.5f);
    made.pre_shift = floats(source, count, -1.0f, 1.0f);
    call.pre_scale = made.pre_scale.data();
    call.pre_shift = made.pre_shift.data();
  }
  fill_case(made, source, dots, values);
  return made;
}
