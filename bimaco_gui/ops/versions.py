"""Whether a tensor is what it was."""

from __future__ import annotations

from torch import Tensor


def version(tensor: Tensor) -> int:
    """How often it was written to; 0 where torch does not count (inference tensors)."""
    return 0 if tensor.is_inference() else tensor._version
