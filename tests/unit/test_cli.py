import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bimaco_gui import __version__
from bimaco_gui.cli import main
from bimaco_gui.services import models
from bimaco_gui.services.fidelity import DEFAULT_FIDELITY
from bimaco_gui.services.models import ModelSummary
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine, save_picture

CaptureText = pytest.CaptureFixture[str]


def upscale(*arguments: object, engine: FakeEngine | None = None) -> int:
    fake = engine or FakeEngine()
    argv = ["upscale", *(str(argument) for argument in arguments)]
    return main(argv, make_runner=lambda: Runner(fake.tools))


def refused(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        upscale(*arguments)
    assert left.value.code == 2


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- upscaling ----


def test_the_result_lies_beside_its_input(tmp_path: Path, capsys: CaptureText) -> None:
    source = save_picture(tmp_path / "a.png")
    assert upscale(source) == 0
    printed = capsys.readouterr()
    assert f"{source} -> {tmp_path / 'a_x4.png'}  32x24" in printed.out
    assert printed.err == ""
    with Image.open(tmp_path / "a_x4.png") as result:
        assert result.size == (32, 24)


def test_all_options_reach_the_job(tmp_path: Path) -> None:
    engine = FakeEngine()
    source = save_picture(tmp_path / "a.png")
    arguments = "--scale 2 --model fine --device cuda:1 --tile 64 --threads 1 --seed 9"
    saving = "--format jpeg --quality 70"
    out = tmp_path / "out"
    assert upscale(source, "-o", out, *arguments.split(), *saving.split(), engine=engine) == 0
    (options,) = engine.seen_options
    assert (options.scale, options.model, options.device) == (2.0, "fine", "cuda:1")
    assert (options.tile, options.threads, options.seed) == (64, 1, 9)
    assert (options.format, options.quality, options.existing) == ("jpg", 70, "number")
    assert names(out) == ["a_x2.jpg"]


def test_the_fidelity_is_a_number_from_0_to_1(tmp_path: Path, capsys: CaptureText) -> None:
    engine = FakeEngine()
    source = save_picture(tmp_path / "a.png")
    for chosen in ([], ["--fidelity", 0], ["--fidelity", 1]):
        assert upscale(source, *chosen, engine=engine) == 0
    assert engine.fidelities == [DEFAULT_FIDELITY, 0.0, 1.0]
    refused(source, "--fidelity", 1.1)
    assert "from 0 (faithful) to 1 (most detail)" in capsys.readouterr().err


def test_the_tile_may_be_left_to_the_program(tmp_path: Path) -> None:
    engine = FakeEngine()
    upscale(save_picture(tmp_path / "a.png"), "--tile", "auto", engine=engine)
    assert engine.seen_options[0].tile is None


def test_an_existing_result_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    source = save_picture(tmp_path / "a.png")
    wanted = tmp_path / "mine.png"
    wanted.write_text("precious")
    assert upscale(source, "-o", wanted) == 0
    assert wanted.read_text() == "precious"
    assert names(tmp_path) == ["a.png", "mine (2).png", "mine.png"]
    assert upscale(source, "-o", wanted, "--overwrite") == 0
    with Image.open(wanted) as result:
        assert result.size == (32, 24)


def test_a_failed_input_is_named_with_its_reason_and_the_others_go_on(
    tmp_path: Path, capsys: CaptureText
) -> None:
    good, other = save_picture(tmp_path / "good.png"), save_picture(tmp_path / "other.png")
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    assert upscale(good, bad, other) == 1
    printed = capsys.readouterr()
    assert f"bimaco-gui: {bad}: bad.png is no picture." in printed.err
    assert "2 done, 1 failed" in printed.err
    assert printed.out.count("->") == 2


def test_folders_are_searched_on_request(tmp_path: Path) -> None:
    save_picture(tmp_path / "photos" / "a.png")
    save_picture(tmp_path / "photos" / "deep" / "b.png")
    out = tmp_path / "out"
    assert upscale(tmp_path / "photos", "--recursive", "-o", out) == 0
    assert names(out) == ["a_x4.png", "deep"]
    assert names(out / "deep") == ["b_x4.png"]


def test_a_path_that_ends_in_a_slash_is_a_folder(tmp_path: Path) -> None:
    assert upscale(save_picture(tmp_path / "a.png"), "-o", f"{tmp_path}/new.png/") == 0
    assert names(tmp_path / "new.png") == ["a_x4.png"]


def test_json_is_one_object_a_line_and_nothing_else(tmp_path: Path, capsys: CaptureText) -> None:
    good = save_picture(tmp_path / "good.png")
    bad = tmp_path / "bad.png"
    bad.touch()
    assert upscale(good, bad, "--json", engine=FakeEngine(tiles=2, tells_inside_tiles=True)) == 1
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert [line["event"] for line in lines] == ["started", "tile", "tile", "done", "failed"]
    assert [line["input"] for line in lines] == [str(good)] * 4 + [str(bad)]
    assert lines[0]["out_width"] == 32
    assert lines[3]["output"] == str(tmp_path / "good_x4.png")
    assert all(line["seconds"] >= 0 for line in lines)
    assert f"bimaco-gui: {bad}: " in printed.err


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--scale", "17"], "1 to 16"),
        (["--scale", "0.9"], "1 to 16"),
        (["--scale", "nan"], "not nan"),
        (["--scale", "much"], "invalid float"),
        (["--quality", "0"], "1 to 100"),
        (["--threads", "0"], "1 or more"),
        (["--tile", "8"], "16 pixels or more"),
        (["--tile", "big"], "neither a number nor"),
        (["--seed", "-1"], "from 0 up"),
        (["--device", "tpu"], "choose from auto, cpu, cuda"),
        (["--format", "bmp"], "choose png, jpg, webp, avif, tiff"),
        (["--unknown"], "unrecognized"),
        (["-o", "out.gif"], "cannot be written"),
        (["-o", "out.png", "--format", "jpg"], "does not end like"),
    ],
)
def test_bad_usage_is_refused_in_a_sentence(
    tmp_path: Path, capsys: CaptureText, wrong: list[str], sentence: str
) -> None:
    refused(save_picture(tmp_path / "a.png"), *wrong)
    assert sentence in capsys.readouterr().err
    assert names(tmp_path) == ["a.png"]


def test_one_output_file_for_several_inputs_is_refused(tmp_path: Path, capsys: CaptureText) -> None:
    refused(tmp_path / "a.png", tmp_path / "b.png", "-o", tmp_path / "c.png")
    assert "name a folder" in capsys.readouterr().err


def test_nothing_to_upscale_is_bad_usage(tmp_path: Path, capsys: CaptureText) -> None:
    refused()
    refused(tmp_path)
    assert "There is no picture in" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told_once(tmp_path: Path, capsys: CaptureText) -> None:
    inputs = [save_picture(tmp_path / f"{name}.png") for name in "abc"]
    assert upscale(*inputs, "--model", "missing") == 2
    assert capsys.readouterr().err == "bimaco-gui: There is no model “missing”.\n"


def test_what_a_file_is_called_cannot_move_the_cursor(tmp_path: Path, capsys: CaptureText) -> None:
    bad = tmp_path / "a\x1b[2J\n.png"
    bad.touch()
    assert upscale(bad) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "\x1b" not in line


# ---- stopping ----


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_in_the_background_it_stays_deaf_to_ctrl_c(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        source = save_picture(tmp_path / "a.png")
        engine = FakeEngine(on_tile=lambda tile: os.kill(os.getpid(), signal.SIGINT))
        assert upscale(source, engine=engine) == 0
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert names(tmp_path) == ["a.png", "a_x4.png"]


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_between_tiles_and_begins_no_other_picture(
    tmp_path: Path, capsys: CaptureText, number: int, status: int
) -> None:
    inputs = [save_picture(tmp_path / f"{name}.png") for name in "ab"]
    handler = signal.getsignal(number)
    tiles = []

    def on_tile(tile: int) -> None:
        tiles.append(tile)
        if len(tiles) == 2:
            os.kill(os.getpid(), number)

    assert upscale(*inputs, "--json", engine=FakeEngine(tiles=5, on_tile=on_tile)) == status
    assert signal.getsignal(number) is handler
    assert tiles == [1, 2]
    printed = capsys.readouterr()
    told = [json.loads(line)["event"] for line in printed.out.splitlines()]
    assert told == ["started", "tile", "tile", "cancelled"]
    assert "Stopped: 0 of 2 done." in printed.err
    assert names(tmp_path) == ["a.png", "b.png"]


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_second_ctrl_c_does_not_wait_for_the_tile(tmp_path: Path) -> None:
    waited_for = []

    def stubborn(tile: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        waited_for.append(tile)

    source = save_picture(tmp_path / "a.png")
    assert upscale(source, engine=FakeEngine(on_tile=stubborn)) == 130
    assert waited_for == []
    assert names(tmp_path) == ["a.png"]


SLOW_PROGRAM = """
import sys, time
from bimaco_gui.cli import main
from bimaco_gui.services.runner import Runner
from tests.unit.services.fakes import FakeEngine
engine = FakeEngine(tiles=20, on_tile=lambda tile: time.sleep(0.02))
sys.exit(main(make_runner=lambda: Runner(engine.tools)))
"""


def test_a_program_that_reads_no_further_stops_the_work(tmp_path: Path) -> None:
    inputs = [save_picture(tmp_path / f"{name}.png") for name in "ab"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_PROGRAM, "upscale", *map(str, inputs), "--json"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        assert program.wait(30) == 1
        assert program.stderr.read() == ""
    assert names(tmp_path) == ["a.png", "b.png"]


# ---- on a terminal ----


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_a_terminal_shows_how_far_it_is_and_results_still_go_where_they_are_sent(
    tmp_path: Path,
) -> None:
    good, bad, other = tmp_path / "good.png", tmp_path / "bad.png", tmp_path / "other.png"
    save_picture(good)
    bad.touch()
    save_picture(other)
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_PROGRAM, "upscale", str(good), str(bad), str(other)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as running:
        os.close(theirs)
        shown = b""
        # Linux reports the end of a terminal as an error, others as nothing more to read.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 4096):
                shown += part
        os.close(ours)
        assert running.stdout is not None
        printed = running.stdout.read().splitlines()
    assert running.returncode == 1
    screen = shown.decode()
    assert "(1/3) good.png" in screen
    assert "(3/3) other.png" in screen
    assert "%" in screen
    assert "bad.png is no picture" in " ".join(screen.split())
    assert [line.split(" -> ")[0] for line in printed] == [str(good), str(other)]
    assert "\x1b" not in "".join(printed)


# ---- the window ----


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[Path], bool]]:
    """Stands in for the window, and keeps what it was opened with."""
    import types

    calls: list[tuple[list[Path], bool]] = []
    window = types.ModuleType("bimaco_gui.app")

    def run_window(
        paths: list[Path], upscale_at_once: bool = False, new_window: bool = False
    ) -> int:
        calls.append((paths, upscale_at_once))
        return 0

    window.run_window = run_window  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bimaco_gui.app", window)
    monkeypatch.setattr(sys.modules["bimaco_gui"], "app", window, raising=False)
    return calls


@pytest.mark.parametrize(
    ("argv", "photos", "at_once"),
    [
        ([], [], False),
        (["a.png", "b.jpg"], ["a.png", "b.jpg"], False),
        (["open", "a.png", "--upscale"], ["a.png"], True),
        (["a.png", "--upscale"], ["a.png"], True),
        (["./upscale"], ["upscale"], False),
        (["--", "-odd.png"], ["-odd.png"], False),
    ],
)
def test_photos_are_opened_in_the_window(
    opened: list[tuple[list[Path], bool]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    argv: list[str],
    photos: list[str],
    at_once: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 0
    assert opened == [([tmp_path / photo for photo in photos], at_once)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a display")
@pytest.mark.parametrize("argv", [["open", "a.png", "--upscale"], ["a.png"], []])
def test_without_a_display_the_window_is_refused_in_one_sentence(
    opened: list[tuple[list[Path], bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: CaptureText,
    argv: list[str],
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert "no display" in printed.err
    assert opened == []


# ---- what is there ----


def test_models_are_listed_for_people_and_for_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: CaptureText
) -> None:
    path = Path("models/photo.safetensors")
    summary = ModelSummary("photo", "Photo x4", path, "Apache-2.0", 947_352, 3_800_000, 0.95)
    monkeypatch.setattr(models, "list_models", lambda: [summary])
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    for fact in ("photo: Photo x4", "0.9 MB", "3.8 million", "95%", "Apache-2.0", str(path)):
        assert fact in listed
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(path)


def test_no_model_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: CaptureText) -> None:
    monkeypatch.setattr(models, "list_models", list)
    assert main(["models"]) == 1
    assert "No model is installed." in capsys.readouterr().err


def program(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bimaco_gui", *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_and_version_are_told() -> None:
    version = program("--version")
    assert (version.returncode, version.stdout) == (0, f"bimaco-gui {__version__}\n")
    usage = program("--help")
    assert usage.returncode == 0
    assert all(word in usage.stdout for word in ("upscale", "models", "doctor", "open", "PHOTO"))
    assert "--recursive" in program("upscale", "--help").stdout


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_answer_at_once(argument: str) -> None:
    def seconds() -> float:
        began = os.times()
        program(argument)
        ended = os.times()
        # Of work: other programs may hold the processors for a while.
        return (
            ended.children_user
            + ended.children_system
            - began.children_user
            - began.children_system
        )

    assert min(seconds() for _ in range(5)) < 0.3


def test_the_command_line_brings_neither_torch_nor_qt_with_it() -> None:
    code = (
        "import sys, pkgutil, importlib\n"
        "import bimaco_gui.cli, bimaco_gui.services\n"
        "for module in pkgutil.iter_modules(bimaco_gui.services.__path__):\n"
        "    if module.name not in {'worker', 'mailbox'}:\n"
        "        importlib.import_module(f'bimaco_gui.services.{module.name}')\n"
        "heavy = {'torch', 'PySide6', 'shiboken6', 'rich', 'huggingface_hub'} & set(sys.modules)\n"
        "print(sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_main_py_is_the_same_program(repo: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(repo / "main.py"), "--version"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"bimaco-gui {__version__}\n"
