"""A window with a worker that does what the test says, on a screen that nobody sees."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bimaco_gui.app import make_application
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.result_store import ResultStore
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.window import Window
from tests.leftovers import (
    mark_window_tests,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)
from tests.unit.ui.fakes import FakeWorker, OpenedFolders

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails a test, but for what the invisible screen says of itself."""
    mark_window_tests(items, HERE)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's folders."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BIMACO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    app = make_application()
    yield app
    # The invisible screen keeps what was copied until Python has gone, and frees it too late.
    app.clipboard().clear()


@pytest.fixture
def worker(qapp: QApplication) -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def photo_file(tmp_path: Path) -> Callable[..., Path]:
    """Makes picture files: `photo_file("a.png", 40, 30)`."""

    def make(name: str = "photo.png", width: int = 40, height: int = 30, red: int = 200) -> Path:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        for y in range(height):
            for x in range(width):
                image.setPixelColor(x, y, QColor(red, x * 255 // width, y * 255 // height))
        path = tmp_path / name
        assert image.save(str(path))
        return path

    return make


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenedFolders]:
    """The folders that a desktop without a bus is asked to open."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    made = OpenedFolders()
    QDesktopServices.setUrlHandler("file", made, "take")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def session(worker: FakeWorker) -> Iterator[Session]:
    made = Session(worker, Background(), ResultStore())
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, worker: FakeWorker) -> Iterator[Window]:
    made = Window(worker)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    qtbot.waitUntil(lambda: not made.saving.is_busy, timeout=30_000)
    made.close_without_asking()
    made.deleteLater()
