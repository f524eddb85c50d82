"""The ops on NVIDIA GPUs. Arguments have been checked by `schema` and `full_precision`."""

from __future__ import annotations

import torch
from torch import Tensor

from bimaco_gui.ops import cuda_around, cuda_choice, cuda_driver, cuda_edge, cuda_layers, reference
from bimaco_gui.ops.arguments import Epilogue, Product, Prologue
from bimaco_gui.ops.cuda_plan import fits
from bimaco_gui.ops.cuda_weights import WeightCache

_MOST_SIGNS = 1 << 15  # of an output; two counts share a word
_CACHE = WeightCache()
_NO_PROLOGUE, _NO_EPILOGUE = Prologue(), Epilogue()


def takes_conv2d(
    x: Tensor,
    product: Product,
    prologue: Prologue = _NO_PROLOGUE,
    epilogue: Epilogue = _NO_EPILOGUE,
) -> bool:
    """Whether the GPU kernels compute such a layer of `x` [N, I, H, W]."""
    n, channels, h, w = x.shape
    return _takes(x, (n, h, w), channels, product, prologue, epilogue)


def takes_linear(
    x: Tensor,
    product: Product,
    prologue: Prologue = _NO_PROLOGUE,
    epilogue: Epilogue = _NO_EPILOGUE,
) -> bool:
    """Whether the GPU kernels compute such a layer of `x` [..., I]."""
    channels = x.shape[-1]
    return _takes(x, (1, 1, x.numel() // channels), channels, product, prologue, epilogue)


def _takes(
    x: Tensor,
    size: tuple[int, int, int],
    channels: int,
    product: Product,
    prologue: Prologue,
    epilogue: Epilogue,
) -> bool:
    if x.device.type != "cuda" or not x.numel() or product.kernel_size not in (1, 3):
        return False
    gpu = cuda_choice.gpu(x.device)
    if gpu is None or channels * product.kernel_size**2 >= _MOST_SIGNS:
        return False
    layer = cuda_layers.layer_of(size, channels, x.dtype, product, prologue, epilogue)
    return fits(layer, gpu.most_shared)


def _gpu(x: Tensor) -> cuda_driver.Gpu:
    gpu = cuda_choice.gpu(x.device)
    assert gpu is not None, "takes was not asked"
    return gpu


def binary_conv2d(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_conv2d`."""
    return cuda_layers.conv2d(_gpu(x), _CACHE, x, product, prologue, epilogue)


def binary_conv2d_dot(x: Tensor, product: Product) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    parts = (product, _NO_PROLOGUE, _NO_EPILOGUE)
    return cuda_layers.conv2d(_gpu(x), _CACHE, x, *parts, dots=True)


def binary_linear(x: Tensor, product: Product, prologue: Prologue, epilogue: Epilogue) -> Tensor:
    """See `schema.binary_linear`."""
    return cuda_layers.linear(_gpu(x), _CACHE, x, product, prologue, epilogue)


def binary_linear_dot(x: Tensor, product: Product) -> Tensor:
    """See `schema.binary_linear_dot`."""
    parts = (product, _NO_PROLOGUE, _NO_EPILOGUE)
    return cuda_layers.linear(_gpu(x), _CACHE, x, *parts, dots=True)


def _norm_plan(x: Tensor, groups: int) -> cuda_around.NormPlan | None:
    gpu = cuda_choice.gpu(x.device)
    if gpu is None:
        return None
    n, channels = x.shape[:2]
    pixels = x.numel() // (n * channels)
    return cuda_around.norm_plan(n, pixels, channels, groups, gpu.processors)


def takes_group_norm(x: Tensor, groups: int) -> bool:
    """Whether the GPU kernels compute the statistics of `x` [N, C, *spatial]."""
    return x.device.type == "cuda" and x.numel() > 0 and _norm_plan(x, groups) is not None


def group_norm_affine(
    x: Tensor,
    groups: int,
    weight: Tensor,
    bias: Tensor,
    eps: float,
    time: tuple[Tensor, Tensor] | None,
) -> tuple[Tensor, Tensor]:
    """See `full_precision.group_norm_affine`."""
    plan = _norm_plan(x, groups)
    assert plan is not None, "takes was not asked"
    return cuda_around.group_norm_affine(_gpu(x), plan, x, groups, weight, bias, eps, time)


def takes_attention(qkv: Tensor, depth: int, window: int) -> bool:
    """Whether the GPU kernels compute such an attention."""
    fits = qkv.numel() > 0 and cuda_around.fits_attention(depth, window)
    return fits and qkv.device.type == "cuda" and cuda_choice.gpu(qkv.device) is not None


def window_attention(
    qkv: Tensor, bias: Tensor, window: int, shift: int, regions: Tensor | None, apart: float
) -> Tensor:
    """See `full_precision.window_attention`."""
    return cuda_around.window_attention(_gpu(qkv), qkv, bias, window, shift, regions, apart)


def is_at_home(x: Tensor) -> bool:
    """Whether `x` lies on an NVIDIA GPU, with kernels of ours or without."""
    return x.device.type == "cuda"


def full_conv2d(x: Tensor, weight: Tensor, bias: Tensor, prologue: Prologue) -> Tensor:
    """See `full_precision.full_conv2d`; by a kernel where one side has few channels, else by cuDNN.

    Without the short products of TF32: those would change so many signs of the layers behind that a
    picture differs visibly more from what a processor computes (docs/kernels-cuda.md).
    """
    if cuda_edge.fits(x, weight, bias) and cuda_choice.gpu(x.device) is not None:
        return cuda_edge.full_conv2d(_gpu(x), x, weight, bias, prologue)
    # Without TF32, cuDNN is quick with channels outermost alone.
    last = {"memory_format": torch.channels_last}
    first = {} if x.dtype == torch.float32 else last
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        y = reference.full_conv2d(x.contiguous(**first), weight.contiguous(**first), bias, prologue)
    return y.contiguous(**last)
