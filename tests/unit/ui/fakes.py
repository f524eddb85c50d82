"""A worker that does what the test says."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QImage

from bimaco_gui.services.events import CancelledEvent, Done, Failed, Started, TileDone, Working
from bimaco_gui.services.jobs import Job


class FakeWorker(QObject):
    """Takes jobs like the real one and lets the test decide what becomes of them."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.event = self.happened
        self.jobs: list[Job] = []
        self.cancelled: list[str | None] = []
        self.is_shut_down = False

    def submit(self, job: Job) -> None:
        self.jobs.append(job)

    def cancel(self, job_id: str | None = None) -> None:
        self.cancelled.append(job_id)

    def shutdown(self) -> bool:
        self.is_shut_down = True
        return True

    @property
    def job(self) -> Job:
        return self.jobs[-1]

    def tile(self, done: int, total: int, remaining: float | None = None) -> None:
        self.happened.emit(TileDone(self.job, done, total, 1.0, remaining))

    def work(self, fraction: float, remaining: float | None = None) -> None:
        self.happened.emit(Working(self.job, fraction, 1.0, remaining))

    def start(self, width: int, height: int) -> None:
        self.happened.emit(Started(self.job, width, height, 4 * width, 4 * height))

    def finish(self, *notes: str) -> Path:
        """Write a result four times as large as the input, plain green, and say so."""
        source = QImage(str(self.job.input))
        result = QImage(4 * source.width(), 4 * source.height(), QImage.Format.Format_RGB32)
        result.fill(QColor(0, 160, 0))
        assert self.job.output is not None
        assert result.save(str(self.job.output), "png")
        size = (result.width(), result.height())
        self.happened.emit(Done(self.job, self.job.output, *size, 1.0, notes=notes))
        return self.job.output

    def fail(self, title: str = "No luck", message: str = "It did not work.") -> None:
        self.happened.emit(Failed(self.job, title, message))

    def stop(self) -> None:
        self.happened.emit(CancelledEvent(self.job))


class OpenedFolders(QObject):
    """Takes the place of the desktop's own opener of folders."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.folders.append(Path(url.toLocalFile()))
