"""Zoom controls in the corner of the picture."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from bimaco_gui.ui.controls import IconButton


class ZoomBar(QFrame):
    """Minus, the zoom in per cent (pressed: 100 %), plus, fit."""

    zoom_out = Signal()
    zoom_in = Signal()
    actual_size = Signal()
    fit = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Lie over `parent`."""
        super().__init__(parent)
        self.setObjectName("zoomBar")
        self.setAccessibleName(self.tr("Zoom"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        smaller = IconButton("zoom-out", self.tr("Zoom out"), self.tr("Zoom out (Ctrl+−)"), 16)
        larger = IconButton("zoom-in", self.tr("Zoom in"), self.tr("Zoom in (Ctrl++)"), 16)
        fit = IconButton("fit", self.tr("Fit in window"), self.tr("Fit in window (Ctrl+0)"), 16)
        self._per_cent = QToolButton()
        self._per_cent.setObjectName("flat")
        self._per_cent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._per_cent.setToolTip(self.tr("Show at 100 % (Ctrl+1)"))
        width = QFontMetrics(self.font()).horizontalAdvance("3200 %") + 16
        self._per_cent.setMinimumWidth(width)
        self._icons = (smaller, larger, fit)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(0)
        for button in (smaller, self._per_cent, larger, fit):
            row.addWidget(button)
        smaller.clicked.connect(self.zoom_out)
        larger.clicked.connect(self.zoom_in)
        fit.clicked.connect(self.fit)
        self._per_cent.clicked.connect(self.actual_size)
        self.show_scale(1.0)

    def show_scale(self, scale: float) -> None:
        """Name the scale in per cent."""
        per_cent = scale * 100
        text = self.tr("{0} %").format(
            QLocale().toString(per_cent, "f", 0 if per_cent >= 9.5 else 1)
        )
        self._per_cent.setText(text)
        self._per_cent.setAccessibleName(self.tr("Zoom {0}, show at 100 %").format(text))

    def recolour(self) -> None:
        """Follow the palette."""
        for button in self._icons:
            button.recolour()
