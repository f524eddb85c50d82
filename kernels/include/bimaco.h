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

enum {
  BIMACO_NO_ACTIVATION = 0,
  BIMACO_LEAKY = 1, /* max(v, negative_slope * v) */
  BIMACO_SILU = 2,
  BIMACO_GELU = 3
};

/* A whole binary layer: prologue, binary product, epilogue.
 *
 * a = activation(x * pre_scale + pre_shift), enlarged twice by nearest neighbour where doubled.
 * D is the inner product of the signs of weight and a over the taps inside the picture (true zero
 * padding of kernel_size / 2); sign(v) is +1 where v >= 0, else -1, NaN included; with zero_is_zero
 * the sign of both zeros is 0. s is the mean over the channels of |a| at a pixel.
 *   y = alpha * s * D + bias, s at the centre tap's pixel; per_tap: s at each tap's own pixel
 *   y = max(y, 0) + slope * min(y, 0) + after
 *   y += up (down b) + sparse b, and b itself with mean_shortcut; b is a, or with stride 2 the mean
 *        of a over the pixels of a 2x2 block that are inside the picture
 *   y += residual
 * Where dots is given instead of y, D is written and nothing else; per_tap is not for it.
 */
typedef struct {
  const float* x;      /* [batch, in_channels, height, width], or channels innermost */
  const uint8_t* bits; /* [out_channels, kernel_size^2, ceil(in_channels / 8)], low bit first,
                          1 where the weight is >= 0; bits past in_channels are 0 */
  const float* alpha;  /* [out_channels]; needed for y */
  const float* bias;   /* [out_channels]; needed for y */
  const float* pre_scale; /* pre_stride apart for each picture, [in_channels]; or null */
  const float* pre_shift; /* likewise */
  const float* slope;     /* [out_channels]; or null */
  const float* after;     /* [out_channels]; or null */
  const float* down;      /* [rank, in_channels]; or null */
  const float* up;        /* [out_channels, rank]; or null */
  const float* sparse_values; /* [entries]; or null */
  const int32_t* sparse_out;
  const int32_t* sparse_in;
  const float* residual; /* laid out as y; or null */
  float* y;      /* laid out as x, ceil(height / stride) by ceil(width / stride), or twice the sides
                    of x where doubled; or null */
  int32_t* dots; /* likewise; or null */
  int64_t batch;
  int64_t in_channels; /* times kernel_size^2 at most 32767 */
  int64_t out_channels;
  int64_t height;
  int64_t width;
  int64_t rank; /* 0 to 64 */
  int64_t entries;
  int64_t pre_stride; /* 0 or in_channels */
  float negative_slope; /* 0 to 1 */
  int32_t activation;
  int32_t kernel_size; /* 1 or 3 */
  int32_t stride;      /* 1 or 2 */
  int32_t channels_innermost;
  int32_t per_tap;
  int32_t zero_is_zero;
  int32_t doubled;       /* only with stride 1 */
  int32_t mean_shortcut; /* only with stride 2 and as many channels out as in */
  int32_t threads;       /* how many the caller's parallel_for uses: a hint */
  int32_t isa;
} bimaco_layer;

BIMACO_API int32_t bimaco_binary_layer(const bimaco_layer* call);

/* scale and shift [batch, channels] with group_norm(x) = x * scale + shift. */
typedef struct {
  const float* x; /* [batch, channels, pixels] */
  const float* weight;
  const float* bias;
  float* scale;
  float* shift;
  int64_t batch;
  int64_t channels;
  int64_t pixels;
  int64_t groups; /* divides channels */
  double eps;
  int32_t isa;
} bimaco_norm;

BIMACO_API int32_t bimaco_group_norm_affine(const bimaco_norm* call);

/* A 3x3 convolution in full precision with zero padding, of max(v, negative_slope * v), v = x *
 * pre_scale + pre_shift: what stands at the edges of a binary network. */
typedef struct {
  const float* x;         /* [batch, in_channels, height, width] */
  const float* weight;    /* [out_channels, in_channels, 3, 3] */
  const float* bias;      /* [out_channels] */
  const float* pre_scale; /* [in_channels]; or null */
  const float* pre_shift; /* likewise */
  float* y;               /* [batch, out_channels, height, width] */
  int64_t batch;
  int64_t in_channels;
  int64_t out_channels;
  int64_t height;
  int64_t width;
  float negative_slope; /* 0 to 1 */
  int32_t isa;
} bimaco_convolution;

BIMACO_API int32_t bimaco_full_convolution(const bimaco_convolution* call);

/* Multi-head attention among the pixels of windows that lie on a grid shifted down and right by
 * `shift`, cyclically: softmax(q k / sqrt(depth) + bias + apart, where two regions differ) v. */
typedef struct {
  const float* qkv;     /* [batch, 3 * heads * depth, height, width]: queries, keys, values */
  const float* bias;    /* [heads, window^2, window^2]: of a key (rows) for a query (columns) */
  const float* regions; /* [windows, window^2], row by row: of each pixel; or null */
  float* y;             /* [batch, heads * depth, height, width] */
  int64_t batch;
  int64_t heads;
  int64_t depth; /* at most 256 */
  int64_t height; /* multiples of window */
  int64_t width;
  int64_t window; /* at most 16 */
  int64_t shift;  /* 0 to window - 1 */
  float apart;    /* finite; regions are whole numbers */
  int32_t isa;
} bimaco_attention;

BIMACO_API int32_t bimaco_window_attention(const bimaco_attention* call);

/* Runs a loop of look-ups and additions alone, on the caller's thread, and returns how many binary
 * products it stands for: the rate that kernels are compared with. 0 where the instruction set is
 * not usable or has no such loop. */
BIMACO_API int64_t bimaco_ceiling(int32_t isa, int64_t steps);

#ifdef __cplusplus
}
#endif

#endif
