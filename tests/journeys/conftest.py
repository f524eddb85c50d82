"""The journeys leave nothing behind, and Qt has nothing to complain of."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leftovers import (
    mark_window_tests,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails a test, but for what the invisible screen says of itself."""
    mark_window_tests(items, HERE)


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own: the number of an X server in memory."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write_end), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands for the user's settings, queue and cache, new for each journey."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BIMACO_HOME", str(folder))
    return folder


@pytest.fixture
def on_the_screen(display: str, home: Path) -> dict[str, str]:
    """The environment of a program that shows its window there."""
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "DISPLAY": display,
        "BIMACO_HOME": str(home),
    }
