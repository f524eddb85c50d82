"""Statistics of batch normalization for the averaged weights.

Averaging weights leaves running statistics that belong to none of the models averaged, and those
of the last few batches are noisy. A fresh mean over many batches is right for the weights that
are kept (as stochastic weight averaging does it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import nn


@torch.no_grad()
def calibrate_norms(
    model: nn.Module, fixed: Iterable[nn.Module], run: Callable[[], object], batches: int
) -> None:
    """Measure the statistics of every batch normalization anew; weights stay as they are.

    Args:
        model: left in evaluation mode.
        fixed: parts of the model whose statistics are kept.
        run: draws a batch and puts it through the model.
        batches: how many to take the mean over; 0 leaves all statistics as they are.
    """
    model.eval()
    if not batches:
        return
    kept = {id(module) for part in fixed for module in part.modules()}
    norms = [
        module
        for module in model.modules()
        if isinstance(module, nn.BatchNorm2d) and id(module) not in kept
    ]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    for _ in range(batches):
        run()
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    model.eval()
