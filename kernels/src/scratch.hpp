// Working memory that a thread keeps between calls, so that calls do not wait for fresh pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace bimaco {

// Hands out aligned arrays from one block. First ask for all sizes, then `allocate`, then `take`
// in the same order.
class Scratch {
 public:
  template <class T>
  void reserve(std::int64_t count) {
    needed_ += padded(static_cast<std::size_t>(count) * sizeof(T));
  }

  // False where there is not enough memory.
  bool allocate() {
    static thread_local Block block;
    if (block.size < needed_) {
      block.bytes.reset();
      block.size = 0;
      block.bytes.reset(new (std::align_val_t{kAlignment}, std::nothrow) std::byte[needed_]);
      if (!block.bytes) return false;
      block.size = needed_;
    }
    next_ = block.bytes.get();
    return true;
  }

  template <class T>
  T* take(std::int64_t count) {
    T* array = reinterpret_cast<T*>(next_);
    next_ += padded(static_cast<std::size_t>(count) * sizeof(T));
    return array;
  }

 private:
  static constexpr std::size_t kAlignment = 64;

  struct Deleter {
    void operator()(std::byte* bytes) const {
      ::operator delete[](bytes, std::align_val_t{kAlignment});
    }
  };
  struct Block {
    std::unique_ptr<std::byte[], Deleter> bytes;
    std::size_t size = 0;
  };

  static std::size_t padded(std::size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }

  std::size_t needed_ = 0;
  std::byte* next_ = nullptr;
};

}  // namespace bimaco
