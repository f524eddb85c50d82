"""Pictures in memory that two processes have at once, so that no pixel travels through a pipe.

The memory belongs to no file and has no name in any folder: when its last process ends, however
that happens, it is gone.
"""

from __future__ import annotations

import math
import mmap
import os
import sys
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from bimaco_gui.engine.pictures import Picture

    _Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Block:
    """Where another process finds an array: the name of its memory, its shape and kind."""

    name: str
    shape: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class SharedPicture:
    """What the engine needs of a picture, and gives of a result."""

    pixels: Block
    alpha: Block | None
    grey: bool


class SharedArrays:
    """Makes arrays that another process can open until `release`; they themselves stay as usual."""

    def __init__(self) -> None:
        self._made: list[tuple[_Array, Block, int | None]] = []

    def empty(self, shape: tuple[int, ...], kind: npt.DTypeLike) -> _Array:
        """Like `np.empty`.

        Raises:
            MemoryError: There is not enough.
        """
        import numpy as np

        dtype = np.dtype(kind)
        try:
            memory, name, handle = _new_memory(math.prod(shape) * dtype.itemsize)
        except OSError as error:
            raise MemoryError(str(error)) from error
        array: _Array = np.ndarray(shape, dtype, buffer=memory)
        self._made.append((array, Block(name, shape, dtype.str), handle))
        return array

    def share(self, picture: Picture) -> SharedPicture:
        """A picture for the other process; what was not made here is copied."""
        alpha = None if picture.alpha is None else self._block(picture.alpha)
        return SharedPicture(self._block(picture.pixels), alpha, picture.grey)

    def release(self) -> None:
        """The other process has opened what it needs."""
        for _, _, handle in self._made:
            if handle is not None:
                os.close(handle)
        self._made.clear()

    def _block(self, array: _Array) -> Block:
        for made, block, _ in self._made:
            if made is array:
                return block
        copy = self.empty(array.shape, array.dtype)
        copy[...] = array
        return self._made[-1][1]


def opened(shared: SharedPicture) -> Picture:
    """The picture that another process shares; it lasts as long as it is used here.

    Raises:
        OSError: The other process has ended or released it.
    """
    from bimaco_gui.engine.pictures import Picture

    alpha = None if shared.alpha is None else _opened(shared.alpha)
    return Picture(_opened(shared.pixels), alpha, grey=shared.grey)


def _opened(block: Block) -> _Array:
    import numpy as np

    dtype = np.dtype(block.kind)
    memory = _memory_of_other(block.name, math.prod(block.shape) * dtype.itemsize)
    return np.ndarray(block.shape, dtype, buffer=memory)


if sys.platform == "linux":

    def _new_memory(size: int) -> tuple[mmap.mmap, str, int | None]:
        """New memory, its name for others, and the handle that keeps the name alive."""
        handle = os.memfd_create("bimaco-picture")
        try:
            # Memory that is missing is an error here; later it would be a signal.
            os.posix_fallocate(handle, 0, size)
            return mmap.mmap(handle, size), f"/proc/{os.getpid()}/fd/{handle}", handle
        except BaseException:
            os.close(handle)
            raise

    def _memory_of_other(name: str, size: int) -> mmap.mmap:
        handle = os.open(name, os.O_RDWR)
        try:
            return mmap.mmap(handle, size)
        finally:
            os.close(handle)

elif sys.platform == "win32":

    def _new_memory(size: int) -> tuple[mmap.mmap, str, int | None]:
        """New memory, its name for others, and the handle that keeps the name alive."""
        name = f"bimaco-{uuid.uuid4().hex}"
        return mmap.mmap(-1, size, tagname=name), name, None

    def _memory_of_other(name: str, size: int) -> mmap.mmap:
        return mmap.mmap(-1, size, tagname=name)

else:  # torch has no graphics card there that would need a process of its own

    def _new_memory(size: int) -> tuple[mmap.mmap, str, int | None]:
        """New memory, its name for others, and the handle that keeps the name alive."""
        raise OSError("No memory is shared on this system")

    def _memory_of_other(name: str, size: int) -> mmap.mmap:
        raise OSError("No memory is shared on this system")
