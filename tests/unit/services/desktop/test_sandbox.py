"""What a sandbox keeps from the app; here it is one by its word alone.

packaging/linux/flatpak/smoke_test.py runs the program in a real one.
"""

import re
import threading
from pathlib import Path

import pytest

from bimaco_gui.errors import OutputError
from bimaco_gui.services.desktop import sandbox
from bimaco_gui.services.desktop.sandbox import is_kept_offline, is_sandboxed, loses
from bimaco_gui.services.events import Event, Failed
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.places import require_kept
from bimaco_gui.services.runner import Runner
from bimaco_gui.services.save import save_finished
from tests.unit.services.fakes import FakeEngine, save_picture

INFORMATION = """[Application]
name=io.github.bimaco.BiMaCo

[Context]
shared={shared}
filesystems=xdg-pictures;
"""


@pytest.fixture
def info(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "flatpak-info"
    path.write_text(INFORMATION.format(shared="ipc;"))
    monkeypatch.setattr(sandbox, "INFO", path)
    mount(tmp_path, tmp_path, monkeypatch)
    return path


def mount(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system say that only this, and what every sandbox has, is mounted."""
    listed = tmp_path / "mountinfo"
    places = ["/", "/tmp", "/var/tmp", str(place).replace(" ", "\\040")]
    lines = [f"{n} 1 0:{n} / {name} rw - tmpfs tmpfs rw\n" for n, name in enumerate(places)]
    listed.write_text("".join(lines))
    monkeypatch.setattr(sandbox, "MOUNTS", listed)


@pytest.fixture
def document(tmp_path: Path, info: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo in a folder like the portal's for a single file."""
    folder = tmp_path / "run" / "user" / "1000" / "doc" / "1a2b3c"
    monkeypatch.setattr(sandbox, "_DOCUMENT", re.compile(re.escape(str(folder))))
    return save_picture(folder / "photo.png")


def test_outside_of_one_nothing_is_kept_from_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "INFO", tmp_path / "none")
    mount(tmp_path / "elsewhere", tmp_path, monkeypatch)
    assert not is_sandboxed()
    assert not is_kept_offline()
    assert not loses(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("shared", "offline"), [("ipc;", True), ("", True), ("network;ipc;", False), ("network", False)]
)
def test_the_permission_for_the_network_is_known(info: Path, shared: str, offline: bool) -> None:
    info.write_text(INFORMATION.format(shared=shared))
    assert is_sandboxed()
    assert is_kept_offline() is offline


@pytest.mark.parametrize("damaged", [b"no ini file", b"\xff\xfe", b"[a]\nb=1\nb=2\n"])
def test_information_that_cannot_be_read_accuses_nobody(info: Path, damaged: bytes) -> None:
    info.write_bytes(damaged)
    assert not is_kept_offline()


def test_folders_of_the_sandbox_s_own_are_refused(
    tmp_path: Path, info: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "home" / "Meine Bilder"
    pictures.mkdir(parents=True)
    mount(pictures, tmp_path, monkeypatch)
    require_kept(pictures / "a.png")
    require_kept(pictures / "new" / "folder" / "a.png")
    link = tmp_path / "link"
    link.symlink_to(pictures)
    require_kept(link / "a.png")
    for target in (pictures.with_name("a.png"), tmp_path / "new" / "folder" / "a.png"):
        with pytest.raises(OutputError, match="would lose what is written"):
            require_kept(target)


def test_beside_a_document_nothing_is_kept_and_the_document_itself_is(document: Path) -> None:
    assert loses(document.with_name("photo_x4.png"))
    assert not loses(document)
    document.unlink()
    assert not loses(document), "a name that was chosen to save under"


def test_a_result_that_would_be_lost_fails_before_the_work(document: Path) -> None:
    engine = FakeEngine()
    told: list[Event] = []
    Runner(engine.tools).run_job(Job(document), told.append, threading.Event())
    (last,) = told
    assert isinstance(last, Failed)
    assert "choose another folder" in last.message
    assert [file.name for file in document.parent.iterdir()] == ["photo.png"]


def test_a_finished_result_is_not_saved_where_it_would_be_lost(
    document: Path, tmp_path: Path
) -> None:
    cached = save_picture(tmp_path / "cached.png")
    with pytest.raises(OutputError, match="would lose"):
        target = document.with_name("photo_x4.png")
        save_finished(document, cached, target, JobOptions(format="png"), overwrite=False)
    assert [file.name for file in document.parent.iterdir()] == ["photo.png"]
