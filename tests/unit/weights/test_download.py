"""Downloads against a real server on this machine that speaks the Hub's protocol."""

import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bimaco_gui import paths
from bimaco_gui.errors import Cancelled, DownloadError, ModelError
from bimaco_gui.weights import download as downloading
from bimaco_gui.weights import hub
from bimaco_gui.weights.catalogue import CatalogueEntry
from bimaco_gui.weights.download import Received, discard_received, download, received_bytes
from bimaco_gui.weights.registry import find_model
from tests.hub_server import COMMIT, FILE, REPOSITORY, HubServer, serving

CONTENT = (paths.bundled_models_folder() / "photo.safetensors").read_bytes()


@pytest.fixture(autouse=True)
def home(no_proxy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(downloading, "FIRST_PAUSE", 0.01)
    return tmp_path / "home"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with serving(CONTENT) as state:
        monkeypatch.setenv("HF_ENDPOINT", state.endpoint)
        yield state


def entry(content: bytes = CONTENT, **changes: Any) -> CatalogueEntry:
    values = {
        "name": "lent",
        "title": "Lent x4",
        "licence": "Apache-2.0",
        "repository": REPOSITORY,
        "revision": COMMIT,
        "file": FILE,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    return CatalogueEntry(**(values | changes))


def installed() -> list[str]:
    return sorted(path.name for path in paths.user_models_folder().glob("*"))


# ---- all is well ----


def test_a_model_is_downloaded_verified_and_installed(server: HubServer) -> None:
    told: list[Received] = []
    path = download(entry(), told.append)
    assert path.read_bytes() == CONTENT
    assert find_model("lent").path == path
    assert installed() == ["lent.safetensors"]
    counts = [received.bytes for received in told]
    assert counts == sorted(counts)
    assert counts[-1] == told[-1].total == len(CONTENT)
    # Only this: no credentials, no telemetry, nothing else asked for.
    assert [method for method, _, _ in server.requests] == ["HEAD", "GET"]
    for _, _, headers in server.requests:
        assert not [name for name in headers if name.lower() in ("authorization", "cookie")]
        (agent,) = [value for name, value in headers.items() if name.lower() == "user-agent"]
        assert "torch" not in agent


def test_one_that_is_there_already_is_not_fetched_again(server: HubServer) -> None:
    download(entry())
    server.requests.clear()
    assert download(entry()).read_bytes() == CONTENT
    assert server.requests == []


def test_another_file_of_that_name_is_replaced(server: HubServer) -> None:
    (paths.user_models_folder() / "lent.safetensors").write_bytes(b"an older version")
    assert download(entry()).read_bytes() == CONTENT


# ---- cut, cancelled, killed ----


def test_after_a_cut_it_goes_on_at_the_very_byte(server: HubServer) -> None:
    server.cuts = [100_000, 1, 250_001]
    assert download(entry()).read_bytes() == CONTENT
    begins = [headers.get("Range") for headers in server.gets()]
    assert begins == [None, "bytes=100000-", "bytes=100001-", "bytes=350002-"]
    assert sum(server.sent) == len(CONTENT)


def test_a_cancel_keeps_what_is_here_and_the_next_attempt_goes_on(server: HubServer) -> None:
    cancel = threading.Event()
    server.pause = 0.005

    def stop_early(received: Received) -> None:
        if received.bytes > 150_000:
            cancel.set()

    with pytest.raises(Cancelled):
        download(entry(), stop_early, cancel)
    kept = received_bytes(entry())
    assert 150_000 < kept < len(CONTENT)
    assert find_model(None).name == "photo"
    assert "lent.safetensors" not in installed()

    server.pause = 0.0
    first: list[Received] = []
    assert download(entry(), first.append).read_bytes() == CONTENT
    assert server.gets()[-1]["Range"] == f"bytes={kept}-"
    assert received_bytes(entry()) == 0


def test_what_was_received_can_be_discarded(server: HubServer) -> None:
    server.cuts, server.statuses = [50_000], [0, 0] + [404] * 9
    with pytest.raises(DownloadError):
        download(entry())
    assert received_bytes(entry()) == 50_000
    discard_received(entry())
    discard_received(entry())
    assert received_bytes(entry()) == 0


def test_a_server_that_falls_silent_is_asked_again(
    server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SECONDS_OF_SILENCE", 0.2)
    server.silent_after = 65_536
    assert download(entry()).read_bytes() == CONTENT
    assert server.gets()[1]["Range"] == "bytes=65536-"


def test_a_server_without_ranges_sends_all_of_it_again(server: HubServer) -> None:
    server.knows_ranges, server.cuts = False, [100_000]
    assert download(entry()).read_bytes() == CONTENT
    assert server.sent == [100_000, len(CONTENT)]


def test_a_server_that_is_busy_is_asked_again(server: HubServer) -> None:
    server.statuses = [503, 0, 429, 0, 0]
    assert download(entry()).read_bytes() == CONTENT


def test_killed_in_the_middle_it_goes_on_in_the_next_process(server: HubServer, home: Path) -> None:
    write_catalogue()
    server.pause = 0.05
    process = start_command("models", "download", "lent", "--json")
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["bytes"] < 100_000:
        pass
    process.kill()
    process.wait()
    process.stdout.close()
    kept = received_bytes(entry())
    assert 0 < kept < len(CONTENT)
    server.pause = 0.0
    assert download(entry()).read_bytes() == CONTENT
    assert server.gets()[-1]["Range"] == f"bytes={kept}-"


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_stops_the_command_and_keeps_what_is_here(server: HubServer) -> None:
    write_catalogue()
    server.pause = 0.05
    process = start_command("models", "download", "lent", "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopped. What has arrived is kept" in complaint
    assert received_bytes(entry()) > 0


# ---- what is not right ----


def test_wrong_bytes_are_never_installed_and_not_gone_on_from(server: HubServer) -> None:
    server.content = CONTENT[:-1] + b"!"
    server.etag = entry().sha256  # so that only the hash of what came can tell
    with pytest.raises(DownloadError, match="its hash is another one"):
        download(entry())
    assert received_bytes(entry()) == 0
    assert "lent.safetensors" not in installed()
    server.content = CONTENT
    assert download(entry()).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ({"etag": "0" * 64}, "its hash is another one"),
        ({"size": 17}, "it has 17 bytes instead of"),
        ({"commit": "f" * 40}, "it belongs to another revision"),
    ],
)
def test_another_file_is_refused_before_it_is_fetched(
    server: HubServer, habit: dict[str, Any], reason: str
) -> None:
    for name, value in habit.items():
        setattr(server, name, value)
    with pytest.raises(DownloadError, match=reason):
        download(entry())
    assert server.gets() == []


def test_a_file_that_is_no_model_is_not_installed(server: HubServer) -> None:
    server.content = b"right hash, but no model" * 1000
    with pytest.raises(ModelError):
        download(entry(server.content))
    assert "lent.safetensors" not in installed()
    assert received_bytes(entry(server.content)) == 0


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [([404], "no such file"), ([401], "no such file"), ([0, 403], "403")],
)
def test_a_refusal_is_told_at_once(server: HubServer, statuses: list[int], sentence: str) -> None:
    server.statuses = list(statuses)
    with pytest.raises(DownloadError, match=sentence):
        download(entry())
    assert len(server.requests) == len(statuses)


def test_a_revision_or_file_that_is_gone_is_told(server: HubServer) -> None:
    with pytest.raises(DownloadError, match="no such file"):
        download(entry(file="other.safetensors"))


def test_without_a_network_it_gives_up_after_some_attempts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    with pytest.raises(DownloadError, match="cannot be downloaded now") as failed:
        download(entry())
    assert failed.value.title == "No connection"


def test_a_cancel_ends_the_waiting_for_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(downloading, "FIRST_PAUSE", 60.0)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        download(entry(), None, cancel)
    assert time.monotonic() - began < 10


# ---- no room ----


def test_a_full_disk_is_told_before_anything_is_fetched(
    server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(DownloadError, match="the disk is full") as failed:
        download(entry())
    assert failed.value.title == "Disk full"
    assert server.gets() == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_wrong(server: HubServer) -> None:
    write_catalogue()

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python does: an error, no death
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    process = start_command("models", "download", "lent", preexec_fn=little_room)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the disk is full" in complaint
    assert "lent.safetensors" not in installed()
    assert received_bytes(entry()) == 300_000
    assert download(entry()).read_bytes() == CONTENT
    assert server.gets()[-1]["Range"] == "bytes=300000-"


def test_a_folder_that_cannot_be_written_is_named(
    server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(DownloadError, match="Permission denied"):
        download(entry())


def test_an_installed_file_that_cannot_be_read_is_named(
    server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    download(entry())

    def broken(*_: object) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(downloading, "_sha256", broken)
    with pytest.raises(DownloadError, match="Input/output error"):
        download(entry())


def test_the_same_model_is_not_downloaded_twice_at_once(server: HubServer) -> None:
    server.pause = 0.02
    started, failures = threading.Event(), []
    cancel = threading.Event()

    def first() -> None:
        with pytest.raises(Cancelled):
            download(entry(), lambda _: started.set(), cancel)

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(10)
    try:
        with pytest.raises(DownloadError, match="by another window") as failed:
            download(entry())
        failures.append(failed)
    finally:
        cancel.set()
        thread.join()
    assert failures


def write_catalogue() -> None:
    models = [vars(entry())]
    path = paths.user_models_folder() / "catalogue.json"
    path.write_text(json.dumps({"version": 1, "models": models}))


def start_command(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bimaco_gui", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
