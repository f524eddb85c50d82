import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from bimaco_gui.ui.result_store import ResultStore

pytestmark = pytest.mark.usefixtures("qapp")


def test_nothing_is_made_before_it_is_needed(home: Path) -> None:
    ResultStore().close()
    assert not list(home.rglob("results-*"))


def test_closing_removes_the_results(home: Path) -> None:
    store = ResultStore()
    file = store.new_file("a.png")
    file.write_bytes(b"x")
    store.close()
    assert not file.parent.exists()


def test_another_window_leaves_the_results_in_use_alone(qapp: QApplication) -> None:
    first = ResultStore()
    file = first.new_file("a.png")
    file.write_bytes(b"x")
    second = ResultStore()
    assert file.exists()
    second.close()
    first.close()


def test_what_a_crash_left_is_cleared_away(home: Path) -> None:
    crash = (
        "import os\n"
        "from bimaco_gui.ui.result_store import ResultStore\n"
        "file = ResultStore().new_file('a.png'); file.write_bytes(b'x'); print(file, flush=True)\n"
        "os._exit(1)\n"
    )
    run = subprocess.run([sys.executable, "-c", crash], capture_output=True, text=True)
    left = Path(run.stdout.strip())
    assert left.exists()
    ResultStore().close()
    assert not left.parent.exists()


def test_what_a_crash_left_in_a_sandbox_is_cleared_away_too(home: Path) -> None:
    """Where every first process has the same number, the number says nothing."""
    left = home / "cache" / "results-left"
    left.mkdir(parents=True)
    (left / ".lock").write_text(f"{os.getpid()}\n{Path(sys.executable).resolve().name}\n")
    ResultStore().close()
    assert not left.exists()


def test_what_was_open_in_a_run_that_died_is_found_and_what_was_pasted_is_kept(
    home: Path, tmp_path: Path
) -> None:
    photo, gone = tmp_path / "größe.png", tmp_path / "gone.png"
    photo.write_bytes(b"photo")
    crash = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from bimaco_gui.ui.result_store import ResultStore\n"
        "store = ResultStore()\n"
        "pasted = store.new_file('pasted.png'); pasted.write_bytes(b'pasted')\n"
        "store.note_open([Path(sys.argv[1]), pasted, Path(sys.argv[2])])\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", crash, str(photo), str(gone)])
    store = ResultStore()
    assert [path.name for path in store.left_open] == ["größe.png", "pasted.png"]
    assert [path.read_bytes() for path in store.left_open] == [b"photo", b"pasted"]
    again = ResultStore()
    assert again.left_open == (), "it is offered once"
    again.close()
    store.close()


def test_what_was_open_in_a_run_that_ended_well_is_not_found(home: Path, tmp_path: Path) -> None:
    store = ResultStore()
    store.note_open([tmp_path / "a.png"])
    store.close()
    assert ResultStore().left_open == ()
