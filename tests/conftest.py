"""What every test gets: no screen, no more than two threads, no folder of the real user."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_THREADS = 2

# Set here, before anything imports Qt or torch; programs that tests start inherit it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    _threads = os.environ.get(_name, "")
    if not _threads.isdecimal() or not 1 <= int(_threads) <= MOST_THREADS:
        os.environ[_name] = str(MOST_THREADS)


@pytest.fixture(scope="session", autouse=True)
def bimaco_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that stands for the user's settings, models, queue and cache."""
    home = tmp_path_factory.mktemp("bimaco_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIMACO_HOME", str(home))
        yield home


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Programs started now hear Ctrl-C, even if a shell runs the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]
