"""Noise that belongs to a place: each value follows from the seed, its row, column and channel.

A generator's stream would depend on the order and size of tiles. Here every value is an integer
hash of its coordinates, so any cut of the plane gives the same numbers.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

_U64 = npt.NDArray[np.uint64]

# Odd constants: consecutive coordinates land far apart before they are mixed.
_ROW_STEP: Final = np.uint64(0xD1342543DE82EF95)
_COLUMN_STEP: Final = np.uint64(0xA24BAED4963EE407)
_CHANNEL_STEP: Final = np.uint64(0x9FB21C651E98DF25)
_SEED_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_LOW_HALF: Final = np.uint64(0xFFFFFFFF)
_HALF_RANGE: Final = 2.0**32


def noise_window(
    seed: int, top: int, left: int, height: int, width: int, channels: int
) -> npt.NDArray[np.float32]:
    """Standard normal noise of one window of the plane.

    Args:
        seed: Any integer; taken modulo 2^64.
        top: Absolute row of the window's first row, 0 or more.
        left: Absolute column of its first column, 0 or more.
        height: Rows.
        width: Columns.
        channels: Channels; two neighbours share a hash, as the two results of one Box-Muller pair.

    Returns:
        float32 [channels, height, width].
    """
    pairs = (channels + 1) // 2
    planes, columns = _keys(seed, top, left, height, width, pairs)
    bits = _mixed(planes[:, :, None] + columns[None, None, :])

    # Computed in float64: what the last bit depends on (vector width, library) is rounded away.
    radius = np.sqrt(-2.0 * np.log(((bits >> np.uint64(32)) + 1.0) / _HALF_RANGE))
    angle = (bits & _LOW_HALF) * (2.0 * np.pi / _HALF_RANGE)
    values = np.empty((pairs, 2, height, width), np.float32)
    values[:, 0] = radius * np.cos(angle)
    values[:, 1] = radius * np.sin(angle)
    return values.reshape(2 * pairs, height, width)[:channels]


def noise_on(
    device: torch.device, seed: int, top: int, left: int, height: int, width: int, channels: int
) -> Tensor:
    """`noise_window` as a tensor on a device; a GPU computes it itself.

    There the hashes are the same, and the float32 values within their last bit.
    """
    if device.type != "cuda":
        window = torch.from_numpy(noise_window(seed, top, left, height, width, channels))
        return window.to(device)
    return noise_by_torch(device, seed, top, left, height, width, channels)


def noise_by_torch(
    device: torch.device, seed: int, top: int, left: int, height: int, width: int, channels: int
) -> Tensor:
    """`noise_window` in operations of torch, on any device."""
    pairs = (channels + 1) // 2
    planes, columns = (
        torch.from_numpy(keys.view(np.int64)).to(device)
        for keys in _keys(seed, top, left, height, width, pairs)
    )
    bits = _mixed_by_torch(planes[:, :, None] + columns)
    radius = (_shifted(bits, 32) + 1).double().div_(_HALF_RANGE).log_().mul_(-2).sqrt_()
    angle = (bits & int(_LOW_HALF)).double().mul_(2.0 * np.pi / _HALF_RANGE)
    values = torch.empty((pairs, 2, height, width), device=device)
    values[:, 0] = radius * angle.cos()
    values[:, 1] = radius * angle.sin()
    return values.flatten(0, 1)[:channels]


def _keys(seed: int, top: int, left: int, height: int, width: int, pairs: int) -> tuple[_U64, _U64]:
    """What is mixed for a place is the sum of one of [pairs, height] and one of [width]."""
    key = _mixed(np.array([seed % 2**64], np.uint64) + _SEED_STEP)
    rows = _mixed(key + np.arange(top, top + height, dtype=np.uint64) * _ROW_STEP)
    planes = _mixed(
        rows[None, :] + np.arange(1, pairs + 1, dtype=np.uint64)[:, None] * _CHANNEL_STEP
    )
    return planes, np.arange(left, left + width, dtype=np.uint64) * _COLUMN_STEP


def _shifted(x: Tensor, places: int) -> Tensor:
    """To the right, as numbers without a sign."""
    return (x >> places) & ((1 << (64 - places)) - 1)


def _mixed_by_torch(x: Tensor) -> Tensor:
    """`_mixed` of int64, whose products wrap alike."""
    first, second = (int(np.uint64(c).view(np.int64)) for c in (_FIRST, _SECOND))
    x = (x ^ _shifted(x, 30)) * first
    x = (x ^ _shifted(x, 27)) * second
    return x ^ _shifted(x, 31)


def _mixed(x: _U64) -> _U64:
    """The finaliser of SplitMix64: each input bit changes each output bit half the time."""
    x = (x ^ (x >> np.uint64(30))) * _FIRST
    x = (x ^ (x >> np.uint64(27))) * _SECOND
    return x ^ (x >> np.uint64(31))
