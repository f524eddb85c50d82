"""Whether the GPU kernels are used: tried with the emulated ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from bimaco_gui.ops import cuda_choice
from tests.unit.ops.cuda_emulation import EmulatedGpu

CPU = torch.device("cpu")


class Clock:
    """Says that the kernels and torch took so long, in this order, and calls nothing."""

    def __init__(self, own: float, other: float) -> None:
        self._times = [own, other]

    def __call__(self, call: Callable[[], object]) -> float:
        return self._times.pop(0)


def test_right_and_fast_kernels_are_used(gpu: EmulatedGpu) -> None:
    assert cuda_choice.objection(gpu, CPU, Clock(1.0, 2.0)) is None


def test_kernels_that_torch_outruns_are_not_used(gpu: EmulatedGpu) -> None:
    reason = cuda_choice.objection(gpu, CPU, Clock(1.0, 0.5))
    assert reason is not None and "0.50" in reason


def test_kernels_that_are_wrong_are_not_used(gpu: EmulatedGpu) -> None:
    class Forgetful:
        """Leaves out every second kernel, so that results are what was in memory before."""

        processors, most_shared = gpu.processors, gpu.most_shared

        def launch(self, kernel: str, *arguments: Any) -> None:
            if "prepare" not in kernel:
                gpu.launch(kernel, *arguments)

    reason = cuda_choice.objection(Forgetful(), CPU, Clock(1.0, 2.0))
    assert reason is not None and "something else" in reason
