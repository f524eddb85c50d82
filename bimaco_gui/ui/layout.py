"""Where the views lie: list, picture and settings beside each other, the bar below."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from bimaco_gui.ui.background import Background
from bimaco_gui.ui.banner import Banner
from bimaco_gui.ui.bottom_bar import BottomBar
from bimaco_gui.ui.canvas import Canvas
from bimaco_gui.ui.empty_page import EmptyPage
from bimaco_gui.ui.loupe import Loupe
from bimaco_gui.ui.photo import Photo
from bimaco_gui.ui.photo_list import PhotoList
from bimaco_gui.ui.queue_control import QueueControl
from bimaco_gui.ui.queue_page import QueuePage
from bimaco_gui.ui.queue_strip import QueueStrip
from bimaco_gui.ui.session import Session
from bimaco_gui.ui.settings_panel import SettingsPanel
from bimaco_gui.ui.theme import GRID
from bimaco_gui.ui.view_bar import ViewBar
from bimaco_gui.ui.zoom_bar import ZoomBar

_SIDE_WIDTH = 248
_LEAST_SIDE_WIDTH = 184
_SIDE_SHARE = 0.22
"""Of the window's width, between these two."""


class Layout(QWidget):
    """All views of the window, placed; what they do is wired by the window."""

    queue_wanted = Signal(bool)
    add_wanted = Signal()
    result_wanted = Signal(object)
    folder_wanted = Signal(Path)

    def __init__(
        self,
        session: Session,
        background: Background,
        forecast: Callable[[Photo], str],
        queue: QueueControl | None,
        has_sample: bool,
    ) -> None:
        """Build the views."""
        super().__init__()
        self.setAccessibleName(self.tr("BiMaCo"))
        self._panel_wanted = True
        self._queue_wanted = False
        self._state = (True, False)
        self.banner = Banner()
        self.canvas = Canvas(background)
        self.canvas.setObjectName("canvasPage")
        self.loupe = Loupe(self.canvas)
        self.zoom_bar = ZoomBar(self.canvas)
        self.view_bar = ViewBar(self.canvas)
        self.empty_page = EmptyPage(has_sample)
        self.photo_list = PhotoList(session)
        self.bottom_bar = BottomBar(session, forecast)
        self.panel = SettingsPanel(session.choices)

        self.pages = QStackedWidget()
        self.pages.setAccessibleName(self.tr("Photo area"))
        self.pages.addWidget(self.empty_page)
        self.pages.addWidget(self.canvas)
        self.queue_page = None if queue is None else QueuePage(queue)
        self.queue_strip = None if queue is None else QueueStrip(queue)
        if self.queue_page is not None:
            self.pages.addWidget(self.queue_page)
        self._banner_frame = QWidget()
        self._banner_frame.setAccessibleName(self.tr("Messages"))
        around = QVBoxLayout(self._banner_frame)
        around.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
        around.addWidget(self.banner)
        self._banner_frame.hide()

        main = QVBoxLayout()
        main.setSpacing(0)
        main.addWidget(self._banner_frame)
        main.addWidget(self.pages, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        self._side = self._make_side()
        upper.addWidget(self._side)
        upper.addLayout(main, 1)
        upper.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        if self.queue_strip is not None:
            column.addWidget(self.queue_strip)
        column.addWidget(self.bottom_bar)

        if self.queue_page is not None and self.queue_strip is not None:
            self.queue_page.add_wanted.connect(self.add_wanted)
            self.queue_page.back_wanted.connect(lambda: self.queue_wanted.emit(False))
            self.queue_page.result_wanted.connect(self.result_wanted)
            self.queue_page.folder_wanted.connect(
                lambda item: self.folder_wanted.emit(item.result or item.job.input)
            )
            self.queue_strip.queue_wanted.connect(lambda: self.queue_wanted.emit(True))
            self.queue_strip.changed.connect(self._show_strip)
        self.banner.shown.connect(self._banner_frame.setVisible)
        self.canvas.zoom_changed.connect(self.zoom_bar.show_scale)
        self.canvas.resized.connect(self.place_overlays)
        self.zoom_bar.zoom_in.connect(self.canvas.zoom_in)
        self.zoom_bar.zoom_out.connect(self.canvas.zoom_out)
        self.zoom_bar.fit.connect(self.canvas.fit)
        self.zoom_bar.actual_size.connect(self.canvas.actual_size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of a small window to the picture."""
        wanted = round(event.size().width() * _SIDE_SHARE)
        self._side.setFixedWidth(max(_LEAST_SIDE_WIDTH, min(_SIDE_WIDTH, wanted)))
        super().resizeEvent(event)

    def refresh(self, is_empty: bool, has_several: bool) -> None:
        """Show what belongs to the state of the session."""
        self._state = (is_empty, has_several)
        on_queue = self._queue_wanted and self.queue_page is not None
        if self.queue_page is not None and on_queue:
            self.pages.setCurrentWidget(self.queue_page)
            self.queue_page.back_button.setVisible(not is_empty)
        else:
            self.pages.setCurrentWidget(self.empty_page if is_empty else self.canvas)
        self.bottom_bar.setVisible(not is_empty and not on_queue)
        self._side.setVisible(has_several and not on_queue)
        self.panel.setVisible(self._panel_wanted and not is_empty and not on_queue)
        self._show_strip()
        self.zoom_bar.setVisible(not self.canvas.viewport.is_empty)
        self.view_bar.setVisible(self.canvas.compares)
        self.place_overlays()

    def show_queue(self, on: bool) -> None:
        """Show the queue in place of the photo."""
        if on is not self._queue_wanted:
            self._queue_wanted = on
            self.refresh(*self._state)
            self.queue_wanted.emit(on)

    def show_panel(self, on: bool) -> None:
        """Whether the settings are shown at all."""
        self._panel_wanted = on
        self.refresh(*self._state)

    def _show_strip(self) -> None:
        if self.queue_strip is not None:
            self.queue_strip.setVisible(self.queue_strip.is_of_use and not self._queue_wanted)

    def set_drop_highlight(self, on: bool) -> None:
        """Show that a drop would be taken."""
        self.empty_page.set_drop_highlight(on)
        self.canvas.set_drop_highlight(on)

    def place_overlays(self) -> None:
        """Keep the controls over the picture in their corners, or above each other."""
        zoom, view = self.zoom_bar, self.view_bar
        height = max(bar.sizeHint().height() for bar in (zoom, view))
        for bar in (zoom, view):
            bar.resize(bar.sizeHint().width(), height)
        edge = 2 * GRID
        bottom = self.canvas.height() - height - edge
        fits = zoom.width() + view.width() + 3 * edge <= self.canvas.width()
        zoom.move(self.canvas.width() - zoom.width() - edge, bottom)
        view.move(edge, bottom if fits else bottom - height - GRID)
        for bar in (zoom, view):
            bar.raise_()
        has_two_rows = not fits and not view.isHidden()
        self.canvas.set_foot(2 * height + GRID if has_two_rows else height)

    def recolour(self) -> None:
        """Follow the palette."""
        self.banner.recolour()
        self.empty_page.recolour()
        self.zoom_bar.recolour()
        self.bottom_bar.recolour()
        self.panel.recolour()
        self.canvas.update()
        self.photo_list.viewport().update()
        if self.queue_page is not None:
            self.queue_page.list.viewport().update()

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("sidePanel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setAccessibleName(self.tr("Photos"))
        title = QLabel(self.tr("Photos"))
        title.setObjectName("quiet")
        title.setAccessibleName(title.text())
        title.setContentsMargins(2 * GRID, 0, 0, 0)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 2 * GRID, 0, GRID)
        column.setSpacing(GRID)
        column.addWidget(title)
        column.addWidget(self.photo_list)
        return side
