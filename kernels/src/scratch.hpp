// Working memory that a thread keeps between calls, so that calls do not wait for fresh pages.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bimaco {

// A thread has one block for each owner: the call itself, and its share of the work.
enum class Owner { kCall, kWorker };

// The calling thread's block, 64-byte aligned, at least so large; null where memory is short.
void* thread_memory(Owner owner, std::size_t bytes);

namespace {  // each instruction set has its own copy

// Hands out aligned arrays from one block. Sizes are added up in a first pass, when arrays are
// null; after `allocate` the same calls hand the arrays out.
class Scratch {
 public:
  explicit Scratch(Owner owner) : owner_(owner) {}

  // False where there is not enough memory.
  bool allocate() {
    base_ = static_cast<unsigned char*>(thread_memory(owner_, used_));
    used_ = 0;
    return base_ != nullptr;
  }

  template <class T>
  void take(T*& array, std::int64_t count) {
    array = base_ ? reinterpret_cast<T*>(base_ + used_) : nullptr;
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
    used_ += (bytes + 63) / 64 * 64;
  }

 private:
  Owner owner_;
  unsigned char* base_ = nullptr;
  std::size_t used_ = 0;
};

}  // namespace
}  // namespace bimaco
