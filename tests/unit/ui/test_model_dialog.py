import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from bimaco_gui.errors import Cancelled, ModelError
from bimaco_gui.services.model_store import DownloadProgress, Place, StoredModel
from bimaco_gui.ui.model_dialog import ModelDialog
from bimaco_gui.ui.translation import TextTranslator

LEFT = Qt.MouseButton.LeftButton


@dataclass
class FakeStore:
    models: list[StoredModel] = field(
        default_factory=lambda: [
            StoredModel("photo", "Photo", "Apache-2.0", 1_000_000, Place.BUNDLED),
            StoredModel("fine", "Fine", "CC0-1.0", 8_000_000, Place.ON_HUB, "some/where"),
        ]
    )
    go_on: threading.Event = field(default_factory=threading.Event)
    problem: Exception | None = None

    def stored_models(self) -> list[StoredModel]:
        return list(self.models)

    def download_model(
        self,
        name: str,
        tell: Callable[[DownloadProgress], None] | None,
        cancel: threading.Event | None,
    ) -> Path:
        assert tell is not None
        assert cancel is not None
        tell(DownloadProgress(name, 2_000_000, 8_000_000, 30.0))
        while not self.go_on.wait(0.01):
            if cancel.is_set():
                self._change(name, received=2_000_000)
                raise Cancelled
        if self.problem is not None:
            raise self.problem
        self._change(name, place=Place.INSTALLED, received=0)
        return Path(name)

    def add_model(self, file: Path) -> str:
        if self.problem is not None:
            raise self.problem
        self.models.append(StoredModel(file.stem, "Own", "CC0-1.0", 600_000, Place.INSTALLED))
        return file.stem

    def remove_model(self, name: str) -> None:
        self._change(name, place=Place.ON_HUB, received=0)

    def _change(self, name: str, **changes: object) -> None:
        self.models = [
            replace(model, **changes) if model.name == name else model  # type: ignore[arg-type]
            for model in self.models
        ]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def imported() -> list[Path]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, store: FakeStore, imported: list[Path]) -> Iterator[ModelDialog]:
    def importer(unet: Path, autoencoder: Path, say: Callable[[str], None]) -> object:
        say("Packing…")
        imported.extend((unet, autoencoder))
        store.models.append(
            StoredModel("released", "Released", "S-Lab", 30_000_000, Place.INSTALLED)
        )
        return None

    made = ModelDialog(None, store, importer)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: not made.is_busy)
    yield made
    made.accept()
    made.deleteLater()


def rows(dialog: ModelDialog) -> list[str]:
    return [dialog.model_list.item(row).text() for row in range(dialog.model_list.count())]


def choose(dialog: ModelDialog, row: int) -> None:
    dialog.model_list.setCurrentRow(row)


def test_each_model_shows_size_place_and_licence(dialog: ModelDialog) -> None:
    assert "1 MB" in rows(dialog)[0]
    assert "comes with the app" in rows(dialog)[0]
    assert "Apache-2.0" in rows(dialog)[0]
    assert "can be downloaded" in rows(dialog)[1]
    choose(dialog, 0)
    assert not dialog.download_button.isEnabled()
    assert not dialog.remove_button.isEnabled()


def test_a_download_shows_how_far_it_is_and_can_be_stopped_and_resumed(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot
) -> None:
    choose(dialog, 1)
    QTest.mouseClick(dialog.download_button, LEFT)
    qtbot.waitUntil(lambda: dialog.progress_bar.value() == 250)
    assert "left" in dialog.state_label.text()
    QTest.mouseClick(dialog.stop_button, LEFT)
    qtbot.waitUntil(lambda: dialog.download_button.text() == "Resume download")
    assert "25 % here" in rows(dialog)[1]
    store.go_on.set()
    with qtbot.waitSignal(dialog.models_changed):
        QTest.mouseClick(dialog.download_button, LEFT)
    qtbot.waitUntil(lambda: "installed" in rows(dialog)[1])
    assert dialog.remove_button.isEnabled()
    with qtbot.waitSignal(dialog.models_changed):
        QTest.mouseClick(dialog.remove_button, LEFT)
    qtbot.waitUntil(lambda: "can be downloaded" in rows(dialog)[1])


def test_a_failure_is_told_in_a_sentence(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot
) -> None:
    store.problem = ModelError("No connection", "The Hub cannot be reached.")
    store.go_on.set()
    choose(dialog, 1)
    QTest.mouseClick(dialog.download_button, LEFT)
    qtbot.waitUntil(lambda: "cannot be reached" in dialog.state_label.text())
    assert dialog.download_button.isEnabled()


def test_a_failure_stands_out_in_the_window_s_language(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot, qapp: QApplication
) -> None:
    translator = TextTranslator("de")
    qapp.installTranslator(translator)
    try:
        store.problem = ModelError("Model not found", "There is no model file m.safetensors.")
        store.go_on.set()
        choose(dialog, 1)
        QTest.mouseClick(dialog.download_button, LEFT)
        qtbot.waitUntil(lambda: "Es gibt keine Modelldatei" in dialog.state_label.text())
        assert "Modell nicht gefunden" in dialog.state_label.text()
        assert dialog.state_label.objectName() == "strong"
    finally:
        qapp.removeTranslator(translator)


def test_stop_takes_the_place_of_download_and_nothing_changes_its_size(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot
) -> None:
    size = dialog.size()
    choose(dialog, 1)
    QTest.mouseClick(dialog.download_button, LEFT)
    qtbot.waitUntil(dialog.stop_button.isVisible)
    assert not dialog.download_button.isVisible()
    qtbot.waitUntil(lambda: dialog.progress_bar.value() == 250)
    assert dialog.size() == size
    QTest.mouseClick(dialog.stop_button, LEFT)
    qtbot.waitUntil(dialog.download_button.isVisible)
    assert not dialog.stop_button.isVisible()


def test_checkpoints_are_imported_in_the_background(
    dialog: ModelDialog, imported: list[Path], qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(dialog.models_changed):
        dialog.import_checkpoints(tmp_path / "unet.pth", tmp_path / "vq.pth")
        assert not dialog.stop_button.isVisible()
    assert imported == [tmp_path / "unet.pth", tmp_path / "vq.pth"]
    qtbot.waitUntil(lambda: len(rows(dialog)) == 3)


def test_a_model_file_of_one_s_own_is_added(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot, tmp_path: Path
) -> None:
    QTest.mouseClick(dialog.add_button, LEFT)
    asking = next(iter(dialog.findChildren(QFileDialog)))
    with qtbot.waitSignal(dialog.models_changed):
        asking.fileSelected.emit(str(tmp_path / "own.safetensors"))
    asking.reject()
    qtbot.waitUntil(lambda: len(rows(dialog)) == 3)
    store.problem = ModelError("Name taken", "Another model is called “own” already.")
    dialog.add(tmp_path / "own.safetensors")
    qtbot.waitUntil(lambda: "already" in dialog.state_label.text())


def test_closing_in_the_middle_ends_the_thread(
    dialog: ModelDialog, store: FakeStore, qtbot: QtBot
) -> None:
    choose(dialog, 1)
    QTest.mouseClick(dialog.download_button, LEFT)
    qtbot.waitUntil(lambda: dialog.progress_bar.value() == 250)
    dialog.accept()
    assert store.models[1].received == 2_000_000
