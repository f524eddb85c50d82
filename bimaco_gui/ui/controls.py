"""Buttons and labels in the window's manner."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QPushButton, QToolButton, QWidget

from bimaco_gui.ui.icons import icon
from bimaco_gui.ui.theme import current_shades

_TEXT_INDENT = 6


def push_button(text: str, tip: str, primary: bool = False) -> QPushButton:
    """A push button with a name for screen readers."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.replace("&", ""))
    button.setAccessibleDescription(tip)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    set_primary(button, primary)
    return button


def set_primary(button: QPushButton, primary: bool) -> None:
    """Make it the button that stands out, or one of the others."""
    name = "primary" if primary else "plain"
    if button.objectName() != name:
        button.setObjectName(name)
        button.style().unpolish(button)
        button.style().polish(button)


def segment(text: str, tip: str) -> QPushButton:
    """One of several buttons in a row, of which one is pressed."""
    button = QPushButton(text)
    button.setObjectName("segment")
    button.setCheckable(True)
    button.setAutoExclusive(True)
    button.setToolTip(tip)
    button.setAccessibleName(f"{text}, {tip}")
    return button


def indent_text(field: QAbstractSpinBox) -> None:
    """Let its text begin where that of other fields does; style sheets cannot move it."""
    field.lineEdit().setTextMargins(_TEXT_INDENT, 0, 0, 0)


def heading(text: str, of: QWidget | None = None) -> QLabel:
    """A heading in a panel, of a control if it has just one."""
    label = QLabel(text)
    font = label.font()
    font.setWeight(font.Weight.DemiBold)
    label.setFont(font)
    label.setAccessibleName(text.replace("&", ""))
    if of is not None:
        label.setBuddy(of)
    return label


def quiet_label(text: str = "", wraps: bool = False) -> QLabel:
    """A label for what is less important; it shows plain text only."""
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    label.setAccessibleName(text)
    return label


def set_emphasis(label: QLabel, strong: bool) -> None:
    """Let a label of `quiet_label` stand out, or be quiet again."""
    label.setObjectName("strong" if strong else "quiet")
    label.style().unpolish(label)
    label.style().polish(label)


class IconButton(QToolButton):
    """A button of an icon alone, coloured like text."""

    def __init__(self, icon_name: str, name: str, tip: str, side: int = 20) -> None:
        """Take the name for screen readers from `name`."""
        super().__init__()
        self._icon_name = icon_name
        self._side = side
        self.setObjectName("flat")
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setIconSize(QSize(side, side))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icon again in the palette's colours."""
        self.setIcon(icon(self._icon_name, current_shades().text, self._side))


class ElidedLabel(QLabel):
    """A label that shortens its text when there is no room, and shows all of it as tip."""

    def __init__(
        self,
        parent: QWidget | None = None,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        """Empty; it shortens at `elide`."""
        super().__init__(parent)
        self._whole, self._elide_mode = "", elide
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def whole_text(self) -> str:
        """The text without shortening."""
        return self._whole

    def set_whole_text(self, text: str) -> None:
        """Show `text` as far as it fits."""
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """It can always be narrower."""
        return QSize(4 * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Wide enough for all of the text."""
        wanted = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(wanted, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, self._elide_mode, max(0, self.width()))
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
        self.updateGeometry()
