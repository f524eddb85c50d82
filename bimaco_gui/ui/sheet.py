"""How the controls look: one style sheet in the shades of the palette."""

from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from bimaco_gui import paths
from bimaco_gui.ui.theme import SEEN_CONTRAST, Shades, current_shades, readable

_EDGE_DARKENED_PER_CENT = 140
"""How much darker than the window Qt's own style draws edges."""
_BOXES = ("QCheckBox", "QRadioButton")
_MENUS = ("QMenu", "QMenuBar")


def style_sheet(shades: Shades) -> str:
    """The window's style sheet in these shades."""
    s = {name: colour.name() for name, colour in vars(shades).items()}
    icons = (paths.resources_folder() / "icons").as_posix()
    return f"{_surfaces(s)}{_scroll_bars(s)}{_buttons(s)}{_fields(s, icons)}{_lists(s)}"


def adapt_palettes() -> None:
    """Let what Qt's own style draws be seen: the edges of boxes, and what is chosen in menus.

    That style draws edges somewhat darker than the window, which on dark is next to nothing. It
    takes the window's colour from the palette of the control, so boxes get one for their edges.
    """
    role, shades = QPalette.ColorRole, current_shades()
    boxes = QGuiApplication.palette()
    # It lightens some edges again.
    edge = readable(shades.edge, shades.surface, SEEN_CONTRAST + 0.8)
    boxes.setColor(role.Window, edge.lighter(_EDGE_DARKENED_PER_CENT))
    menus = QGuiApplication.palette()
    menus.setColor(role.Highlight, shades.accent)
    menus.setColor(role.HighlightedText, shades.accent_text)
    for palette, kinds in ((boxes, _BOXES), (menus, _MENUS)):
        for kind in kinds:
            # The stubs ask for bytes, the binding for a str.
            QApplication.setPalette(palette, kind)  # type: ignore[arg-type]


def _surfaces(s: dict[str, str]) -> str:
    return f"""
    QMainWindow, #canvasPage, #emptyPage {{ background: {s["canvas"]}; }}
    QMenuBar {{ background: {s["surface"]}; border-bottom: 1px solid {s["line"]}; }}
    QDialog, QMessageBox {{ background: {s["surface"]}; }}
    #bottomBar {{ background: {s["surface"]}; border-top: 1px solid {s["line"]}; }}
    #sidePanel {{ background: {s["surface"]}; border-right: 1px solid {s["line"]}; }}
    #queueStrip {{ background: {s["surface"]}; border-top: 1px solid {s["line"]}; }}
    #queuePage {{ background: {s["canvas"]}; }}
    #settingsPanel {{ background: {s["surface"]}; border-left: 1px solid {s["line"]}; }}
    #settings {{ background: {s["surface"]}; }}
    #banner {{ background: {s["warning_soft"]}; border: 1px solid {s["warning"]};
               border-radius: 8px; }}
    #banner[news="true"] {{ background: {s["selected"]}; border-color: {s["mark"]}; }}
    #zoomBar, #viewBar {{ background: {s["surface"]}; border: 1px solid {s["line"]};
                          border-radius: 8px; }}
    #quiet {{ color: {s["quiet"]}; }}
    #key {{ padding: 1px 7px; border: 1px solid {s["line"]}; border-radius: 4px;
            background: {s["hover"]}; color: {s["text"]}; }}
    #plainArea, #plainArea > QWidget > QWidget {{ border: none; background: {s["surface"]}; }}
    #strong {{ color: {s["text"]}; font-weight: 600; }}

    QProgressBar#progress {{ border: none; border-radius: 3px; background: {s["pressed"]};
                             min-height: 6px; max-height: 6px; }}
    QProgressBar#progress::chunk {{ border-radius: 3px; background: {s["mark"]}; }}
    """


def _scroll_bars(s: dict[str, str]) -> str:
    return f"""
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {s["edge"]}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {s["quiet"]}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _buttons(s: dict[str, str]) -> str:
    return f"""
    QPushButton#primary, QPushButton#plain, QMessageBox QPushButton, QFileDialog QPushButton {{
        min-height: 24px; padding: 7px 20px; border-radius: 8px;
        border: 1px solid {s["edge"]}; background: {s["surface"]}; color: {s["text"]}; }}
    QPushButton#plain:hover, QMessageBox QPushButton:hover, QFileDialog QPushButton:hover {{
        background: {s["hover"]}; }}
    QPushButton#plain:pressed, QMessageBox QPushButton:pressed, QFileDialog QPushButton:pressed {{
        background: {s["pressed"]}; }}
    QPushButton#plain:checked {{ background: {s["selected"]}; border-color: {s["mark"]}; }}
    QPushButton#primary {{ background: {s["accent"]}; border-color: {s["accent"]};
                           color: {s["accent_text"]}; font-weight: 600; }}
    QPushButton#primary:hover, QPushButton#primary:pressed {{
        background: {s["accent_hover"]}; border-color: {s["accent_hover"]}; }}
    QPushButton#primary:disabled, QPushButton#plain:disabled, QFileDialog QPushButton:disabled {{
        background: {s["hover"]}; border-color: {s["line"]}; color: {s["quiet"]}; }}
    QPushButton#primary:focus, QPushButton#plain:focus, QMessageBox QPushButton:focus,
    QFileDialog QPushButton:focus {{
        border: 2px solid {s["focus"]};
        padding: 6px 19px; }}
    #settings QPushButton#plain {{ min-height: 18px; padding: 5px 10px; border-radius: 6px; }}
    #settings QPushButton#plain:focus {{ padding: 4px 9px; }}
    #queueStrip QPushButton#plain {{ min-height: 16px; padding: 4px 12px; border-radius: 6px; }}
    #queueStrip QPushButton#plain:focus {{ padding: 3px 11px; }}

    QPushButton#segment {{ min-height: 20px; padding: 5px 10px; border: 2px solid transparent;
                           border-radius: 6px; background: transparent; color: {s["text"]}; }}
    QPushButton#segment:hover {{ background: {s["hover"]}; }}
    QPushButton#segment:checked {{ background: {s["selected"]}; border-color: {s["mark"]}; }}
    QPushButton#segment:focus {{ border-color: {s["focus"]}; }}

    QToolButton#disclosure {{ border: 2px solid transparent; border-radius: 6px; padding: 4px;
                              margin-left: -12px; background: transparent; font-weight: 600; }}
    QToolButton#flat {{ border: 2px solid transparent; border-radius: 6px; padding: 4px;
                        background: transparent; color: {s["text"]}; }}
    QToolButton#disclosure:hover, QToolButton#flat:hover {{ background: {s["hover"]}; }}
    QToolButton#flat:pressed {{ background: {s["pressed"]}; }}
    QToolButton#disclosure:focus, QToolButton#flat:focus {{ border-color: {s["focus"]}; }}
    """


def _fields(s: dict[str, str], icons: str) -> str:
    return f"""
    QComboBox, QLineEdit, QAbstractSpinBox {{
        min-height: 30px; padding: 0 7px; border: 1px solid {s["edge"]}; border-radius: 6px;
        background: {s["field"]}; color: {s["text"]};
        selection-background-color: {s["accent"]}; selection-color: {s["accent_text"]}; }}
    QComboBox:hover, QLineEdit:hover, QAbstractSpinBox:hover {{ border-color: {s["quiet"]}; }}
    QComboBox:focus, QLineEdit:focus, QAbstractSpinBox:focus {{
        min-height: 28px; padding: 0 6px; border: 2px solid {s["mark"]}; }}
    QLineEdit {{ padding: 0 5px; }}
    QLineEdit:focus {{ padding: 0 4px; }}
    QAbstractSpinBox {{ min-height: 27px; }}
    QAbstractSpinBox:focus {{ min-height: 25px; }}
    QComboBox:disabled, QLineEdit:disabled, QAbstractSpinBox:disabled {{
        background: {s["surface"]}; border-color: {s["line"]}; color: {s["quiet"]}; }}
    QLineEdit[wrong="true"] {{ min-height: 28px; padding: 0 4px;
                               border: 2px solid {s["warning"]}; }}
    QAbstractSpinBox QLineEdit {{
        min-height: 0; padding: 0; border: none; background: transparent; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{icons}/chevron-down.svg"); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{
        border: 1px solid {s["edge"]}; background: {s["field"]}; color: {s["text"]}; outline: none;
        selection-background-color: {s["selected"]}; selection-color: {s["text"]}; }}
    QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 7px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
        subcontrol-origin: border; width: 20px; border: none; background: transparent; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{icons}/chevron-up.svg");
                                  width: 10px; height: 10px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{icons}/chevron-down.svg");
                                    width: 10px; height: 10px; }}

    .QSlider {{ min-height: 22px; }}
    .QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {s["edge"]}; }}
    .QSlider::sub-page:horizontal {{ border-radius: 2px; background: {s["mark"]}; }}
    .QSlider::handle:horizontal {{
        width: 14px; margin: -7px 0; border-radius: 9px;
        border: 2px solid {s["mark"]}; background: {s["surface"]}; }}
    .QSlider::handle:horizontal:hover {{ background: {s["selected"]}; }}
    .QSlider::handle:horizontal:focus {{ border-color: {s["focus"]};
                                         background: {s["selected"]}; }}
    """


def _lists(s: dict[str, str]) -> str:
    return f"""
    #photoList {{ background: transparent; border: none; outline: none; }}
    QDialog QListView, QDialog QTreeView, QDialog QPlainTextEdit {{
        border: 1px solid {s["edge"]}; border-radius: 6px; padding: 3px;
        background: {s["field"]}; color: {s["text"]}; outline: none;
        selection-background-color: {s["accent"]}; selection-color: {s["accent_text"]}; }}
    QDialog QListView:focus, QDialog QTreeView:focus, QDialog QPlainTextEdit:focus {{
        padding: 2px; border: 2px solid {s["mark"]}; }}
    QDialog QListWidget::item {{ padding: 5px 6px; border-radius: 4px; }}
    QDialog QListWidget::item:hover {{ background: {s["hover"]}; }}
    QDialog QListWidget::item:selected {{ background: {s["selected"]}; color: {s["text"]}; }}
    QDialog QComboBox QAbstractItemView {{ border-radius: 0; padding: 0;
        selection-background-color: {s["selected"]}; selection-color: {s["text"]}; }}

    QTabWidget::pane {{ border: none; }}
    QTabBar::tab {{ padding: 6px 12px; margin-bottom: 6px; border: none;
                    border-bottom: 2px solid transparent; background: transparent;
                    color: {s["text"]}; }}
    QTabBar::tab:hover {{ background: {s["hover"]}; }}
    QTabBar::tab:selected {{ border-bottom-color: {s["mark"]}; }}
    QTabBar::tab:focus {{ border: 2px solid {s["focus"]}; border-radius: 4px; padding: 4px 10px; }}
    """
