"""How much of the device a step uses: arithmetic counted, and the device's rate measured."""

from __future__ import annotations

import time

import torch
from torch.utils.flop_counter import FlopCounterMode

from bimaco_gui.training.stages import Batch, Stage

SIDE = 8192  # of the matrices whose product measures the device
REPEATS = 20


def operations(stage: Stage, batch: Batch) -> float:
    """Floating-point operations of a step for one picture: the networks, there and back.

    Leaves gradients behind; losses, optimizer and everything that is no product are not counted.
    """
    with (
        FlopCounterMode(display=False) as counter,
        torch.autocast(batch.sharp.device.type, torch.bfloat16),
    ):
        prediction = stage.predict(batch)
        total = sum(loss for loss in prediction.latent_losses.values())
        if prediction.picture is not None:
            total = total + prediction.picture.float().mean()
        assert isinstance(total, torch.Tensor)
        total.backward()
    counted: float = counter.get_total_flops() / len(batch.sharp)
    return counted


def peak_rate(device: torch.device) -> float:
    """Measured operations a second of a large bf16 matrix product; 0 on a CPU."""
    if device.type != "cuda":
        return 0.0
    a, b = torch.randn(2, SIDE, SIDE, device=device, dtype=torch.bfloat16)
    for _ in range(3):
        a @ b
    torch.cuda.synchronize(device)
    started = time.perf_counter()
    for _ in range(REPEATS):
        a @ b
    torch.cuda.synchronize(device)
    return 2.0 * SIDE**3 * REPEATS / (time.perf_counter() - started)
