#include "scratch.hpp"

#include <new>

namespace bimaco {
namespace {

constexpr std::align_val_t kAlignment{64};

struct Block {
  void* memory = nullptr;
  std::size_t size = 0;

  ~Block() { ::operator delete(memory, kAlignment); }
};

}  // namespace

void* thread_memory(Owner owner, std::size_t bytes) {
  static thread_local Block blocks[2];
  Block& block = blocks[static_cast<int>(owner)];
  if (!block.memory || block.size < bytes) {
    ::operator delete(block.memory, kAlignment);
    block.memory = ::operator new(bytes ? bytes : 1, kAlignment, std::nothrow);
    block.size = block.memory ? bytes : 0;
  }
  return block.memory;
}

}  // namespace bimaco
