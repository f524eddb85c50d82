"""Small integers as few bytes: deflated, and rising places by the gaps between them."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

LONGEST_GAP = 255
"""A byte of this value says that the gap goes on by as much."""

_LEVEL, _WINDOW_BITS, _MEMORY = 9, 15, 9


def deflated(values: npt.NDArray[np.int8] | Bytes) -> Bytes:
    """Values of one byte, each coded by how often it occurs (zlib, Huffman codes alone)."""
    coder = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY, zlib.Z_HUFFMAN_ONLY)
    return np.frombuffer(coder.compress(values.tobytes()) + coder.flush(), np.uint8).copy()


def inflated(stored: Bytes, most: int) -> Bytes:
    """The bytes that were deflated.

    Args:
        most: There are no more than this many.

    Raises:
        ValueError: there are more, or they are damaged or cut off.
    """
    decoder = zlib.decompressobj(_WINDOW_BITS)
    try:
        found = decoder.decompress(stored.tobytes(), most + 1)
    except zlib.error as error:
        raise ValueError(f"a row of numbers is damaged ({error})") from error
    if len(found) > most or not decoder.eof or decoder.unused_data:
        raise ValueError(f"a row of numbers is cut off, or longer than {most}")
    return np.frombuffer(found, np.uint8).copy()


def as_gaps(places: Integers) -> Bytes:
    """Places that rise (each larger than the one before, the first 0 or more), as bytes.

    Raises:
        ValueError: they do not rise.
    """
    steps = np.diff(places, prepend=-1) - 1
    if places.size and steps.min() < 0:
        raise ValueError("the places do not rise")
    longer = steps // LONGEST_GAP
    ends = np.cumsum(longer + 1) - 1
    out = np.full(int(ends[-1]) + 1 if places.size else 0, LONGEST_GAP, np.uint8)
    out[ends] = steps % LONGEST_GAP
    return out


def from_gaps(stored: Bytes) -> Integers:
    """The inverse of `as_gaps`.

    Raises:
        ValueError: the last gap has no end.
    """
    if stored.size and stored[-1] == LONGEST_GAP:
        raise ValueError("the last gap has no end")
    sums = np.cumsum(stored.astype(np.int64))
    ends = np.flatnonzero(stored != LONGEST_GAP)
    places: Integers = sums[ends] + np.arange(ends.size)
    return places
