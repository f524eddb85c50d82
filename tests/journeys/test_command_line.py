"""The real program, as people and scripts call it, on real good and bad files."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

CHECKOUT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 32, 24
LONGEST_SECONDS = 120

# What the message for people must say of each bad file.
BAD_FILES = {
    "empty.png": "empty",
    "cut.jpg": "",
    "cut.png": "",
    "zero.png": "",
    "bomb.png": "",
    "text.jpg": "",
    "missing.png": "",
    "circle.png": "",
}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "bimaco_gui", *(str(argument) for argument in arguments)]


def program(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )


def upscale(*arguments: object) -> subprocess.CompletedProcess[str]:
    return program("upscale", *arguments, "--threads", 2)


def photo(path: Path, width: int = WIDTH, height: int = HEIGHT) -> Path:
    """A picture with slopes and an edge, so that no part of it is flat."""
    path.parent.mkdir(parents=True, exist_ok=True)
    y, x = np.mgrid[0:height, 0:width]
    red, green = x * 255 // width, y * 255 // height
    blue = np.where(x > width // 2, 220, 30)
    Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8)).save(path)
    return path


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header claims this size, and which holds hardly any pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(16))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def cut_off(path: Path) -> Path:
    photo(path, 64, 48)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def size_of(path: Path) -> tuple[int, int]:
    """The size of a picture that can be decoded to its last row."""
    with Image.open(path) as image:
        image.load()
        return image.size


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# ---- one queue of good and bad files ----


@dataclass(frozen=True)
class Mixed:
    folder: Path
    run: subprocess.CompletedProcess[str]
    inputs: list[Path]

    def of(self, name: str) -> list[dict[str, Any]]:
        return [line for line in records(self.run.stdout) if Path(line["input"]).name == name]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "empty.png").touch()
    cut_off(folder / "cut.jpg")
    cut_off(folder / "cut.png")
    (folder / "zero.png").write_bytes(png_of_size(0, 0))
    (folder / "bomb.png").write_bytes(png_of_size(60_000, 60_000))
    (folder / "text.jpg").write_text("Dear diary, this is no picture.\n" * 20)
    (folder / "circle.png").symlink_to(folder / "circle.png")
    first, last = photo(folder / "first #1 ünï.png"), photo(folder / "last.jpg")
    inputs = [first, *(folder / name for name in BAD_FILES), last]
    return Mixed(folder, upscale(*inputs, "--json"), inputs)


def test_some_failed_is_told_by_the_exit_status(mixed: Mixed) -> None:
    assert mixed.run.returncode == 1, mixed.run.stderr


@pytest.mark.parametrize(
    ("name", "result"),
    [("first #1 ünï.png", "first #1 ünï_x4.png"), ("last.jpg", "last_x4.jpg")],
)
def test_the_good_pictures_are_done(mixed: Mixed, name: str, result: str) -> None:
    assert size_of(mixed.folder / result) == (4 * WIDTH, 4 * HEIGHT)
    started, *tiles, done = mixed.of(name)
    assert started["event"] == "started"
    assert (started["width"], started["height"]) == (WIDTH, HEIGHT)
    assert (started["out_width"], started["out_height"]) == (4 * WIDTH, 4 * HEIGHT)
    assert tiles
    assert {tile["event"] for tile in tiles} == {"tile"}
    assert tiles[-1]["done"] == tiles[-1]["total"]
    assert done["event"] == "done"
    assert Path(done["output"]) == mixed.folder / result
    assert (done["width"], done["height"]) == (4 * WIDTH, 4 * HEIGHT)
    assert done["seconds"] >= tiles[-1]["seconds"] > 0


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_its_reason(mixed: Mixed, name: str) -> None:
    (failed,) = mixed.of(name)
    assert failed["event"] == "failed"
    assert BAD_FILES[name] in failed["message"].lower()
    assert failed["message"].endswith(".")
    assert "unexpected" not in failed["message"]
    named = [line for line in mixed.run.stderr.splitlines() if str(mixed.folder / name) in line]
    assert len(named) == 1
    assert failed["message"] in named[0]
    assert "Traceback" not in mixed.run.stderr


def test_bad_files_have_reasons_of_their_own(mixed: Mixed) -> None:
    reasons = {name: mixed.of(name)[0]["message"] for name in ("empty.png", "zero.png", "bomb.png")}
    reasons["missing.png"] = mixed.of("missing.png")[0]["message"]
    without_names = {message.replace(name, "") for name, message in reasons.items()}
    assert len(without_names) == len(reasons)


def test_nothing_half_written_is_left(mixed: Mixed) -> None:
    there = {path.name for path in mixed.inputs} - {"missing.png"}
    assert files_in(mixed.folder) == there | {"first #1 ünï_x4.png", "last_x4.jpg"}


# ---- where results go ----


def test_pictures_with_one_stem_get_results_of_their_own(tmp_path: Path) -> None:
    inputs = [photo(tmp_path / "in" / name) for name in ("a.png", "a.jpg")]
    out = tmp_path / "out"
    run = upscale(*inputs, "-o", out, "--format", "png", "--scale", 2)
    assert run.returncode == 0, run.stderr
    assert files_in(out) == {"a_x2.png", "a_x2 (2).png"}
    assert {size_of(path) for path in out.iterdir()} == {(2 * WIDTH, 2 * HEIGHT)}
    for source in inputs:
        assert str(source) in run.stdout


def test_an_existing_file_is_replaced_only_on_request(tmp_path: Path) -> None:
    source, wanted = photo(tmp_path / "a.png"), tmp_path / "mine.webp"
    wanted.write_text("precious")
    assert upscale(source, "-o", wanted).returncode == 0
    assert wanted.read_text() == "precious"
    assert size_of(tmp_path / "mine (2).webp") == (4 * WIDTH, 4 * HEIGHT)
    assert upscale(source, "-o", wanted, "--overwrite").returncode == 0
    assert size_of(wanted) == (4 * WIDTH, 4 * HEIGHT)
    assert files_in(tmp_path) == {"a.png", "mine.webp", "mine (2).webp"}


def test_a_place_that_cannot_hold_files_is_named(tmp_path: Path) -> None:
    source, blocked = photo(tmp_path / "a.png"), tmp_path / "file"
    blocked.write_text("no folder")
    run = upscale(source, "-o", blocked / "deep")
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert str(source) in line
    assert str(blocked) in line
    assert files_in(tmp_path) == {"a.png", "file"}


def without_root_s_privilege() -> list[str] | None:
    """What to put before a command so that file permissions bind it; None if nothing helps."""
    if os.name != "posix":
        return None
    if os.geteuid() != 0:
        return []
    prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if shutil.which("setpriv") is None or subprocess.run([*prefix, "true"]).returncode != 0:
        return None
    return prefix


def test_permissions_are_respected_and_named(tmp_path: Path) -> None:
    prefix = without_root_s_privilege()
    if prefix is None:
        pytest.skip("permissions do not bind this user")
    secret, source = photo(tmp_path / "secret.png"), photo(tmp_path / "a.png")
    locked = tmp_path / "locked"
    locked.mkdir()
    secret.chmod(0)
    locked.chmod(0o555)
    try:
        run = subprocess.run(
            [*prefix, *command("upscale", secret, source, "-o", locked)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
        assert run.returncode == 1
        unreadable, unwritable, _summary = run.stderr.splitlines()
        assert str(secret) in unreadable
        assert str(source) in unwritable
        assert str(locked) in unwritable
        assert "unexpected" not in run.stderr
        assert files_in(locked) == set()
    finally:
        locked.chmod(0o755)
        secret.chmod(0o644)


# ---- bad usage ----


def test_one_output_file_for_several_inputs_is_refused(tmp_path: Path) -> None:
    inputs = [photo(tmp_path / "a.png"), photo(tmp_path / "b.png")]
    run = upscale(*inputs, "-o", tmp_path / "c.png")
    assert run.returncode == 2
    assert "name a folder for the results." in run.stderr
    assert files_in(tmp_path) == {"a.png", "b.png"}


def test_an_unknown_model_is_refused_with_what_there_is(tmp_path: Path) -> None:
    run = upscale(photo(tmp_path / "a.png"), "--model", "rembrandt")
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert "rembrandt" in line
    assert "photo" in line
    assert files_in(tmp_path) == {"a.png"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a display")
def test_the_window_is_refused_where_there_is_no_display(tmp_path: Path) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    run = subprocess.run(
        command("open", tmp_path / "a.png", "--upscale"),
        cwd=CHECKOUT,
        env={name: value for name, value in os.environ.items() if name not in names},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


# ---- stopping ----


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal would")
@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_stops_between_tiles_and_leaves_only_whole_results(tmp_path: Path) -> None:
    inputs = [photo(tmp_path / f"{number:02}.png", 64, 48) for number in range(40)]
    with subprocess.Popen(
        command("upscale", *inputs, "--json", "--tile", 16, "--threads", 1),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        said = []
        while "done" not in said or said[-1] != "tile":
            said.append(json.loads(running.stdout.readline())["event"])
        running.send_signal(signal.SIGINT)
        rest, complaint = running.communicate(timeout=LONGEST_SECONDS)
    assert running.returncode == 130
    assert "Traceback" not in complaint
    done = said.count("done") + sum(line["event"] == "done" for line in records(rest))
    results = files_in(tmp_path) - {path.name for path in inputs}
    assert 1 <= len(results) == done < len(inputs)
    assert {size_of(tmp_path / name) for name in results} == {(256, 192)}


# ---- what is there ----


def test_the_bundled_model_is_listed() -> None:
    run = program("models", "--json")
    assert run.returncode == 0, run.stderr
    (bundled,) = (model for model in records(run.stdout) if model["name"] == "photo")
    assert Path(bundled["path"]).stat().st_size == bundled["file_bytes"]
    assert 0 < bundled["one_bit_share"] <= 1


def test_the_doctor_tells_what_is_in_use() -> None:
    run = program("doctor", "--json")
    assert run.returncode == 0, run.stderr
    (facts,) = records(run.stdout)
    told = json.dumps(facts).lower()
    for word in ("torch", "instruction", "device", "photo", "python"):
        assert word in told
    assert "not usable" not in told
