"""At start, for those who want it: look once a day for a newer version, and say so if there is."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from bimaco_gui import __version__
from bimaco_gui.services.updates import Release
from bimaco_gui.ui.asking import Asking
from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.problem import Problem, Remedy

_LOG = logging.getLogger(__name__)


class UpdateNews(QObject):
    """Speaks up for a newer version only, and never in the place of something else."""

    def __init__(self, banner: Banner, show: Callable[[Release], object], parent: QObject) -> None:
        """Ask nobody yet.

        Args:
            banner: Where it is told.
            show: Called with the release when somebody wants to know more.
            parent: Its parent.
        """
        super().__init__(parent)
        self._banner, self._show = banner, show
        self._untold: Release | None = None
        self._told: Release | None = None
        self._has_looked = False
        self._asking = Asking(self)
        self._asking.answered.connect(self._on_answer)
        self._asking.failed.connect(self._on_failed)
        banner.shown.connect(lambda _shown: QTimer.singleShot(0, self, self._tell))
        banner.remedy_wanted.connect(self._on_remedy)

    @property
    def has_looked(self) -> bool:
        """Whether the answer is here, or it is clear that there will be none."""
        return self._has_looked

    def look(self) -> None:
        """Ask in the background, unless it was done today."""
        self._asking.ask(once_a_day=True)

    def close(self) -> None:
        """Wait for no answer."""
        self._asking.stop()

    def _on_answer(self, release: Release) -> None:
        self._has_looked = True
        if release.is_newer:
            self._untold = release
            self._tell()

    def _on_failed(self, error: Exception) -> None:
        """Whoever did not ask is not told of failures."""
        self._has_looked = True
        _LOG.info("No news of updates: %r", error)

    def _tell(self) -> None:
        if self._untold is None or self._banner.problem is not None:
            return
        self._told, self._untold = self._untold, None
        self._banner.show_problem(
            Problem(
                self.tr("There is a newer version"),
                self.tr("Version {0} is there (you have {1}).").format(
                    self._told.version, __version__
                ),
                remedy=Remedy.SEE_UPDATE,
                is_news=True,
            )
        )

    def _on_remedy(self, remedy: Remedy) -> None:
        if remedy is Remedy.SEE_UPDATE and self._told is not None:
            self._banner.dismiss()
            self._show(self._told)
