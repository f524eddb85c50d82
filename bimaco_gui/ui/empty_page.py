"""What the window shows before the first photo: an invitation."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bimaco_gui.ui.controls import push_button
from bimaco_gui.ui.icons import pixmap
from bimaco_gui.ui.theme import GRID, current_shades

_ICON_SIDE = 88


class EmptyPage(QWidget):
    """A large place to drop photos on, with Open and a sample for those who just look."""

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, has_sample: bool) -> None:
        """Offer the sample only where there is one."""
        super().__init__()
        self.setObjectName("emptyPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("No photo yet"))
        self._highlighted = False

        self._picture = QLabel()
        self._picture.setAccessibleName(self.tr("Drop a photo"))
        self._title = QLabel(self.tr("Drop a photo here"))
        title_font = self._title.font()
        title_font.setPointSizeF(title_font.pointSizeF() * 2)
        title_font.setWeight(title_font.Weight.DemiBold)
        self._title.setFont(title_font)
        self._title.setAccessibleName(self._title.text())
        text = QLabel(
            self.tr(
                "It becomes four times as wide and high, or any size you like.\n"
                "All of it happens on your computer; nothing is sent anywhere."
            )
        )
        text_font = text.font()
        text_font.setPointSizeF(text_font.pointSizeF() * 1.15)
        text.setFont(text_font)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        formats = QLabel(
            self.tr("PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP, GIF: one, several or folders")
        )
        for label in (text, formats):
            label.setObjectName("quiet")
            label.setAccessibleName(label.text())

        self.open_button = push_button(
            self.tr("Open photo…"), self.tr("Choose photos to upscale (Ctrl+O)"), primary=True
        )
        self.sample_button = push_button(
            self.tr("Try the sample"), self.tr("Open the sample photo that comes with the app")
        )
        self.sample_button.setVisible(has_sample)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)

        buttons = QHBoxLayout()
        buttons.setSpacing(GRID * 3 // 2)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch()

        column = QVBoxLayout(self)
        column.setContentsMargins(6 * GRID, 6 * GRID, 6 * GRID, 6 * GRID)
        column.setSpacing(0)
        column.addStretch(5)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(2 * GRID)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(GRID)
        column.addWidget(text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4 * GRID)
        column.addLayout(buttons)
        column.addSpacing(3 * GRID)
        column.addWidget(formats, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(6)
        self.recolour()

    @property
    def is_highlighted(self) -> bool:
        """Whether it shows that a drop would be taken."""
        return self._highlighted

    def set_drop_highlight(self, on: bool) -> None:
        """Show that a drop would be taken."""
        self._highlighted = on
        self._title.setText(self.tr("Let go to open") if on else self.tr("Drop a photo here"))
        self.update()

    def recolour(self) -> None:
        """Follow the palette."""
        shades = current_shades()
        self._picture.setPixmap(pixmap("drop", shades.mark, _ICON_SIDE, self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame that says where to drop."""
        shades = current_shades()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), shades.canvas)
        pen = QPen(shades.mark if self._highlighted else shades.edge, 2)
        pen.setStyle(Qt.PenStyle.SolidLine if self._highlighted else Qt.PenStyle.CustomDashLine)
        if not self._highlighted:
            pen.setDashPattern([4, 4])
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(shades.accent_soft if self._highlighted else Qt.BrushStyle.NoBrush)
        inset = 3 * GRID
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 2 * GRID, 2 * GRID
        )
