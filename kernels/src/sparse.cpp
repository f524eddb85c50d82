#include "bimaco.h"
#include "isa.hpp"
#include "parallel.hpp"
#include "plan.hpp"
#include "scratch.hpp"

namespace bimaco {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 46;
constexpr std::int64_t kGrainValues = std::int64_t{1} << 16;

bool fits(std::int64_t batch, std::int64_t channels, std::int64_t pixels) {
  return batch > 0 && channels > 0 && pixels > 0 && channels <= kMostElements / batch &&
         pixels <= kMostElements / (batch * channels);
}

bool is_sane(const bimaco_sparse& call) {
  const bool has_entries = call.values && call.out_index && call.in_index;
  return call.x && call.y && call.entries >= 0 && call.entries <= kMostElements &&
         (has_entries || call.entries == 0) && fits(call.batch, call.in_channels, call.pixels) &&
         fits(call.batch, call.out_channels, call.pixels);
}

bool indices_fit(const bimaco_sparse& call) {
  for (std::int64_t k = 0; k < call.entries; ++k) {
    if (call.out_index[k] < 0 || call.out_index[k] >= call.out_channels || call.in_index[k] < 0 ||
        call.in_index[k] >= call.in_channels) {
      return false;
    }
  }
  return true;
}

// Entries by output channel, in their own order within each: a sort by counting.
void sort_entries(const bimaco_sparse& call, std::int64_t* first, float* values,
                  std::int32_t* in_index) {
  for (std::int64_t o = 0; o <= call.out_channels; ++o) first[o] = 0;
  for (std::int64_t k = 0; k < call.entries; ++k) ++first[call.out_index[k]];
  std::int64_t sum = 0;
  for (std::int64_t o = 0; o <= call.out_channels; ++o) {
    sum += first[o];
    first[o] = sum;
  }
  for (std::int64_t k = call.entries - 1; k >= 0; --k) {
    const std::int64_t place = --first[call.out_index[k]];
    values[place] = call.values[k];
    in_index[place] = call.in_index[k];
  }
}

}  // namespace
}  // namespace bimaco

int32_t bimaco_sparse_map(const bimaco_sparse* call) {
  if (!call || !bimaco::is_sane(*call)) return BIMACO_BAD_ARGUMENT;
  const bimaco::Kernels* kernels = bimaco::usable_kernels(call->isa);
  if (!kernels) return BIMACO_BAD_ISA;
  if (!bimaco::indices_fit(*call)) return BIMACO_BAD_INDEX;

  bimaco::Scratch scratch;
  scratch.reserve<std::int64_t>(call->out_channels + 1);
  scratch.reserve<float>(call->entries);
  scratch.reserve<std::int32_t>(call->entries);
  if (!scratch.allocate()) return BIMACO_NO_MEMORY;
  auto* first = scratch.take<std::int64_t>(call->out_channels + 1);
  auto* values = scratch.take<float>(call->entries);
  auto* in_index = scratch.take<std::int32_t>(call->entries);
  bimaco::sort_entries(*call, first, values, in_index);

  const bimaco::SparsePlan plan{call->batch, call->in_channels, call->out_channels, call->pixels,
                                call->x,     call->y,           first,              values,
                                in_index};
  const std::int64_t blocks = bimaco::ceil_div(call->pixels, bimaco::kSparseBlock);
  const std::int64_t grain =
      bimaco::ceil_div(bimaco::kGrainValues, bimaco::kSparseBlock * call->out_channels);
  bimaco::for_each_range(
      call->batch * blocks, grain, plan,
      call->channels_innermost ? kernels->sparse_innermost : kernels->sparse_outermost);
  return BIMACO_OK;
}
