import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bimaco_gui.cli import main
from bimaco_gui.services import batch
from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine, save_picture

CaptureText = pytest.CaptureFixture[str]


def run(*arguments: object, engine: FakeEngine | None = None) -> int:
    fake = engine or FakeEngine()
    return main([str(argument) for argument in arguments], make_runner=lambda: Runner(fake.tools))


def records(capsys: CaptureText) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# ---- more of `upscale` ----


def test_every_choice_reaches_the_job(tmp_path: Path) -> None:
    engine = FakeEngine()
    source = save_picture(tmp_path / "a.png")
    arguments = "--longest-side 24 --bits 16 --strip-gps --no-provenance --name {name}-{width}"
    assert run("upscale", source, *arguments.split(), engine=engine) == 0
    (options,) = engine.seen_options
    assert (options.longest_side, options.bits) == (24, 16)
    assert options.strip_gps
    assert not options.provenance
    assert options.template == "{name}-{width}"
    assert names(tmp_path) == ["a-24.png", "a.png"]
    assert run("upscale", source, "--width", 20, "--height", 30, engine=engine) == 0
    assert (engine.seen_options[-1].width, engine.seen_options[-1].height) == (20, 30)


def test_what_exists_can_be_skipped(tmp_path: Path, capsys: CaptureText) -> None:
    save_picture(tmp_path / "a.png")
    save_picture(tmp_path / "b.png")
    save_picture(tmp_path / "b_x4.png")
    assert run("upscale", tmp_path / "a.png", tmp_path / "b.png", "--skip-existing") == 0
    assert names(tmp_path) == ["a.png", "a_x4.png", "b.png", "b_x4.png"]
    assert "1 left out: 1 done before" in capsys.readouterr().err
    assert run("upscale", tmp_path / "a.png", "--skip-existing") == 0


def test_folders_can_be_filtered_and_laid_flat(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for name in ("a.png", "deep/b.png", "deep/c.bmp", "d.jpeg"):
        save_picture(photos / name)
    save_picture(photos / "large.png", (60, 20))
    arguments = ["--recursive", "--flat", "--only", "png,jpg", "--skip-above", 50]
    assert run("upscale", photos, "-o", tmp_path / "out", *arguments) == 0
    assert names(tmp_path / "out") == ["a_x4.png", "b_x4.png", "d_x4.jpg"]
    size = (photos / "large.png").stat().st_size
    arguments = ["--min-bytes", size, "--max-bytes", "0.5M", "--only", "png"]
    assert run("upscale", photos, "-o", tmp_path / "other", *arguments) == 0
    assert names(tmp_path / "other") == ["large_x4.png"]


def test_a_dry_run_tells_and_does_nothing(tmp_path: Path, capsys: CaptureText) -> None:
    save_picture(tmp_path / "a.png")
    (tmp_path / "bad.png").touch()
    assert run("upscale", tmp_path, "--dry-run", "--json") == 0
    planned, left, total = records(capsys)
    assert (planned["event"], planned["out_width"]) == ("planned", 32)
    assert (left["reason"], left["message"]) == ("unreadable", "“bad.png” is empty (0 bytes).")
    assert (total["count"], total["left_out"]) == (1, 1)
    assert int(str(total["bytes"])) > 0
    assert run("upscale", tmp_path, "--dry-run") == 0
    assert "1 pictures, about" in capsys.readouterr().out
    assert names(tmp_path) == ["a.png", "bad.png"]


def test_a_disk_that_is_too_small_is_told_before_the_work(
    tmp_path: Path, capsys: CaptureText, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = save_picture(tmp_path / "a.png", (1000, 1000))
    monkeypatch.setattr(batch, "free_bytes", lambda folder: 1_000_000)
    engine = FakeEngine()
    assert run("upscale", source, engine=engine) == 1
    assert "only 1 MB are free" in capsys.readouterr().err
    assert engine.seen_options == []
    assert run("upscale", source, "--ignore-space", engine=engine) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--longest-side", "10", "--width", "9"], "either the longest side"),
        (["--bits", "12"], "8 or 16"),
        (["--name", "{nme}"], "“{nme}” is not known"),
        (["--overwrite", "--skip-existing"], "not allowed with"),
        (["--only", "exe"], "no kind of picture"),
        (["--min-bytes", "many"], "no size such as"),
    ],
)
def test_bad_choices_are_refused_in_a_sentence(
    tmp_path: Path, capsys: CaptureText, wrong: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as left:
        run("upscale", save_picture(tmp_path / "a.png"), *wrong)
    assert left.value.code == 2
    assert sentence in capsys.readouterr().err


# ---- `queue` ----


def test_a_queue_is_filled_worked_through_and_cleared(tmp_path: Path, capsys: CaptureText) -> None:
    photos, out, file = tmp_path / "photos", tmp_path / "out", tmp_path / "queue"
    save_picture(photos / "a.png")
    (photos / "bad.png").write_text("no picture")
    assert run("queue", "add", photos, "-o", f"{out}/", "--file", file) == 0
    assert capsys.readouterr().out == "2 added\n"
    assert run("queue", "list", "--file", file) == 0
    assert "2 waiting" in capsys.readouterr().out
    assert not out.exists()

    assert run("queue", "run", "--file", file) == 1
    assert names(out) == ["a_x4.png"]
    capsys.readouterr()
    assert run("queue", "list", "--file", file, "--json") == 0
    done, failed, queue = records(capsys)
    assert (done["state"], done["output"]) == ("done", str(out / "a_x4.png"))
    assert failed["state"] == "failed"
    assert "bad.png" in str(failed["message"])
    assert (queue["done"], queue["failed"], queue["paused"]) == (1, 1, False)

    save_picture(photos / "bad.png")
    assert run("queue", "retry", "--file", file) == 0
    assert capsys.readouterr().out == "1 wait again\n"
    assert run("queue", "run", "--file", file) == 0
    assert names(out) == ["a_x4.png", "bad_x4.png"]
    capsys.readouterr()
    assert run("queue", "clear", "--file", file) == 0
    assert capsys.readouterr().out == "2 removed\n"
    assert run("queue", "list", "--file", file) == 0
    assert capsys.readouterr().out == "empty\n"


def test_without_a_file_it_is_the_window_s_queue(
    tmp_path: Path, capsys: CaptureText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path / "home"))
    assert run("queue", "add", save_picture(tmp_path / "a.png")) == 0
    with JobQueue(tmp_path / "home" / "queue.sqlite3") as queue:
        assert [item.job.input for item in queue.jobs()] == [tmp_path / "a.png"]
        assert queue.claim()
        capsys.readouterr()
        assert run("queue", "list") == 0, "looking is allowed while another program works"
        assert "1 waiting" in capsys.readouterr().out
        assert run("queue", "run") == 2
        assert "works through this queue already" in capsys.readouterr().err


def test_a_pause_is_kept_and_ended_by_running(tmp_path: Path, capsys: CaptureText) -> None:
    file = tmp_path / "queue"
    run("queue", "add", save_picture(tmp_path / "a.png"), "--file", file)
    assert run("queue", "pause", "--file", file) == 0
    capsys.readouterr()
    run("queue", "list", "--file", file)
    assert "paused" in capsys.readouterr().out
    assert run("queue", "run", "--file", file) == 0
    assert (tmp_path / "a_x4.png").is_file()


def test_clearing_keeps_what_failed_and_waits_unless_told(tmp_path: Path) -> None:
    file = tmp_path / "queue"
    (tmp_path / "bad.png").write_text("no picture")
    run("queue", "add", tmp_path / "bad.png", "--file", file)
    run("queue", "run", "--file", file)
    run("queue", "add", save_picture(tmp_path / "a.png"), "--file", file)
    run("queue", "clear", "--file", file)
    with JobQueue(file) as queue:
        states = [item.state for item in queue.jobs()]
    assert states == [JobState.FAILED, JobState.WAITING]
    run("queue", "clear", "--all", "--file", file)
    with JobQueue(file) as queue:
        assert queue.jobs() == []


def test_upscale_can_keep_its_jobs_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "queue"
    inputs = [save_picture(tmp_path / f"{name}.png") for name in "ab"]
    (tmp_path / "bad.png").write_text("no picture")
    assert run("upscale", *inputs, tmp_path / "bad.png", "--queue", file) == 1
    with JobQueue(file) as queue:
        counts = queue.counts()
    assert (counts[JobState.DONE], counts[JobState.FAILED]) == (2, 1)


def test_a_folder_that_vanishes_stops_the_work_and_keeps_what_is_left(
    tmp_path: Path, capsys: CaptureText
) -> None:
    out, file = tmp_path / "out", tmp_path / "queue"
    out.mkdir()
    inputs = [save_picture(tmp_path / f"{number}.png") for number in range(5)]

    def unplug(path: Path) -> None:
        if path.name == "2_x4.png":
            for written in out.iterdir():
                written.rename(tmp_path / written.name)
            out.rmdir()
            raise OSError

    engine = FakeEngine(on_tile=lambda tile: None, before_write=unplug)
    assert run("upscale", *inputs, "-o", out, "--queue", file, engine=engine) == 1
    told = capsys.readouterr().err
    assert "not there any more" in told
    assert "left" in told
    with JobQueue(file) as queue:
        assert queue.paused
        assert queue.counts()[JobState.DONE] == 2
    assert not out.exists()


SIGNALLED = """
import os, signal, sys
from bimaco_gui.cli import main
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine
engine = FakeEngine(on_tile=lambda tile: os.kill(os.getpid(), signal.SIGTERM))
sys.exit(main(make_runner=lambda: Runner(engine.tools)))
"""


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_job_that_is_stopped_waits_for_the_next_time(tmp_path: Path, repo: Path) -> None:
    file = tmp_path / "queue"
    run("queue", "add", save_picture(tmp_path / "a.png"), "--file", file)
    stopped = subprocess.run(
        [sys.executable, "-c", SIGNALLED, "queue", "run", "--file", str(file)],
        cwd=repo,
        capture_output=True,
        timeout=60,
    )
    assert stopped.returncode == 143
    assert run("queue", "run", "--file", file) == 0
    with Image.open(tmp_path / "a_x4.png") as result:
        assert result.size == (32, 24)


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX's")
def test_long_and_odd_paths_go_through(tmp_path: Path, capsys: CaptureText) -> None:
    deep = tmp_path.joinpath(*(f"{number}{'ü' * 60}" for number in range(9)))
    odd = "#1 100% & 'x' \"y\" $HOME `z` \\ 🙂\n.png"
    longest = "ß" * 120 + ".png"
    strange = os.fsdecode(b"caf\xe9.png")
    for name in (odd, longest, strange, "-o.png"):
        save_picture(deep / name)
    assert len(str(deep).encode()) > 1000
    out, file = tmp_path / "out", tmp_path / "queue"
    assert run("queue", "add", tmp_path, "--recursive", "-o", out, "--file", file) == 0
    assert run("queue", "run", "--file", file) == 0
    written = sorted(path.name for path in out.rglob("*.png"))
    cut = max(written, key=len)
    assert cut.endswith("ß_x4.png")
    assert len(os.fsencode(cut)) <= 220
    expected = {f"{name[:-4]}_x4.png" for name in (odd, strange, "-o.png")}
    assert set(written) - {cut} == expected


def test_a_queue_that_cannot_be_opened_is_told(tmp_path: Path, capsys: CaptureText) -> None:
    (tmp_path / "file").touch()
    assert run("queue", "list", "--file", tmp_path / "file" / "queue") == 1
    assert "cannot be used" in capsys.readouterr().err
