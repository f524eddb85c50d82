"""Facts about what computes here, for a report of a problem."""

from __future__ import annotations

import os
from collections.abc import Callable

import torch

from bimaco_gui import ops
from bimaco_gui.errors import AppError


def describe() -> list[tuple[str, str]]:
    """Names and values, in the order to show."""
    warning = kernel_warning()
    return [
        *([] if warning is None else [("Warning", warning)]),
        ("torch", torch.__version__),
        ("Threads", f"{torch.get_num_threads()} of {os.cpu_count()} processors"),
        ("Devices", ", ".join(_devices())),
        ("Kernels", _asked(ops.backend_name)),
        ("Kernel library", str(ops.library_path() or "none")),
        *_gpu_kernels(),
        ("Instruction set", _asked(ops.active_instruction_set)),
        ("Instruction sets", _asked(lambda: ", ".join(ops.instruction_sets()))),
    ]


def kernel_warning() -> str | None:
    """What is wrong with the native kernels, in sentences; None where nothing is."""
    return ops.library_warning()


def _gpu_kernels() -> list[tuple[str, str]]:
    """What computes binary layers on each GPU, and why it is no kernels of ours."""
    rows = []
    for index in range(torch.cuda.device_count()):
        try:
            reason = ops.why_not_cuda(torch.device("cuda", index))
        except RuntimeError as error:  # a GPU that does not answer is what the report is about
            reason = next(iter(str(error).splitlines()), "it does not answer")
        rows.append((f"Kernels of cuda:{index}", "own" if reason is None else f"torch: {reason}"))
    return rows


def _devices() -> list[str]:
    gpus = []
    for index in range(torch.cuda.device_count()):
        facts = torch.cuda.get_device_properties(index)
        gpus.append(f"cuda:{index} ({facts.name}, {facts.total_memory / 2**30:.0f} GiB)")
    return ["cpu", *gpus]


def _asked(fact: Callable[[], str]) -> str:
    # A report is wanted most where something is wrong.
    try:
        return fact()
    except AppError as error:
        return error.message
