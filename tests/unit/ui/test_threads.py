"""Photos are read by several threads at once, each of which may be interrupted anywhere.

Until translations were looked up by Qt alone, and the binding's types made beforehand, every other
run of this hung or crashed.
"""

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[3]

READING = """
import faulthandler, sys, threading
faulthandler.enable()
faulthandler.dump_traceback_later(60, exit=True)
from pathlib import Path
from bimaco_gui.app import make_application
from bimaco_gui.ui.background import Background
from bimaco_gui.ui.picture_files import glance, load_levels
from bimaco_gui.ui.translation import install_language

app = make_application()
install_language(app, "de")
sys.setswitchinterval(1e-6)
gate = threading.Barrier(2)
done = []

def read():
    gate.wait()
    for _ in range(3):
        done.append((glance(Path(sys.argv[1])), load_levels(Path(sys.argv[1]))))

threads = [threading.Thread(target=read) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(done) == 6
"""


@pytest.mark.parametrize("attempt", range(4))
def test_two_threads_may_read_photos_at_once(attempt: int) -> None:
    photo = next((REPO / "resources" / "samples").glob("*.jpg"))
    done = subprocess.run(
        [sys.executable, "-c", READING, str(photo)],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
