"""The native test programs: every instruction set against an integer oracle, without torch.

They are built in ``build/native``, one folder for each way of building, and kept.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Optimized a little, or the sanitized programs take a minute; warnings do not stop a build.
SANITIZED = ("-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1")
ARM = ("-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64")
FUZZING_SECONDS = 10


def tool(name: str) -> str:
    """Where a program is: beside this Python, or on the path."""
    found = shutil.which(name, path=Path(sys.executable).parent) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(command: list[str], **environment: str) -> str:
    """Run a program and return what it says; fail with it if it fails."""
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=280
    )
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(repo: Path, kind: str, *options: str) -> Path:
    """Build the programs and return the folder that they are in."""
    folder = repo / "build" / "native" / kind
    cmake, ninja = tool("cmake"), tool("ninja")
    source = ["-S", str(repo / "tests" / "native"), "-B", str(folder)]
    run([cmake, *source, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}", *options])
    run([cmake, "--build", str(folder), "--parallel", "2"])
    return folder


@pytest.fixture(scope="session")
def plain(repo: Path) -> Path:
    return build(repo, "plain")


@pytest.mark.slow
def test_every_instruction_set_equals_the_oracle(plain: Path) -> None:
    said = run([str(plain / "test_layers"), "2000"])
    assert "portable: 2000 random layers, all right" in said
    if platform.machine() in {"x86_64", "AMD64"} and "avx2" in Path("/proc/cpuinfo").read_text():
        assert "avx2: 2000 random layers, all right" in said


@pytest.mark.slow
def test_address_and_undefined_behaviour_sanitizers_find_nothing(repo: Path) -> None:
    folder = build(repo, "sanitized", *SANITIZED, "-DBIMACO_SANITIZE=address,undefined")
    options = {"ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"}
    said = run([str(folder / "test_layers"), "300", "2", "60000"], **options)
    assert "portable: 300 random layers, all right" in said
    assert "1000 inputs, all right" in run([str(folder / "fuzz_layer"), "1000"], **options)


@pytest.mark.slow
def test_neon_equals_the_oracle(repo: Path) -> None:
    if platform.machine() in {"aarch64", "arm64"}:
        folder, emulator = build(repo, "neon"), []
    else:
        compiler = tool("aarch64-linux-gnu-g++")
        emulator = [tool("qemu-aarch64"), "-L", "/usr/aarch64-linux-gnu"]
        folder = build(repo, "neon", *ARM, f"-DCMAKE_CXX_COMPILER={compiler}")
    said = run([*emulator, str(folder / "test_layers"), "200", "3", "60000"])
    assert "neon: 200 random layers, all right" in said


@pytest.mark.slow
def test_avx512_equals_the_oracle(repo: Path) -> None:
    """On any x86-64: SIMDe computes what a processor without AVX-512 cannot."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        pytest.skip("intrinsics of another processor")
    if not Path("/usr/include/simde").is_dir():
        pytest.skip("libsimde-dev is not installed")
    headers = repo / "tests" / "native" / "emulated"
    folder = build(repo, "avx512", f"-DBIMACO_AVX512_HEADERS={headers}")
    said = run([str(folder / "test_layers"), "2000", "4"])
    assert "avx512: 2000 random layers, all right" in said


@pytest.mark.slow
def test_a_fuzzer_finds_no_layer_that_is_computed_wrong(repo: Path, tmp_path: Path) -> None:
    compiler = tool("clang++")
    options = (f"-DCMAKE_CXX_COMPILER={compiler}", "-DBIMACO_SANITIZE=fuzzer,address,undefined")
    folder = build(repo, "fuzzer", *SANITIZED, *options)
    limits = [f"-max_total_time={FUZZING_SECONDS}", "-seed=1", "-max_len=400", "-rss_limit_mb=0"]
    # The fuzzer's own limit looks at a peak that a process inherits from the one that started it.
    run(
        [str(folder / "fuzz_layer"), *limits, f"-artifact_prefix={tmp_path}/"],
        ASAN_OPTIONS="hard_rss_limit_mb=1024",
    )
