"""Several threads may want torch first: the loupe's, the photo's and the queue's."""

import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]

AT_ONCE = """
import faulthandler, sys, threading
faulthandler.dump_traceback_later(100, exit=True)
from bimaco_gui.services.devices import list_gpus
from bimaco_gui.services.engine_tools import engine_tools
from bimaco_gui.services.torch_library import load_torch_library

assert "torch" not in sys.modules
gate = threading.Barrier(6)
done = []

def go(what):
    gate.wait()
    what()
    done.append(what)

wanted = (load_torch_library, engine_tools, list_gpus) * 2
threads = [threading.Thread(target=go, args=(what,)) for what in wanted]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(done) == 6
assert "torch" in sys.modules
"""


def test_threads_that_want_torch_at_once_all_get_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=REPO, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
