"""On a real screen a saved result is dragged out of the window, by the hand of the mouse."""

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

REPO = Path(__file__).resolve().parents[2]

DRAG = """
import faulthandler, json, sys
faulthandler.dump_traceback_later(100, exit=True)  # where it stands, should it ever hang
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from bimaco_gui.app import make_application
from bimaco_gui.ui.window import Window
from tests.unit.ui.fakes import FakeWorker

LEFT = Qt.MouseButton.LeftButton
app = make_application()
photo = Path(sys.argv[1])
worker = FakeWorker()
window = Window(worker)
window.setGeometry(0, 0, 860, 600)
window.show()

class Elsewhere(QWidget):
    # Another program, as far as a drag can tell.
    received, moves = None, 0

    def dragEnterEvent(self, event):
        event.acceptProposedAction()

    def dragMoveEvent(self, event):
        self.moves += 1
        event.acceptProposedAction()

    def dropEvent(self, event):
        files = [url.toLocalFile() for url in event.mimeData().urls()]
        self.received = [files, event.dropAction().name]
        event.acceptProposedAction()

class Watch(QObject):
    # Whether a drag was over the window, and whether it was let in.
    entered = welcomed = False

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.DragEnter:
            self.entered = True
        self.welcomed = self.welcomed or window.canvas._drop_highlight
        return False

watch = Watch()
window.installEventFilter(watch)
elsewhere = Elsewhere()
elsewhere.setAcceptDrops(True)
elsewhere.setGeometry(900, 100, 300, 300)
elsewhere.show()

def wait(condition):
    while not condition():
        app.processEvents()

other = photo.with_name("b.png")
window.opening.open_files([photo, other])
wait(lambda: [one.state.value for one in window.session.photos] == ["ready", "ready"])
wait(lambda: not window.canvas.viewport.is_empty)
window.commands.upscale()
for _ in range(2):
    worker.finish()
wait(lambda: all(one.saved_as for one in window.session.photos) and not window.saving.is_busy)

bar, rows = window.bottom_bar, window.photo_list

def drag(start, place):
    elsewhere.received, elsewhere.moves, watch.entered = None, 0, False
    turn = 0

    def go_on():
        nonlocal turn
        turn += 1
        aside = QPoint(turn % 2 * 9, 0)  # a mouse that stands still says nothing
        if not watch.entered:
            QTest.mouseMove(window.windowHandle(), QPoint(450, 300) + aside)
        elif elsewhere.moves < 3:
            # The next one comes when the one before was answered: then it may be let go.
            QTest.mouseMove(elsewhere.windowHandle(), QPoint(100, 100) + aside)
        else:
            timer.stop()
            QTest.mouseRelease(elsewhere.windowHandle(), LEFT, pos=QPoint(100, 100))

    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(30)
    QTest.mousePress(start, LEFT, pos=place)
    QTest.mouseMove(start, place + QPoint(30, 0))
    wait(lambda: elsewhere.received is not None)
    return elsewhere.received

got = [
    drag(bar.folder_button, bar.folder_button.rect().center()),
    drag(bar.name_label, QPoint(8, 6)),
    drag(rows.viewport(), rows.visualRect(rows.model().index(0, 0)).center()),
]
print(json.dumps([got, watch.welcomed, bar.folder_button.isDown()]))
window.close_without_asking()
"""


def test_a_saved_result_is_dragged_into_another_program(
    on_the_screen: dict[str, str], tmp_path: Path
) -> None:
    """From the button that shows its folder, from its name, and from its row in the list."""
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 30), (200, 90, 30)).save(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", DRAG, str(tmp_path / "a.png")],
        env=on_the_screen,
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    received, was_let_in, is_pressed = json.loads(done.stdout)
    assert received == 3 * [[[str(tmp_path / "a_x4.png")], "CopyAction"]]
    assert not was_let_in, "a result is not opened by letting it go over the window"
    assert not is_pressed
    assert (tmp_path / "a_x4.png").exists()
