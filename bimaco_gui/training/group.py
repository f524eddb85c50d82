"""Several processes that train one network together, one on each device.

`launch` tells each process its rank, in the variables that ``torchrun`` also sets; a process
started alone is a group of one. Every process draws its own photos; gradients are averaged, and
the first process's clock, weights and files are those that count.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

POLL_SECONDS = 0.2


def launch(command: Sequence[str], size: int) -> int:
    """Run `command` as a group of processes.

    Returns:
        0, or the status of the first process that failed; the others are ended then.
    """
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    shared = {"WORLD_SIZE": str(size), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    processes = [
        subprocess.Popen(
            list(command),
            env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in range(size)
    ]
    try:
        while True:
            statuses = [process.poll() for process in processes]
            failed = [status for status in statuses if status]
            if failed:
                return failed[0]
            if all(status == 0 for status in statuses):
                return 0
            time.sleep(POLL_SECONDS)
    finally:
        for process in processes:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Group:
    """The process's place.

    Attributes:
        rank: 0 for the process that evaluates and writes.
        size: Number of processes.
        device: Of this process.
    """

    rank: int
    size: int
    device: torch.device

    @classmethod
    def join(cls) -> Group:
        """Find the other processes and take a device."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        rank = int(os.environ.get("RANK", "0"))
        place = int(os.environ.get("LOCAL_RANK", "0"))
        device = torch.device("cuda", place) if torch.cuda.is_available() else torch.device("cpu")
        if device.type == "cuda":
            torch.cuda.set_device(device)
        if size > 1:
            # Numbers of the host travel through gloo, so that no device waits for them.
            dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
        return cls(rank, size, device)

    def leave(self) -> None:
        """Wait for the others and end the group."""
        if self.size > 1:
            self.from_first(0.0)
            dist.destroy_process_group()

    def from_first(self, value: float) -> float:
        """The first process's value."""
        if self.size == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        dist.broadcast(shared, 0)
        return float(shared.item())

    def share_weights(self, module: nn.Module) -> None:
        """Give every process the first one's weights."""
        if self.size > 1:
            for value in module.state_dict().values():
                dist.broadcast(value, 0)

    def average(self, tensors: Iterable[Tensor | None]) -> None:
        """Replace every tensor by its mean over the processes."""
        if self.size == 1:
            return
        present = [tensor for tensor in tensors if tensor is not None]
        flat = torch.cat([tensor.flatten() for tensor in present])
        dist.all_reduce(flat)
        flat /= self.size
        parts = flat.split([tensor.numel() for tensor in present])
        torch._foreach_copy_(
            present, [part.view_as(tensor) for part, tensor in zip(parts, present, strict=True)]
        )
