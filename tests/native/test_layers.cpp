// Every usable instruction set against the oracle: edges, random layers, bad arguments.
//
//   test_layers [random layers of each instruction set] [seed] [most products of a layer]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "oracle.hpp"

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
}

void check(Case& made, const std::string& where) {
  const char* wrong = check_case(made);
  if (*wrong == '\0') return;
  expect(false, where + ": " + wrong);
  describe(made.call);
}

void random_layers(std::int32_t isa, int count, std::uint64_t seed, std::int64_t most_products) {
  for (int k = 0; k < count; ++k) {
    const std::uint64_t own = seed * 1'000'003 + static_cast<std::uint64_t>(k);
    Source source(own);
    Case made = make_case(source, isa, k % 2 == 0, most_products);
    check(made, "random layer " + std::to_string(k) + " of seed " + std::to_string(seed));
  }
}

// Counts at their largest and smallest, where sums in bytes and 16 bits would overflow.
void saturation(std::int32_t isa) {
  for (const std::int64_t channels : {28, 63, 126, 240, 252, 253, 320, 1280, 3640}) {
    for (const Values values : {Values::kPositive, Values::kNegative, Values::kRandom}) {
      for (const std::int32_t kernel_size : {1, 3}) {
        if (channels * kernel_size * kernel_size > 32767) continue;
        for (const bool dots : {true, false}) {
          Source source(static_cast<std::uint64_t>(channels));
          Case made;
          made.call.isa = isa;
          made.call.kernel_size = kernel_size;
          made.call.stride = 1;
          made.call.batch = 1;
          made.call.in_channels = channels;
          made.call.out_channels = 2;
          made.call.height = 3;
          made.call.width = 5;
          made.call.threads = 1;
          made.call.per_tap = values == Values::kRandom && !dots;
          fill_case(made, source, dots, values);
          check(made, "saturation");
        }
      }
    }
  }
}

// Flipping the sign of one activation changes every sum that reads it by exactly two.
void one_flip(std::int32_t isa) {
  Source source(7);
  Case made;
  made.call.isa = isa;
  made.call.kernel_size = 3;
  made.call.stride = 1;
  made.call.batch = 1;
  made.call.in_channels = 37;
  made.call.out_channels = 11;
  made.call.height = 6;
  made.call.width = 41;
  made.call.threads = 1;
  fill_case(made, source, true, Values::kRandom);
  expect(bimaco_binary_layer(&made.call) == BIMACO_OK, "one flip: the call failed");
  const std::vector<std::int32_t> before(made.call.dots, made.call.dots + made.dots.size());
  const std::int64_t row = 2, column = 32, channel = 36;
  float& flipped = made.x.data()[(channel * made.call.height + row) * made.call.width + column];
  flipped = -flipped;
  expect(bimaco_binary_layer(&made.call) == BIMACO_OK, "one flip: the call failed");
  for (std::int64_t k = 0; k < made.dots.size(); ++k) {
    const std::int64_t y = k / made.call.width % made.call.height, x = k % made.call.width;
    const bool reads = std::abs(y - row) <= 1 && std::abs(x - column) <= 1;
    const int change = std::abs(made.call.dots[k] - before[static_cast<std::size_t>(k)]);
    expect(change == (reads ? 2 : 0), "one flip: a sum changed by another number");
  }
}

void not_a_number(std::int32_t isa) {
  Source source(8);
  Case made;
  made.call.isa = isa;
  made.call.kernel_size = 1;
  made.call.stride = 1;
  made.call.batch = 1;
  made.call.in_channels = 5;
  made.call.out_channels = 3;
  made.call.height = 1;
  made.call.width = 40;
  made.call.threads = 1;
  fill_case(made, source, true, Values::kPositive);
  made.x.data()[7] = std::nanf("");
  check(made, "NaN counts as -1");
}

// Several callers at once, each with working memory of its own.
void many_callers(std::int32_t isa) {
  std::vector<std::thread> threads;
  std::vector<std::string> wrong(4);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([isa, t, &wrong] {
      for (std::uint64_t k = 0; k < 8; ++k) {
        Source source(900 + 10 * t + k);
        Case made = make_case(source, isa, true, 50'000);
        const Expected expected = expected_layer(made.call);
        if (bimaco_binary_layer(&made.call) != BIMACO_OK) wrong[t] = "a call failed";
        for (std::size_t at = 0; at < expected.dots.size(); ++at) {
          if (made.call.dots[at] != expected.dots[at]) wrong[t] = "an integer differs";
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : wrong) expect(text.empty(), "many callers: " + text);
}

void group_norm(std::int32_t isa) {
  for (const std::int64_t pixels : {1, 7, 16, 33, 100, 1025}) {
    for (const std::int64_t groups : {1, 3}) {
      const std::int64_t batch = 2, channels = 6, size = channels / groups * pixels;
      Source source(static_cast<std::uint64_t>(pixels));
      Array<float> x(batch * channels * pixels, 1), weight(channels, 1), bias(channels, 2);
      Array<float> scale(batch * channels, 1), shift(batch * channels, 1);
      for (std::int64_t k = 0; k < x.size(); ++k) x.data()[k] = source.uniform(4.0f, 6.0f);
      for (std::int64_t c = 0; c < channels; ++c) {
        weight.data()[c] = source.uniform(-2.0f, 2.0f);
        bias.data()[c] = source.uniform(-2.0f, 2.0f);
      }
      const bimaco_norm call{x.data(),     weight.data(), bias.data(), scale.data(), shift.data(),
                             batch,        channels,      pixels,      groups,       1e-5,
                             isa};
      expect(bimaco_group_norm_affine(&call) == BIMACO_OK, "group norm: the call failed");
      for (std::int64_t n = 0; n < batch; ++n) {
        for (std::int64_t c = 0; c < channels; ++c) {
          const float* group = x.data() + (n * groups + c / (channels / groups)) * size;
          double mean = 0, variance = 0;
          for (std::int64_t k = 0; k < size; ++k) mean += group[k] / static_cast<double>(size);
          for (std::int64_t k = 0; k < size; ++k) {
            variance += (group[k] - mean) * (group[k] - mean) / static_cast<double>(size);
          }
          const double factor = weight.data()[c] / std::sqrt(variance + 1e-5);
          const double added = bias.data()[c] - mean * factor;
          const std::int64_t at = n * channels + c;
          expect(std::fabs(scale.data()[at] - factor) <= 2e-5 * std::fabs(factor) &&
                     std::fabs(shift.data()[at] - added) <=
                         2e-5 * (std::fabs(bias.data()[c]) + std::fabs(mean * factor)),
                 "group norm: a result differs");
        }
      }
    }
  }
}

// Each change makes a good call a bad one.
void bad_arguments(std::int32_t isa) {
  expect(bimaco_binary_layer(nullptr) == BIMACO_BAD_ARGUMENT, "no call was taken");
  expect(bimaco_group_norm_affine(nullptr) == BIMACO_BAD_ARGUMENT, "no call was taken");
  using Change = void (*)(bimaco_layer&);
  constexpr Change kChanges[] = {
      [](bimaco_layer& call) { call.x = nullptr; },
      [](bimaco_layer& call) { call.bits = nullptr; },
      [](bimaco_layer& call) { call.alpha = nullptr; },
      [](bimaco_layer& call) { call.bias = nullptr; },
      [](bimaco_layer& call) { call.y = nullptr; },
      [](bimaco_layer& call) { call.batch = 0; },
      [](bimaco_layer& call) { call.in_channels = 0; },
      [](bimaco_layer& call) { call.in_channels = 32768; },
      [](bimaco_layer& call) { call.out_channels = -1; },
      [](bimaco_layer& call) { call.height = 0; },
      [](bimaco_layer& call) { call.width = std::int64_t{1} << 62; },
      [](bimaco_layer& call) { call.kernel_size = 2; },
      [](bimaco_layer& call) { call.kernel_size = 5; },
      [](bimaco_layer& call) { call.stride = 3; },
      [](bimaco_layer& call) { call.activation = 9; },
      [](bimaco_layer& call) { call.rank = 65; },
      [](bimaco_layer& call) { call.entries = -1; },
      [](bimaco_layer& call) { call.doubled = 1, call.stride = 2; },
      [](bimaco_layer& call) { call.mean_shortcut = 1; },
      [](bimaco_layer& call) { call.dots = reinterpret_cast<std::int32_t*>(call.y); },
      [](bimaco_layer& call) {
        call.dots = reinterpret_cast<std::int32_t*>(call.y);
        call.y = nullptr;
        call.per_tap = 1;
      },
  };
  int number = 0;
  for (const Change change : kChanges) {
    Source source(1);
    Case made = make_case(source, isa, false, 10'000);
    made.call.stride = 1;
    change(made.call);
    expect(bimaco_binary_layer(&made.call) == BIMACO_BAD_ARGUMENT,
           "bad argument " + std::to_string(number++) + " was taken");
  }
  Source source(1);
  Case made = make_case(source, isa, false, 10'000);
  const float value = 1;
  const std::int32_t zero = 0;
  const auto beyond = static_cast<std::int32_t>(made.call.in_channels);
  made.call.entries = 1;
  made.call.sparse_values = &value;
  made.call.sparse_out = &zero;
  made.call.sparse_in = &beyond;
  expect(bimaco_binary_layer(&made.call) == BIMACO_BAD_INDEX, "an index out of range was taken");
  made.call.entries = 0;
  for (const std::int32_t none : {-1, bimaco_isa_count()}) {
    made.call.isa = none;
    expect(bimaco_binary_layer(&made.call) == BIMACO_BAD_ISA, "no instruction set was taken");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 400;
  const auto seed = static_cast<std::uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
  const std::int64_t most_products = argc > 3 ? std::atoll(argv[3]) : kMostProducts;
  for (std::int32_t isa = 0; isa < bimaco_isa_count(); ++isa) {
    const std::string name = bimaco_isa_name(isa);
    if (!bimaco_isa_usable(isa)) {
      std::printf("%s: not usable here\n", name.c_str());
      continue;
    }
    const int before = failures;
    bad_arguments(isa);
    saturation(isa);
    one_flip(isa);
    not_a_number(isa);
    group_norm(isa);
    many_callers(isa);
    random_layers(isa, count, seed, most_products);
    expect(bimaco_ceiling(isa, 1) >= 0, "the ceiling is negative");
    std::printf("%s: %d random layers, %s\n", name.c_str(), count,
                failures == before ? "all right" : "FAILED");
  }
  return failures ? 1 : 0;
}
