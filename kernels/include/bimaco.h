/* Binary layers on the CPU: the whole interface of the native library, in plain C.
 *
 * Every function may be called from several threads at once. No function keeps a pointer after it
 * returns, except bimaco_set_parallel_for.
 */
#ifndef BIMACO_H
#define BIMACO_H

#include <stdint.h>

#if defined(_WIN32)
#if defined(BIMACO_BUILD)
#define BIMACO_API __declspec(dllexport)
#else
#define BIMACO_API __declspec(dllimport)
#endif
#else
#define BIMACO_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BIMACO_OK = 0,
  BIMACO_BAD_ARGUMENT = 1,
  BIMACO_NO_MEMORY = 2,
  BIMACO_BAD_ISA = 3,
  BIMACO_BAD_INDEX = 4
};

/* Goes up whenever a structure or the meaning of a function changes. */
BIMACO_API int32_t bimaco_abi_version(void);

/* Instruction sets that this library was built with are numbered from 0, slowest first. */
BIMACO_API int32_t bimaco_isa_count(void);
BIMACO_API const char* bimaco_isa_name(int32_t isa);
BIMACO_API int32_t bimaco_isa_usable(int32_t isa);

/* Splits [begin, end) into ranges of at least `grain` and runs them, in parallel or not. Returns 0
 * where every index was handed out exactly once. Without one, all work is done on the caller's
 * thread. Results do not depend on how the range is split. */
typedef void (*bimaco_range_function)(int64_t begin, int64_t end, void* context);
typedef int32_t (*bimaco_parallel_for)(int64_t begin, int64_t end, int64_t grain,
                                       bimaco_range_function function, void* context);
BIMACO_API void bimaco_set_parallel_for(bimaco_parallel_for parallel_for);

/* Binary convolution with true zero padding of kernel_size / 2.
 *
 * With D the inner product of the signs of weight and x over the taps inside the picture (sign(v)
 * is +1 where v >= 0, else -1, NaN included) and s the mean over the channels of |x| at the centre
 * tap, it writes y = D * alpha[o] * s + bias[o] where y is given, and D where dots is given.
 */
typedef struct {
  const float* x;      /* [batch, in_channels, height, width], or channels innermost */
  const uint8_t* bits; /* [out_channels, kernel_size^2, ceil(in_channels / 8)], low bit first,
                          1 where the weight is >= 0; bits past in_channels are ignored */
  const float* alpha;  /* [out_channels]; needed for y */
  const float* bias;   /* [out_channels]; needed for y */
  float* y;            /* laid out as x, ceil(height / stride) by ceil(width / stride); or null */
  int32_t* dots;       /* likewise; or null */
  int64_t batch;
  int64_t in_channels;
  int64_t out_channels;
  int64_t height;
  int64_t width;
  int32_t kernel_size; /* 1 or 3 */
  int32_t stride;      /* 1 or 2 */
  int32_t channels_innermost;
  int32_t isa;
} bimaco_convolution;

BIMACO_API int32_t bimaco_binary_convolution(const bimaco_convolution* call);

/* y[:, out_index[k]] += values[k] * x[:, in_index[k]] for every entry k, y starting at 0. */
typedef struct {
  const float* x; /* [batch, in_channels, pixels], or channels innermost */
  const float* values;
  const int32_t* out_index;
  const int32_t* in_index;
  float* y; /* [batch, out_channels, pixels], laid out as x */
  int64_t entries;
  int64_t batch;
  int64_t in_channels;
  int64_t out_channels;
  int64_t pixels;
  int32_t channels_innermost;
  int32_t isa;
} bimaco_sparse;

BIMACO_API int32_t bimaco_sparse_map(const bimaco_sparse* call);

#ifdef __cplusplus
}
#endif

#endif
