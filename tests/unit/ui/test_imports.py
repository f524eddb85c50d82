"""The window opens at once: it loads neither torch nor the engine."""

import subprocess
import sys

CHECK = """
import sys
import bimaco_gui.app
loaded = [name for name in ("torch", "numpy", "bimaco_gui.model", "bimaco_gui.weights")
          if name in sys.modules]
assert not loaded, loaded
"""

OPEN = """
import sys
from bimaco_gui.app import make_application
from bimaco_gui.services.worker import WorkerHandle
from bimaco_gui.ui.window import Window
app = make_application()
window = Window(WorkerHandle())
window.show()
app.processEvents()
window.close()
assert "torch" not in sys.modules
assert window.ended_cleanly
"""


def run(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_importing_the_app_imports_no_torch() -> None:
    run(CHECK)


def test_opening_and_closing_the_window_imports_no_torch() -> None:
    run(OPEN)
