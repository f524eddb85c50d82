"""Noise that belongs to a place: each value follows from the seed, its row, column and channel.

A generator's stream would depend on the order and size of tiles. Here every value is an integer
hash of its coordinates, so any cut of the plane gives the same numbers.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

_U64 = npt.NDArray[np.uint64]

# Odd constants: consecutive coordinates land far apart before they are mixed.
_ROW_STEP: Final = np.uint64(0xD1342543DE82EF95)
_COLUMN_STEP: Final = np.uint64(0xA24BAED4963EE407)
_CHANNEL_STEP: Final = np.uint64(0x9FB21C651E98DF25)
_SEED_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
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
    key = _mixed(np.array([seed % 2**64], np.uint64) + _SEED_STEP)
    rows = _mixed(key + np.arange(top, top + height, dtype=np.uint64) * _ROW_STEP)
    planes = _mixed(
        rows[None, :] + np.arange(1, pairs + 1, dtype=np.uint64)[:, None] * _CHANNEL_STEP
    )
    columns = np.arange(left, left + width, dtype=np.uint64) * _COLUMN_STEP
    bits = _mixed(planes[:, :, None] + columns[None, None, :])

    # Computed in float64: what the last bit depends on (vector width, library) is rounded away.
    radius = np.sqrt(-2.0 * np.log(((bits >> np.uint64(32)) + 1.0) / _HALF_RANGE))
    angle = (bits & _LOW_HALF) * (2.0 * np.pi / _HALF_RANGE)
    values = np.empty((pairs, 2, height, width), np.float32)
    values[:, 0] = radius * np.cos(angle)
    values[:, 1] = radius * np.sin(angle)
    return values.reshape(2 * pairs, height, width)[:channels]


def _mixed(x: _U64) -> _U64:
    """The finaliser of SplitMix64: each input bit changes each output bit half the time."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
