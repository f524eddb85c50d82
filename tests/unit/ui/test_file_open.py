from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from bimaco_gui.ui.file_open import FileOpenRequests


def test_files_that_the_system_asks_for_are_passed_on(qapp: QApplication, tmp_path: Path) -> None:
    requests = FileOpenRequests(qapp)
    asked: list[list[Path]] = []
    requests.asked.connect(asked.append)
    photo = tmp_path / "a #1 ü.png"
    QApplication.sendEvent(qapp, QFileOpenEvent(str(photo)))
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(photo))))
    assert asked == [[photo], [photo]]
    requests.deleteLater()
