"""Finding the library and choosing an instruction set, each in a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bimaco_gui import ops
from bimaco_gui.errors import DeviceError

WARN = """
from bimaco_gui import ops
print(ops.library_warning())
"""

COMPUTE = """
import torch
from bimaco_gui import ops
from bimaco_gui.errors import DeviceError
try:
    dot = ops.binary_linear_dot(torch.ones(3, 9), ops.pack_signs(torch.ones(2, 9)))
    print(dot.unique().tolist(), ops.backend_name(), ops.active_instruction_set())
    print(ops.native_available(), ops.instruction_sets(), ops.why_not_native())
except DeviceError as error:
    print("DeviceError:", error)
"""


def run(repo: Path, program: str = COMPUTE, **environment: str) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("BIMACO_ISA", "BIMACO_LIBRARY")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean | environment,
        cwd=repo,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_library_is_built_and_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIMACO_ISA", raising=False)
    assert ops.native_available(), f"{ops.why_not_native()}; docs/kernels.md says how to build it"
    assert ops.backend_name() == "native"
    assert ops.why_not_native() is None
    assert ops.instruction_sets()[:2] == ["torch", "portable"]
    assert ops.active_instruction_set() == ops.instruction_sets()[-1]


def test_a_missing_library_falls_back_to_torch_and_says_why(repo: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing.so")
    said = run(repo, BIMACO_LIBRARY=missing)
    assert said.startswith("[9] torch torch\nFalse ['torch']")
    assert f"{missing}, which is not a file" in said


def test_a_file_that_is_no_library_falls_back_to_torch_and_says_why(
    repo: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.so"
    foreign.write_text("not a library")
    said = run(repo, BIMACO_LIBRARY=str(foreign))
    assert said.startswith("[9] torch torch\nFalse ['torch']")
    assert "cannot be loaded" in said


def test_an_unknown_instruction_set_is_an_error_that_names_the_usable_ones(repo: Path) -> None:
    said = run(repo, BIMACO_ISA="mmx")
    assert said.startswith("DeviceError: Instruction set not usable")
    assert "'mmx'" in said
    assert ", ".join(ops.instruction_sets()) in said


def test_an_instruction_set_without_the_library_is_an_error_with_the_reason(
    repo: Path, tmp_path: Path
) -> None:
    said = run(repo, BIMACO_ISA="portable", BIMACO_LIBRARY=str(tmp_path / "nothing.so"))
    assert said.startswith("DeviceError: Instruction set not usable")
    assert "not a file" in said


def test_the_environment_forces_an_instruction_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for isa in ops.instruction_sets():
        monkeypatch.setenv("BIMACO_ISA", isa)
        assert ops.active_instruction_set() == isa
        assert ops.backend_name() == ("torch" if isa == "torch" else "native")
    monkeypatch.setenv("BIMACO_ISA", "torch")
    assert ops.why_not_native() == "BIMACO_ISA is torch"
    monkeypatch.setenv("BIMACO_ISA", "avx1024")
    with pytest.raises(DeviceError):
        ops.backend_name()


def test_a_missing_library_is_warned_of(repo: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing.so")
    said = run(repo, WARN, BIMACO_LIBRARY=missing)
    assert said.startswith("The native kernels are not in use")
    assert missing in said


def test_a_library_older_than_its_sources_is_warned_of(repo: Path, tmp_path: Path) -> None:
    library = ops.library_path()
    assert library is not None
    copy = tmp_path / library.name
    copy.write_bytes(library.read_bytes())
    assert run(repo, WARN, BIMACO_LIBRARY=str(copy)) == "None\n"
    os.utime(copy, (0, 0))
    said = run(repo, WARN, BIMACO_LIBRARY=str(copy))
    assert said == f"{copy} is older than the sources of the kernels; build it again.\n"
