"""Help > About."""

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

from bimaco_gui import __version__
from bimaco_gui.ui.icons import app_icon

_ICON_SIDE = 96


def about_box(parent: QWidget) -> QMessageBox:
    """The dialog with version and licence, ready to open."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("About", text)

    box = QMessageBox(parent)
    box.setWindowTitle(tr("About BiMaCo"))
    box.setAccessibleName(box.windowTitle())
    box.setIconPixmap(app_icon().pixmap(_ICON_SIDE))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"BiMaCo {__version__}")
    box.setInformativeText(
        "\n\n".join(
            (
                tr("Makes photos four times as wide and high, on your own computer."),
                tr("Licence: Apache License 2.0"),
                tr("Uses Qt {0} and PySide6 (LGPL 3) and PyTorch (BSD).").format(qVersion()),
            )
        )
    )
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    return box
