// Bytes decide a layer, valid or not: it is refused, or it is computed right.
//
// Built with clang and -fsanitize=fuzzer this is a libFuzzer target. Anything else compiles the
// main function below, which feeds it random bytes.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "check.hpp"

namespace {

constexpr std::int64_t kMostFuzzedProducts = 20'000;

std::int32_t usable_isa(Source& source) {
  const auto count = static_cast<std::uint64_t>(bimaco_isa_count());
  const auto isa = static_cast<std::int32_t>(source.below(count));
  return bimaco_isa_usable(isa) ? isa : 0;
}

// Makes one field wrong now and then. Sizes only become wrong, never larger and right: the memory
// behind them is that of the good call.
void spoil(bimaco_layer& call, Source& source) {
  switch (source.below(24)) {
    case 0:
      call.kernel_size = static_cast<std::int32_t>(source.below(70000)) - 35000;
      if (call.kernel_size == 1 || call.kernel_size == 3) call.kernel_size = 0;
      break;
    case 1:
      call.stride = 3 + static_cast<std::int32_t>(source.below(1000));
      break;
    case 2:
      call.activation = 4 + static_cast<std::int32_t>(source.below(1000));
      break;
    case 3:
      call.height = -static_cast<std::int64_t>(source.below(70000));
      break;
    case 4:
      call.in_channels = 32768 + static_cast<std::int64_t>(source.below(70000));
      break;
    case 5:
      call.batch = 0;
      break;
    case 6:
      call.rank = 65 + static_cast<std::int64_t>(source.below(70000));
      break;
    case 7:
      call.x = nullptr;
      break;
    case 8:
      call.bits = nullptr;
      break;
    case 9:
      call.out_channels = -1 - static_cast<std::int64_t>(source.below(70000));
      break;
    default:
      break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  Source source(bytes, count);
  const bool dots = source.flip();
  const std::int32_t isa = usable_isa(source);
  Case made = make_case(source, isa, dots, kMostFuzzedProducts);
  spoil(made.call, source);
  const char* wrong = check_case(made);
  if (*wrong == '\0') return 0;
  std::fprintf(stderr, "%s\n", wrong);
  describe(made.call);
  std::abort();
}

#if !defined(BIMACO_LIBFUZZER)
int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 1000;
  Source random(argc > 2 ? static_cast<std::uint64_t>(std::atoll(argv[2])) : 1);
  std::vector<std::uint8_t> bytes;
  for (int run = 0; run < runs; ++run) {
    bytes.resize(random.below(200));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%d inputs, all right\n", runs);
  return 0;
}
#endif
