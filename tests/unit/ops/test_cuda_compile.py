"""What nvcc makes of the GPU kernels, wherever it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bimaco_gui.ops.cuda_layers import NAMES
from bimaco_gui.ops.cuda_plan import PER_TAP_VARIANTS, VARIANTS
from tests.unit.ops.cuda_emulation import ROOT

SOURCE = ROOT / "kernels" / "cuda" / "kernels.cu"
WITH_BITS, WITH_BYTES = "b1.b1.s32.and.popc", "s32.u8.u8.s32"


def nvcc(*arguments: str | Path) -> str:
    """Run nvcc as the build does; what it says."""
    program = shutil.which("nvcc")
    if program is None:
        pytest.skip("nvcc is not installed")
    command = [program, "-std=c++17", "-fmad=false", *arguments, SOURCE]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


@pytest.mark.slow
def test_every_plan_finds_its_kernel_and_no_more_registers_than_it_counts_on(
    tmp_path: Path,
) -> None:
    cubin = tmp_path / "kernels.cubin"
    said = nvcc("-cubin", "-arch=sm_90", "-Xptxas", "-v", "-o", cubin)
    used = {
        name: int(registers)
        for name, registers in re.findall(r"'(bimaco_\w+)'.*?Used (\d+) registers", said, re.S)
    }
    for dtype in NAMES.values():
        for kind, variants in (("", VARIANTS), ("per_tap_", PER_TAP_VARIANTS)):
            for variant in variants:
                name = f"bimaco_convolve_{kind}{variant.m}x{variant.n}_{dtype}"
                # The driver hands registers out in eights.
                assert -(-used[name] // 8) * 8 <= variant.registers, name
        for kind in ("", "narrow_", "wide_", "odd_"):
            for activation in ("none", "leaky", "silu", "gelu"):
                assert f"bimaco_prepare_{kind}{activation}_{dtype}" in used
    spilled = [int(count) for count in re.findall(r"(\d+) bytes spill loads", said)]
    assert max(spilled) < 256


@pytest.mark.slow
@pytest.mark.parametrize(
    ("architecture", "instruction", "other"),
    [("compute_80", WITH_BITS, WITH_BYTES), ("compute_120", WITH_BYTES, WITH_BITS)],
)
def test_bits_are_counted_where_matrix_units_can_and_multiplied_elsewhere(
    tmp_path: Path, architecture: str, instruction: str, other: str
) -> None:
    assembly = tmp_path / "kernels.ptx"
    nvcc("-ptx", f"-arch={architecture}", "-o", assembly)
    text = assembly.read_text()
    assert instruction in text and other not in text
