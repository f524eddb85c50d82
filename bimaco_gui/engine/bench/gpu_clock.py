"""The time of calls on a GPU, by its own clock, alone or inside a CUDA graph."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

_WARM_UP = 3


@dataclass(frozen=True)
class GpuClock:
    """Measures calls on a device; on a processor, which the tests use, one call by its clock.

    Attributes:
        device: Where they run.
        rounds: Timed runs.
        calls: Of a graph.
    """

    device: torch.device
    rounds: int = 9
    calls: int = 10

    def graphed(self, call: Callable[[int], object]) -> float:
        """Median seconds of a call inside a CUDA graph; it gets the number of the call."""
        if self.device.type != "cuda":
            return self.plain(lambda: call(0))
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for i in range(_WARM_UP):
                call(i)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for i in range(self.calls):
                call(i)
        graph.replay()
        return self._events(graph.replay) / self.calls

    def plain(self, call: Callable[[], object]) -> float:
        """Median seconds of a call, launched by Python."""
        if self.device.type != "cuda":
            began = time.perf_counter()
            call()
            return time.perf_counter() - began
        for _ in range(_WARM_UP):
            call()
        return self._events(call)

    def _events(self, call: Callable[[], object]) -> float:
        seconds: list[float] = []
        torch.cuda.synchronize()
        for _ in range(self.rounds):
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            call()
            end.record()
            end.synchronize()
            seconds.append(begin.elapsed_time(end) / 1e3)
        return statistics.median(seconds)


def copied_bytes_per_second(clock: GpuClock) -> float:
    """What a large copy reads and writes."""
    source = torch.empty(1 << (30 if clock.device.type == "cuda" else 20), dtype=torch.uint8)
    source = source.to(clock.device)
    target = torch.empty_like(source)
    return 2 * source.numel() / clock.graphed(lambda _: target.copy_(source))
