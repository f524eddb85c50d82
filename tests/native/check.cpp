#include "check.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "oracle.hpp"

namespace {

// Of the terms that are added up; sums over thousands of channels round more often.
double tolerance(const bimaco_layer& call) {
  return 2e-6 + 1e-9 * static_cast<double>(call.in_channels);
}

// Splits as unevenly as it may, and begins at the end.
std::int32_t in_pieces(std::int64_t begin, std::int64_t end, std::int64_t grain,
                       bimaco_range_function function, void* context) {
  while (end - begin > grain) {
    const std::int64_t middle = end - grain;
    function(middle, end, context);
    end = middle;
  }
  if (end > begin) function(begin, end, context);
  return 0;
}

bool is_finite(const bimaco_layer& call) {
  const std::int64_t count = call.batch * call.in_channels * call.height * call.width;
  for (std::int64_t k = 0; k < count; ++k) {
    if (!std::isfinite(call.x[k])) return false;
  }
  return true;
}

}  // namespace

const char* check_case(Case& made) {
  const bimaco_layer& call = made.call;
  if (!is_valid(call)) {
    return bimaco_binary_layer(&call) == BIMACO_OK ? "a bad argument was taken" : "";
  }
  const Expected expected = expected_layer(call);
  std::vector<float> whole;
  for (const bimaco_parallel_for parallel_for : {bimaco_parallel_for{nullptr}, &in_pieces}) {
    bimaco_set_parallel_for(parallel_for);
    const std::int32_t status = bimaco_binary_layer(&call);
    bimaco_set_parallel_for(nullptr);
    if (status != BIMACO_OK) return "the call failed";
    if (call.dots) {
      for (std::size_t k = 0; k < expected.dots.size(); ++k) {
        if (call.dots[k] != expected.dots[k]) return "an integer differs";
      }
      continue;
    }
    if (!is_finite(call)) continue;
    for (std::size_t k = 0; k < expected.y.size(); ++k) {
      const double difference = std::fabs(static_cast<double>(call.y[k]) - expected.y[k]);
      if (!(difference <= tolerance(call) * expected.size[k] + 1e-12)) {
        std::fprintf(stderr, "y[%zu] is %.9g, not %.9g; its terms have a size of %.3g\n", k,
                     static_cast<double>(call.y[k]), expected.y[k], expected.size[k]);
        return "a result differs";
      }
    }
    if (whole.empty()) {
      whole.assign(call.y, call.y + expected.y.size());
    } else if (std::memcmp(whole.data(), call.y, whole.size() * sizeof(float)) != 0) {
      return "a result depends on how the work is split";
    }
  }
  return "";
}

void describe(const bimaco_layer& call) {
  std::fprintf(
      stderr,
      "%s: %lld x %lld -> %lld channels, %lld x %lld px, kernel %d, stride %d%s%s%s%s%s, "
      "activation %d (%g), pre %d, rprelu %d, rank %lld, entries %lld, residual %d, threads %d%s\n",
      bimaco_isa_name(call.isa), static_cast<long long>(call.batch),
      static_cast<long long>(call.in_channels), static_cast<long long>(call.out_channels),
      static_cast<long long>(call.height), static_cast<long long>(call.width), call.kernel_size,
      call.stride, call.doubled ? ", doubled" : "", call.per_tap ? ", per tap" : "",
      call.zero_is_zero ? ", zero is zero" : "",
      call.channels_innermost ? ", channels innermost" : "",
      call.mean_shortcut ? ", mean shortcut" : "", call.activation,
      static_cast<double>(call.negative_slope), call.pre_scale != nullptr, call.slope != nullptr,
      static_cast<long long>(call.rank), static_cast<long long>(call.entries),
      call.residual != nullptr, call.threads, call.dots ? ", integers" : "");
}
