// Random layers with memory of exactly the size that they name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "bimaco.h"

// Numbers from bytes as long as there are some, then from a generator.
class Source {
 public:
  explicit Source(std::uint64_t seed) : state_(seed) {}
  Source(const std::uint8_t* bytes, std::size_t count) : bytes_(bytes), left_(count) {}

  std::uint64_t below(std::uint64_t bound);  // 0 .. bound - 1
  float uniform(float from, float to);
  bool flip() { return below(2) == 1; }

 private:
  const std::uint8_t* bytes_ = nullptr;
  std::size_t left_ = 0;
  std::uint64_t state_ = 0;
};

// An array that ends where its allocation ends, so that a sanitizer sees what reads beyond it, and
// starts a few elements into it, so that it is not aligned.
template <class T>
class Array {
 public:
  Array() = default;
  Array(std::int64_t count, std::int64_t offset)
      : memory_(new T[static_cast<std::size_t>(count + offset)]), offset_(offset), count_(count) {}

  T* data() const { return memory_ ? memory_.get() + offset_ : nullptr; }
  std::int64_t size() const { return count_; }

 private:
  std::unique_ptr<T[]> memory_;
  std::int64_t offset_ = 0, count_ = 0;
};

// A layer and what it points at.
struct Case {
  bimaco_layer call{};
  Array<float> x, alpha, bias, pre_scale, pre_shift, slope, after, down, up, sparse_values, residual;
  Array<float> y;
  Array<std::uint8_t> bits;
  Array<std::int32_t> sparse_out, sparse_in, dots;
};

// How much work a case may be, in products.
constexpr std::int64_t kMostProducts = 400'000;

enum class Values { kRandom, kPositive, kNegative, kZeros };

// A valid layer; `dots` asks for the integers instead of y.
Case make_case(Source& source, std::int32_t isa, bool dots, std::int64_t most_products);

// The same for a shape that the caller has put into `call`: fills what it points at.
void fill_case(Case& made, Source& source, bool dots, Values values);
