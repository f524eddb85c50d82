"""A thousand photos, some of them broken, in a batch that is killed again and again.

The real command line, queue, reading and writing, in a process of its own that is sent SIGKILL.
In the long test a stand-in for the network repeats pixels, so that results can be checked to the
last one; in the other one the bundled model works.
"""

import io
import json
import os
import random
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bimaco_gui.services.queue import JobQueue
from bimaco_gui.services.queue_events import JobState

REPO = Path(__file__).resolve().parents[2]
PHOTOS = 1000
BROKEN_EVERY = 33
KILLS = 5
MOST_GROWTH_KIB = 12_000

PROGRAM = """
import sys
from dataclasses import replace
from bimaco_gui.cli import main
from bimaco_gui.services.engine_tools import EngineTools
from bimaco_gui.services.runner import Runner

class Repeating:
    def upscale(self, picture, options, progress=None, cancel=None):
        larger = lambda array: array.repeat(4, axis=0).repeat(4, axis=1)
        return replace(picture, pixels=larger(picture.pixels))

def tools():
    from bimaco_gui.engine.pictures import read_picture
    from bimaco_gui.engine.write import check_writable, losses, write_picture
    return EngineTools(
        load=lambda model, device, cancel: Repeating(),
        read=read_picture,
        write=write_picture,
        check_writable=check_writable,
        losses=losses,
        with_bits=lambda picture, bits: picture,
        finished=lambda picture, options, made_by: picture,
        set_threads=lambda count: None,
        with_fidelity=lambda source, result, fidelity, cancel: result,
        sample=None,
        upscale_options=lambda options, size: None,
    )

sys.exit(main(make_runner=lambda: Runner(tools)))
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does"),
]


def content(number: int) -> np.ndarray:
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (6 + number % 7, 8 + number % 5, 3), dtype=np.uint8)


def broken(kind: int, number: int) -> bytes:
    """A file that cannot be used, each kind in a way of its own."""
    buffer = io.BytesIO()
    Image.fromarray(content(number).repeat(8, 0).repeat(8, 1)).save(buffer, "PNG")
    png = buffer.getvalue()
    buffer = io.BytesIO()
    Image.fromarray(content(number).repeat(8, 0).repeat(8, 1)).save(buffer, "JPEG")
    jpeg = buffer.getvalue()
    buffer = io.BytesIO()
    Image.fromarray(np.ones((4, 4), np.float32)).save(buffer, "TIFF")
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    spoilt = bytearray(png)
    spoilt[len(png) // 2] ^= 0xFF
    return (
        b"",
        b"this is no picture, whatever it is called\n",
        png[: len(png) // 2],
        jpeg[: len(jpeg) // 2],
        bytes(spoilt),
        png[:12] + header + png[29:],
        buffer.getvalue(),
        b"\x89PNG\r\n\x1a\n",
        os.urandom(500),
        b"GIF89a" + bytes(20),
    )[kind]


def write_photos(folder: Path) -> Path:
    """Photos in nested folders, some of them broken in different ways; gives the folder."""
    for number in range(PHOTOS):
        path = folder / f"year {number % 4}" / f"müll {number % 9}" / f"photo-{number:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % BROKEN_EVERY == 0:
            path.write_bytes(broken(number // BROKEN_EVERY % 10, number))
        else:
            Image.fromarray(content(number)).save(path)
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", PROGRAM, *map(str, arguments)]


def resident_kib(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def run_and_kill(queue: Path, after: int, delay: random.Random) -> Iterator[dict[str, object]]:
    """Work through the queue until so many are done, then kill it; gives what it told."""
    with subprocess.Popen(
        command("queue", "run", "--file", queue, "--json"),
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        assert program.stdout is not None
        done = 0
        for line in program.stdout:
            if not line.endswith("}\n"):
                break  # cut off by the kill
            event = json.loads(line)
            if event["event"] in ("done", "failed") and sys.platform == "linux" and done < after:
                event["resident"] = resident_kib(program.pid)
            yield event
            done += event["event"] == "done"
            if done == after:
                # Anywhere in the next pictures: reading, writing, between the two names.
                subprocess.run(["sleep", f"{delay.random() * 0.03:.4f}"], check=True)
                program.send_signal(signal.SIGKILL)
                done += 1
        program.wait(60)


def test_each_good_photo_is_done_once_and_each_bad_one_named(tmp_path: Path, photos: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "queue.sqlite3"
    adding = ["queue", "add", photos, "-o", f"{out}/", "--recursive", "--file", file]
    added = subprocess.run(command(*adding), cwd=REPO, capture_output=True, text=True, check=True)
    assert added.stdout == f"{PHOTOS} added\n"

    delay = random.Random(6)
    told: list[dict[str, object]] = []
    for _ in range(KILLS):
        told += run_and_kill(file, PHOTOS // (KILLS + 2), delay)
    last = list(run_and_kill(file, PHOTOS, delay))
    told += last

    bad = {number for number in range(PHOTOS) if number % BROKEN_EVERY == 0}
    with JobQueue(file) as queue:
        assert queue.recover() == []
        items = {int(item.job.input.stem[-4:]): item for item in queue.jobs()}
    assert len(items) == PHOTOS
    assert {number for number, item in items.items() if item.state is JobState.FAILED} == bad
    assert all(items[n].state is JobState.DONE for n in items if n not in bad)
    for number in bad:
        message = items[number].message
        assert message is not None
        assert f"photo-{number:04}.png" in message

    finished = [event["input"] for event in told if event["event"] == "done"]
    assert len(finished) == len(set(finished)), "nothing is done twice"
    assert PHOTOS - len(bad) - len(finished) <= KILLS, "a kill hides the news of one at most"

    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) == PHOTOS - len(bad), "no second results and nothing half-written"
    for number in set(items) - bad:
        relative = items[number].job.input.relative_to(photos)
        result = out / relative.parent / f"{relative.stem}_x4.png"
        assert items[number].result == result
        with Image.open(result) as image:
            expected = content(number).repeat(4, 0).repeat(4, 1)
            assert np.array_equal(np.asarray(image), expected), number

    sizes = [int(str(event["resident"])) for event in last if "resident" in event]
    if sizes:
        early, late = sizes[len(sizes) // 4], max(sizes[len(sizes) // 2 :])
        print(
            f"resident memory: {early} KiB after a quarter, at most {late} KiB in the second half"
        )
        assert late - early < MOST_GROWTH_KIB


def test_the_same_with_the_bundled_model(tmp_path: Path) -> None:
    folder, out, file = tmp_path / "photos", tmp_path / "out", tmp_path / "queue.sqlite3"
    folder.mkdir()
    with Image.open(next((REPO / "resources" / "samples").glob("*.jpg"))) as sample:
        for number in range(9):
            box = (number * 10, number * 5, number * 10 + 48, number * 5 + 40)
            sample.convert("RGB").crop(box).save(folder / f"{number}.png")
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    program = [sys.executable, "-m", "bimaco_gui"]
    adding = ["queue", "add", folder, "-o", f"{out}/", "--file", file, "--device", "cpu"]
    subprocess.run([*program, *map(str, adding)], cwd=REPO, check=True, capture_output=True)
    running = [*program, "queue", "run", "--json", "--file", str(file)]
    for _ in range(2):
        with subprocess.Popen(running, cwd=REPO, stdout=subprocess.PIPE, text=True) as killed:
            assert killed.stdout is not None
            for line in killed.stdout:
                event = json.loads(line)
                if event["event"] == "started" and event["input"].endswith(("2.png", "5.png")):
                    killed.send_signal(signal.SIGKILL)
                    break
    left = subprocess.run(running, cwd=REPO, capture_output=True, text=True)
    assert left.returncode == 1, "the broken one comes last"
    with JobQueue(file) as queue:
        counts = queue.counts()
    assert (counts[JobState.DONE], counts[JobState.FAILED]) == (9, 1)
    assert sorted(path.name for path in out.iterdir()) == [f"{n}_x4.png" for n in range(9)]
    for path in out.iterdir():
        with Image.open(path) as image:
            image.load()
            assert image.size == (192, 160)
