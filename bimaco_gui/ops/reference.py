"""The ops in plain torch: right on every device, and what every other backend is compared with.

The signs are unpacked to a tensor of +1 and -1, so that torch's own convolution counts. Its sums
stay below 2^24 in magnitude and are therefore exact in float32.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def pack_signs(weight: Tensor) -> Tensor:
    """Pack the signs of a weight, one bit each.

    Args:
        weight: [O, I, k, k] or [O, I], any floating dtype.

    Returns:
        uint8 [O, k * k, ceil(I / 8)]: bit c % 8 (lowest first) of byte c // 8 is 1 where
        weight[o, c, tap] >= 0. Both zeros give 1, NaN gives 0, bits past I are 0.
    """
    signs = (weight >= 0).flatten(2).transpose(1, 2) if weight.ndim == 4 else weight[:, None] >= 0
    signs = F.pad(signs.to(torch.uint8), (0, -signs.shape[2] % 8))
    place = torch.arange(8, dtype=torch.uint8, device=weight.device)
    return torch.sum(signs.unflatten(2, (-1, 8)) << place, 3, dtype=torch.uint8)


def unpack_signs(bits: Tensor, in_channels: int) -> Tensor:
    """The inverse of `pack_signs`: float32 [O, taps, in_channels] of +1 and -1."""
    place = torch.arange(8, dtype=torch.uint8, device=bits.device)
    ones = ((bits[..., None] >> place) & 1).flatten(2)[:, :, :in_channels]
    return ones.to(torch.float32).mul_(2).sub_(1)


def _signs(x: Tensor) -> Tensor:
    return (x >= 0).to(torch.float32).mul_(2).sub_(1)


def _conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    weight = unpack_signs(bits, x.shape[1]).transpose(1, 2)
    weight = weight.unflatten(2, (kernel_size, kernel_size)).contiguous()
    dot = F.conv2d(_signs(x), weight, stride=stride, padding=kernel_size // 2)
    # Some convolution algorithms (Winograd) leave traces of rounding on integers.
    return dot.round_()


def _linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    return F.linear(_signs(x), unpack_signs(bits, x.shape[-1])[:, 0]).round_()


def binary_conv2d_dot(x: Tensor, bits: Tensor, kernel_size: int, stride: int) -> Tensor:
    """See `schema.binary_conv2d_dot`."""
    return _conv2d_dot(x, bits, kernel_size, stride).to(torch.int32)


def binary_linear_dot(x: Tensor, bits: Tensor) -> Tensor:
    """See `schema.binary_linear_dot`."""
    return _linear_dot(x, bits).to(torch.int32)


def binary_conv2d(
    x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor, kernel_size: int, stride: int
) -> Tensor:
    """See `schema.binary_conv2d`."""
    scale = x[:, :, ::stride, ::stride].abs().mean(1, keepdim=True)
    dot = _conv2d_dot(x, bits, kernel_size, stride)
    return dot.mul_(alpha[:, None, None]).mul_(scale).add_(bias[:, None, None])


def binary_linear(x: Tensor, bits: Tensor, alpha: Tensor, bias: Tensor) -> Tensor:
    """See `schema.binary_linear`."""
    scale = x.abs().mean(-1, keepdim=True)
    return _linear_dot(x, bits).mul_(alpha).mul_(scale).add_(bias)


def sparse_map(
    x: Tensor, values: Tensor, out_index: Tensor, in_index: Tensor, out_channels: int
) -> Tensor:
    """See `schema.sparse_map`. Out of range, a GPU's own check stops the program instead."""
    if x.device.type == "cpu":
        for index, channels in ((out_index, out_channels), (in_index, x.shape[1])):
            if ((index < 0) | (index >= channels)).any():
                raise IndexError(f"sparse_map: an index is not in 0..{channels - 1}")
    y = x.new_zeros((x.shape[0], out_channels, *x.shape[2:]))
    factor = values.view(-1, *(1,) * (x.ndim - 2))
    return y.index_add_(1, out_index, x.index_select(1, in_index).mul_(factor))
