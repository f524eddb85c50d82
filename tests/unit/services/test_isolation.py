"""The engine in a process of its own: the real process, with a card that is made up."""

import contextlib
import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from PIL import Image

from bimaco_gui.engine import Picture, Progress, UpscaleOptions, Upscaler
from bimaco_gui.engine.preview import PicturePreview, Window
from bimaco_gui.errors import AppError, Cancelled, DeviceError, ModelError, PlaceError, UpscaleError
from bimaco_gui.services.doctor import report_apart
from bimaco_gui.services.engine_tools import engine_tools
from bimaco_gui.services.engine_tools import load_here as really_load_here
from bimaco_gui.services.events import CancelledEvent, Done, Event
from bimaco_gui.services.isolation.choice import Isolation, has_gpu_driver, preview_of
from bimaco_gui.services.isolation.process import COMMAND, REAL_ENGINE
from bimaco_gui.services.isolation.upscaler import LOST_NOTE, IsolatedUpscaler
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.runner import Runner
from tests.stand_in_gpu import (
    TILES,
    RepeatingModel,
    is_running,
    isolation,
    load_here,
    wait_until,
)
from tests.unit.engine.test_upscale import photo

REPO = Path(__file__).resolve().parents[3]
OPTIONS = UpscaleOptions(tile=32)
PICTURE = Picture(photo(70, 90))
NEVER = threading.Event()

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


@pytest.fixture
def made() -> Iterator[Callable[..., Isolation]]:
    """Makes isolations, and ends their processes."""
    known: list[Isolation] = []

    def make(*arguments: Any, **named: Any) -> Isolation:
        known.append(isolation(*arguments, **named))
        return known[-1]

    yield make
    for one in known:
        one.close()


@pytest.fixture
def apart(made: Callable[..., Isolation]) -> Isolation:
    return made()


@pytest.fixture(scope="module")
def networks() -> Iterator[Isolation]:
    """One process for all tests with real networks, for torch takes long to load."""
    one = isolation()
    yield one
    assert not one.process.was_lost
    one.close()


def upscaler(apart: Isolation, model: str = "photo", device: str = "auto") -> IsolatedUpscaler:
    loaded = apart.load(model, device)
    assert isinstance(loaded, IsolatedUpscaler)
    return loaded


def pid(apart: Isolation) -> int:
    running = apart.process.pid
    assert running is not None
    return running


def expected(picture: Picture = PICTURE) -> np.ndarray:
    return load_here("photo", "cpu").upscale(picture, OPTIONS).pixels


def is_here(loaded: object) -> bool:
    """Whether a model is in this process, so that no other one is needed."""
    return isinstance(loaded, RepeatingModel)


def threads_of(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/task").iterdir())


def shared_blocks(process: int) -> int:
    """How much memory that processes share for pictures this one has open."""
    found = 0
    for link in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            found += "bimaco-picture" in str(link.readlink())
    return found


def set_once(condition: Callable[[], bool]) -> threading.Event:
    """An event that is set by itself as soon as the condition holds."""
    event = threading.Event()

    def watch() -> None:
        wait_until(condition)
        event.set()

    threading.Thread(target=watch, daemon=True).start()
    return event


# ---- what is the same as in one process ----


@pytest.mark.parametrize(
    ("kind", "with_alpha", "size"),
    [
        (np.uint8, False, None),
        (np.uint8, True, (123, 81)),
        (np.uint16, True, (300, 310)),
    ],
)
def test_the_pixels_are_those_of_one_process(
    networks: Isolation, kind: type, with_alpha: bool, size: tuple[int, int] | None
) -> None:
    pixels = (photo(40, 52).astype(np.uint32) * (257 if kind is np.uint16 else 1)).astype(kind)
    alpha = pixels[:, :, 1].copy() if with_alpha else None
    picture = Picture(pixels, alpha, exif=b"Exif\0\0", dpi=(72, 72), notes=("Once said.",))
    options = UpscaleOptions(tile=24, seed=3, size=size)
    ours, theirs = (
        one.upscale(picture, options)
        for one in (load_here("network", "cpu"), upscaler(networks, "network"))
    )
    assert ours.pixels.dtype == theirs.pixels.dtype == kind
    assert np.array_equal(ours.pixels, theirs.pixels)
    assert (ours.alpha is None) == (theirs.alpha is None) == (not with_alpha)
    if with_alpha:
        assert np.array_equal(ours.alpha, theirs.alpha)
    rest = ("icc_profile", "exif", "dpi", "grey", "xmp", "iptc", "notes")
    assert [getattr(theirs, name) for name in rest] == [getattr(ours, name) for name in rest]


def test_a_grey_picture_stays_grey(networks: Isolation) -> None:
    grey = np.ascontiguousarray(photo(24, 24)[:, :, :1].repeat(3, axis=2))
    picture, options = Picture(grey, grey=True), UpscaleOptions()
    result = upscaler(networks, "network").upscale(picture, options)
    ours = load_here("network", "cpu").upscale(picture, options)
    assert result.grey
    assert np.array_equal(result.pixels, ours.pixels)


def test_parts_are_those_of_one_process(networks: Isolation) -> None:
    loaded, local = upscaler(networks, "network"), load_here("network", "cpu")
    picture = Picture(photo(40, 60))
    for seed in (0, 1):
        ours, theirs = (preview_of(one, picture, seed) for one in (local, loaded))
        assert isinstance(ours, PicturePreview)
        for window, size, fidelity in (
            (Window(5, 7, 12, 10), None, 1.0),
            (Window(40, 20, 13, 10), (150, 130), 0.4),
        ):
            options = UpscaleOptions(size=size)
            a, b = (one.part(window, options, fidelity) for one in (ours, theirs))
            assert np.array_equal(a.pixels, b.pixels)


def test_cancel_stops_between_layers_and_the_process_lives_on(networks: Isolation) -> None:
    loaded, cancel = upscaler(networks, "slow"), threading.Event()
    with pytest.raises(Cancelled):
        loaded.upscale(PICTURE, OPTIONS, lambda _: cancel.set(), cancel)
    assert upscaler(networks, "network").upscale(PICTURE, OPTIONS).notes == ()


def test_memory_that_runs_out_halves_tiles_there(networks: Isolation) -> None:
    loaded = upscaler(networks, "hungry")
    large, small = (loaded.upscale(PICTURE, UpscaleOptions(tile=tile)) for tile in (96, 32))
    assert np.array_equal(large.pixels, small.pixels)


@linux
def test_a_card_that_fails_without_a_crash_is_told_of_as_well(apart: Isolation) -> None:
    kept = [upscaler(apart)]
    process = pid(apart)
    loaded = upscaler(apart, "falls back")
    result = loaded.upscale(PICTURE, OPTIONS)
    assert result.notes == (LOST_NOTE,)
    assert np.array_equal(result.pixels, expected())
    assert loaded.upscale(PICTURE, OPTIONS).notes == ()
    # Nobody else is disturbed, but nobody begins there any more.
    assert is_running(process)
    assert is_here(apart.load("photo", "auto"))
    kept.append(upscaler(apart, device="cuda"))
    assert pid(apart) != process
    kept.clear()
    wait_until(lambda: not is_running(process))


def test_a_failure_on_every_device_reads_the_same(networks: Isolation) -> None:
    errors = []
    for loaded in (load_here("fails", "cpu"), upscaler(networks, "fails")):
        with pytest.raises(DeviceError) as told:
            loaded.upscale(PICTURE, OPTIONS)
        errors.append((told.value.title, told.value.message))
    assert errors[0] == errors[1]


def test_the_real_engine_names_its_reasons_across_the_border() -> None:
    real = Isolation(load_here, may_be_gpu=lambda device: True)
    try:
        with pytest.raises(ModelError, match="nothing-like-this"):
            real.load("nothing-like-this", "auto")
        with pytest.raises(DeviceError, match="There is no device called “tpu”"):
            real.load(None, "tpu")
        assert not real.process.was_lost
    finally:
        real.close()


# ---- calls ----


def test_the_result_outlives_the_process(apart: Isolation) -> None:
    result = upscaler(apart).upscale(PICTURE, OPTIONS)
    apart.close()
    assert np.array_equal(result.pixels, expected())
    result.pixels[...] = 7  # as the fidelity control does


def test_progress_crosses_and_the_work_waits_for_whoever_listens(
    apart: Isolation, tmp_path: Path
) -> None:
    tiles, told = tmp_path / "tiles", []

    def listen(progress: Progress) -> None:
        told.append(progress)
        time.sleep(0.1)
        assert len(tiles.read_text().splitlines()) == len(told)

    upscaler(apart, f"photo:{tiles}").upscale(PICTURE, OPTIONS, listen)
    ours: list[Progress] = []
    load_here("photo", "cpu").upscale(PICTURE, OPTIONS, ours.append)
    assert told == ours


def test_who_listens_may_fail(apart: Isolation) -> None:
    loaded = upscaler(apart)
    process = pid(apart)

    def unplugged(progress: Progress) -> None:
        raise PlaceError("The folder is gone", "There is no folder “/media/disk”.")

    with pytest.raises(PlaceError, match="no folder “/media/disk”"):
        loaded.upscale(PICTURE, OPTIONS, unplugged)
    assert loaded.upscale(PICTURE, OPTIONS).notes == ()
    assert pid(apart) == process


def test_a_cancel_before_the_start_does_nothing(apart: Isolation) -> None:
    loaded, cancel = upscaler(apart), threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        loaded.upscale(PICTURE, OPTIONS, None, cancel)
    with pytest.raises(Cancelled):
        apart.load("photo", "auto", cancel)
    assert not apart.process.was_lost


@pytest.mark.parametrize(
    ("model", "device", "kind", "words"),
    [
        ("missing", "auto", ModelError, "There is no model called “missing”."),
        ("photo", "cuda:7", DeviceError, "There is no GPU 7: there are 1."),
    ],
)
def test_what_cannot_be_loaded_is_told_as_in_one_process(
    apart: Isolation, model: str, device: str, kind: type[AppError], words: str
) -> None:
    with pytest.raises(kind) as told:
        apart.load(model, device)
    assert told.value.message == words
    assert not apart.process.was_lost


def test_what_nobody_foresaw_is_an_error_and_not_the_end(apart: Isolation) -> None:
    with pytest.raises(ZeroDivisionError, match="nobody foresaw this") as told:
        upscaler(apart, "unforeseen").upscale(PICTURE, OPTIONS)
    assert "raise_unforeseen" in "".join(told.value.__notes__), "the log has where it was"
    with pytest.raises(RuntimeError, match="SystemExit"):
        upscaler(apart, "leaves").upscale(PICTURE, OPTIONS)
    assert upscaler(apart).upscale(PICTURE, OPTIONS).notes == ()
    assert not apart.process.was_lost


def test_errors_cross_whole() -> None:
    for error in (UpscaleError("Title", "A sentence."), PlaceError("Gone", "It is gone.")):
        crossed = pickle.loads(pickle.dumps(error))
        assert type(crossed) is type(error)
        assert (crossed.title, crossed.message) == (error.title, error.message)
        assert str(crossed) == str(error)


# ---- processes ----


def test_on_the_processor_there_is_no_other_process(apart: Isolation) -> None:
    assert is_here(apart.load("photo", "cpu"))
    assert apart.process.pid is None


def test_the_app_itself_asks_no_driver(
    made: Callable[..., Isolation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise AssertionError("a driver was asked in the app's own process")

    for name in ("is_available", "device_count", "get_device_name", "mem_get_info", "_lazy_init"):
        monkeypatch.setattr(torch.cuda, name, crash)
    apart = Isolation(really_load_here, made().process, lambda device: device != "cpu")
    picture = Picture(photo(16, 16))
    assert apart.gpu_names(NEVER) == ["Stand-in 2000"]
    assert upscaler(apart).upscale(picture, OPTIONS).notes == ()
    lost = IsolatedUpscaler(apart.process, "crashes", "auto", lambda: really_load_here(None, "cpu"))
    assert lost.upscale(picture, OPTIONS).notes == (LOST_NOTE,)
    assert isinstance(apart.load(None, "auto"), Upscaler)


@pytest.mark.skipif(has_gpu_driver(), reason="here is a driver")
def test_without_a_driver_there_is_no_other_process() -> None:
    one = Isolation(load_here)
    assert is_here(one.load("photo", "auto"))
    assert one.gpu_names(NEVER) == []
    assert one.process.pid is None


def test_a_driver_without_a_card_is_asked_once(apart: Isolation) -> None:
    assert is_here(apart.load("without a card", "auto"))
    assert is_here(apart.load("photo", "auto")), "not asked again"
    assert apart.process.pid is None


def test_all_share_one_process(apart: Isolation) -> None:
    several = [upscaler(apart) for _ in range(3)]
    pictures = [Picture(photo(50 + 10 * i, 60)) for i in range(3)]
    process = pid(apart)
    assert apart.gpu_names(NEVER) == ["Stand-in 2000"]
    results: dict[int, Picture] = {}

    def make(i: int) -> None:
        results[i] = several[i].upscale(pictures[i], OPTIONS)

    threads = [threading.Thread(target=make, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(3):
        assert np.array_equal(results[i].pixels, expected(pictures[i]))
    assert pid(apart) == process


@linux
def test_a_model_that_is_dropped_is_dropped_there(apart: Isolation) -> None:
    first = upscaler(apart)
    process = pid(apart)
    before = threads_of(process)
    more = [upscaler(apart) for _ in range(3)]
    assert threads_of(process) == before + 3
    more.clear()
    wait_until(lambda: threads_of(process) == before)
    assert first.upscale(PICTURE, OPTIONS).notes == ()


@linux
def test_pixels_are_given_back_in_both_processes(apart: Isolation) -> None:
    loaded = upscaler(apart)
    gc.collect()
    before = shared_blocks(os.getpid())
    results = [loaded.upscale(PICTURE, OPTIONS) for _ in range(3)]
    assert shared_blocks(os.getpid()) == before + 3
    wait_until(lambda: shared_blocks(pid(apart)) == 0)
    results.clear()
    assert shared_blocks(os.getpid()) == before


@linux
def test_what_is_loaded_for_somebody_who_left_is_dropped_there(apart: Isolation) -> None:
    first = upscaler(apart)
    process = pid(apart)
    before = threads_of(process)
    nobody = threading.Event()
    nobody.set()
    with pytest.raises(Cancelled):
        apart.load("photo", "auto", nobody)
    with pytest.raises(Cancelled):
        apart.gpu_names(nobody)
    # Answers come in the order of the calls' arrival at the latest: both threads have begun.
    assert first.upscale(PICTURE, OPTIONS).notes == ()
    wait_until(lambda: threads_of(process) == before)


@linux
def test_closing_ends_the_process_and_using_it_starts_another(apart: Isolation) -> None:
    loaded = upscaler(apart)
    process = pid(apart)
    apart.close()
    assert not is_running(process)
    assert not apart.process.was_lost
    assert loaded.upscale(PICTURE, OPTIONS).notes == ()
    assert pid(apart) != process


@linux
def test_the_process_gives_way_and_hears_no_control_c(apart: Isolation) -> None:
    loaded = upscaler(apart)
    process = pid(apart)
    assert os.getpriority(os.PRIO_PROCESS, process) >= 5
    assert os.getsid(process) == process, "a terminal's keys do not reach it"
    os.kill(process, signal.SIGINT)
    assert loaded.upscale(PICTURE, OPTIONS).notes == ()
    assert pid(apart) == process


def test_what_it_logs_is_in_our_log_and_what_it_prints_harms_nothing(
    apart: Isolation, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "bimaco_gui"):
        result = upscaler(apart, "talks").upscale(PICTURE, OPTIONS)
    assert caplog.messages == [f"a line for the log {pid(apart)}"]
    assert np.array_equal(result.pixels, expected())


def test_it_opens_no_socket(made: Callable[..., Isolation]) -> None:
    watched = made("tests.stand_in_gpu:WatchedEngine")
    assert upscaler(watched).upscale(PICTURE, OPTIONS).notes == ()
    assert not watched.process.was_lost
    upscaler(watched, "socket").upscale(PICTURE, OPTIONS)
    assert watched.process.was_lost, "the watch would notice"


APP = """
import sys
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import read_picture
from pathlib import Path
from tests.stand_in_gpu import isolation
one = isolation()
loaded = one.load(sys.argv[1], "auto")
print(one.process.pid, flush=True)
loaded.upscale(read_picture(Path(sys.argv[2])), UpscaleOptions())
"""


def test_it_starts_in_a_folder_with_files_named_like_modules(
    apart: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logging.py").write_text("raise SystemExit('a photo folder may hold anything')")
    monkeypatch.chdir(tmp_path)
    assert upscaler(apart).upscale(PICTURE, OPTIONS).notes == ()
    assert not apart.process.was_lost


def test_memory_that_cannot_be_shared_is_made_good(
    apart: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = upscaler(apart)

    def closed(*_: object) -> None:
        raise PermissionError("not here")

    with monkeypatch.context() as patch:
        patch.setattr("bimaco_gui.services.isolation.shared_arrays._memory_of_other", closed)
        result = loaded.upscale(PICTURE, OPTIONS)
    assert result.notes == (LOST_NOTE,)
    assert np.array_equal(result.pixels, expected())


def test_the_other_end_leaves_when_there_is_nobody_to_listen_to(repo: Path) -> None:
    command = [sys.executable, str(repo / "main.py"), COMMAND, REAL_ENGINE]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@linux
@pytest.mark.parametrize("model", ["hangs", "hangs hard"])
def test_when_the_app_is_killed_no_process_is_left(model: str, tmp_path: Path) -> None:
    tiles = tmp_path / "tiles"
    command = [sys.executable, "-c", APP, f"{model}:{tiles}", str(saved(tmp_path, "a.png"))]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        process = int(app.stdout.readline())
        wait_until(lambda: tiles.exists() and "tile 2" in tiles.read_text())
        assert is_running(process)
        app.kill()
    wait_until(lambda: not is_running(process))


# ---- processes that are lost ----


@pytest.mark.parametrize(
    ("model", "how"),
    [("crashes", "SIGSEGV"), ("is killed", "SIGKILL"), ("exits", "status 3")],
)
def test_a_crash_in_a_tile_is_made_good_by_the_processor(
    apart: Isolation, caplog: pytest.LogCaptureFixture, model: str, how: str
) -> None:
    steps: list[Progress] = []
    loaded = upscaler(apart, model)
    result = loaded.upscale(PICTURE, OPTIONS, steps.append)
    assert np.array_equal(result.pixels, expected())
    assert result.notes == (LOST_NOTE,)
    assert how in caplog.text
    done = [step.tiles_done for step in steps]
    assert done == sorted(done) and done[-1] == steps[-1].tiles_total
    assert len({step.tiles_total for step in steps}) == 1
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    # It is told once, and nobody starts a process for the same again.
    assert loaded.upscale(PICTURE, OPTIONS).notes == ()
    assert is_here(apart.load("photo", "auto"))
    assert apart.process.pid is None


class InSmallTiles(RepeatingModel):
    """What the processor does in twenty tiles."""

    def upscale(
        self,
        picture: Picture,
        options: UpscaleOptions,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Picture:
        for tile in range(1, 21):
            if progress is not None:
                progress(Progress(tile, 20, 0.1, 0.1, tile / 20))
        return super().upscale(picture, options)


def test_after_a_crash_other_tiles_count_as_those_that_were_told_of(apart: Isolation) -> None:
    steps: list[Progress] = []
    loaded = IsolatedUpscaler(
        apart.process, "crashes", "auto", lambda: cast(Upscaler, InSmallTiles("photo"))
    )
    loaded.upscale(PICTURE, OPTIONS, steps.append)
    assert {step.tiles_total for step in steps} == {TILES}
    done = [step.tiles_done for step in steps]
    assert done == sorted(done) and done[-1] == TILES


def test_the_log_has_where_it_crashed(apart: Isolation, caplog: pytest.LogCaptureFixture) -> None:
    upscaler(apart, "crashes").upscale(PICTURE, OPTIONS)
    wait_until(lambda: "last words" in caplog.text)
    assert "in crash" in caplog.text


def test_a_card_that_is_asked_for_by_name_is_tried_again(apart: Isolation) -> None:
    assert upscaler(apart, "crashes").upscale(PICTURE, OPTIONS).notes == (LOST_NOTE,)
    assert upscaler(apart, device="cuda").upscale(PICTURE, OPTIONS).notes == ()
    assert apart.process.pid is not None, "the card computed"
    assert is_here(apart.load("photo", "auto")), "still not by itself"


def test_others_of_the_same_process_go_on_as_well(apart: Isolation) -> None:
    by_itself, by_name = upscaler(apart), upscaler(apart, device="cuda")
    upscaler(apart, "crashes").upscale(PICTURE, OPTIONS)
    result = by_itself.upscale(PICTURE, OPTIONS)
    assert result.notes == (LOST_NOTE,)
    assert np.array_equal(result.pixels, expected())
    assert apart.process.pid is None
    assert by_name.upscale(PICTURE, OPTIONS).notes == ()
    assert apart.process.pid is not None


def test_a_process_that_dies_at_rest_is_noticed(apart: Isolation) -> None:
    loaded = upscaler(apart)
    os.kill(pid(apart), signal.SIGTERM)
    wait_until(lambda: apart.process.was_lost)
    assert loaded.upscale(PICTURE, OPTIONS).notes == (LOST_NOTE,)


def test_a_preview_outlives_its_process(apart: Isolation) -> None:
    theirs = preview_of(upscaler(apart, "network"), PICTURE, 0)
    ours = preview_of(load_here("network", "cpu"), PICTURE, 0)
    for left in (0, 50):
        window = Window(left, 7, 9, 12)
        a, b = (one.part(window, OPTIONS, 1.0) for one in (ours, theirs))
        assert np.array_equal(a.pixels, b.pixels)
        if apart.process.pid is not None:
            os.kill(pid(apart), signal.SIGKILL)
    assert apart.process.was_lost


@pytest.mark.parametrize(
    ("model", "device"), [("crashes while it loads", "auto"), ("does not fit", "cuda")]
)
def test_a_card_that_takes_no_model_is_replaced(apart: Isolation, model: str, device: str) -> None:
    result = apart.load(model, device).upscale(PICTURE, OPTIONS)
    assert result.notes == (LOST_NOTE,)
    assert np.array_equal(result.pixels, expected())
    assert apart.process.pid is None


def test_a_process_that_cannot_even_start_is_made_good(made: Callable[..., Isolation]) -> None:
    unfit = made("tests.stand_in_gpu:NoSuchEngine")
    assert unfit.load("photo", "cuda").upscale(PICTURE, OPTIONS).notes == (LOST_NOTE,)


def test_cards_whose_driver_crashes_are_not_listed(made: Callable[..., Isolation]) -> None:
    assert made("tests.stand_in_gpu:DeadEngine").gpu_names(NEVER) == []


def test_the_doctor_outlives_what_it_looks_at(made: Callable[..., Isolation]) -> None:
    facts = dict(report_apart(NEVER, made().process))
    assert facts["Devices"] == "cpu, Stand-in 2000"
    dead = made("tests.stand_in_gpu:DeadEngine")
    facts = dict(report_apart(NEVER, dead.process))
    assert "SIGSEGV" in facts["Engine"]
    assert facts["BiMaCo"] and facts["Log"]
    assert dead.process.pid is None


# ---- processes that hang ----


@linux
@pytest.mark.parametrize("model", ["hangs", "hangs hard"])
def test_cancel_ends_a_process_that_hangs(
    made: Callable[..., Isolation], tmp_path: Path, model: str
) -> None:
    apart, tiles = made(grace_seconds=0.5), tmp_path / "tiles"
    loaded = upscaler(apart, f"{model}:{tiles}")
    process = pid(apart)
    cancel = set_once(lambda: tiles.exists() and "tile 2" in tiles.read_text())
    with pytest.raises(Cancelled):
        loaded.upscale(PICTURE, OPTIONS, None, cancel)
    wait_until(lambda: not is_running(process))
    # It may only have been slow: the card is used again.
    assert upscaler(apart).upscale(PICTURE, OPTIONS).notes == ()


@linux
def test_what_is_ended_for_another_s_sake_is_begun_again(
    made: Callable[..., Isolation], tmp_path: Path
) -> None:
    apart, hung = made(grace_seconds=0.5), tmp_path / "hung"
    hangs, works = upscaler(apart, f"hangs:{hung}"), upscaler(apart)
    process = pid(apart)
    stopped: list[threading.Event] = []
    steps: list[Progress] = []

    def cancel_the_other(progress: Progress) -> None:
        """While this one is in the middle of its work."""
        steps.append(progress)
        if len(steps) == 3:
            cancel = set_once(lambda: hung.exists() and "tile 2" in hung.read_text())
            with pytest.raises(Cancelled):
                hangs.upscale(PICTURE, OPTIONS, None, cancel)
            stopped.append(cancel)

    result = works.upscale(PICTURE, OPTIONS, cancel_the_other)
    assert len(stopped) == 1
    assert pid(apart) != process
    assert result.notes == ()
    assert np.array_equal(result.pixels, expected())
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions) and fractions[-1] == 1


@linux
def test_a_process_that_says_nothing_for_too_long_is_replaced(
    apart: Isolation, caplog: pytest.LogCaptureFixture
) -> None:
    loaded = upscaler(apart, "hangs")
    process = pid(apart)
    apart.process.silence_seconds = 1.0
    result = loaded.upscale(PICTURE, OPTIONS)
    assert result.notes == (LOST_NOTE,)
    assert np.array_equal(result.pixels, expected())
    assert "did not answer" in caplog.text
    wait_until(lambda: not is_running(process))


def test_loading_that_hangs_is_left_to_itself_at_cancel(apart: Isolation) -> None:
    other = upscaler(apart)
    cancel = set_once(lambda: True)
    with pytest.raises(Cancelled):
        apart.load("hangs while it loads", "auto", cancel)
    assert other.upscale(PICTURE, OPTIONS).notes == ()


# ---- jobs ----


def saved(folder: Path, name: str) -> Path:
    path = folder / name
    Image.fromarray(PICTURE.pixels).save(path)
    return path


def test_a_job_is_done_with_a_note_and_the_next_one_goes_to_the_processor(
    apart: Isolation, tmp_path: Path
) -> None:
    runner = Runner(lambda: engine_tools(apart))
    ends: list[Event] = []
    for name in ("a.png", "b.png"):
        events: list[Event] = []
        job = Job(saved(tmp_path, name), options=JobOptions(model="crashes"))
        runner.run_job(job, events.append, NEVER)
        ends.append(events[-1])
    first, second = ends
    assert isinstance(first, Done) and isinstance(second, Done), ends
    assert first.notes == (LOST_NOTE,)
    assert second.notes == ()
    assert apart.process.pid is None


def test_what_happened_before_the_first_job_is_told_with_it(
    made: Callable[..., Isolation], tmp_path: Path
) -> None:
    unfit = made("tests.stand_in_gpu:NoSuchEngine")
    runner, measuring = (Runner(lambda: engine_tools(unfit)) for _ in range(2))
    # As the window does when it is opened; nobody sees that result.
    measuring.measure(JobOptions(), NEVER, side=16)
    ends: list[Event] = []
    for name in ("a.png", "b.png"):
        runner.run_job(Job(saved(tmp_path, name)), ends.append, NEVER)
    done = [end for end in ends if isinstance(end, Done)]
    assert [end.notes for end in done] == [(LOST_NOTE,), ()], ends


def test_a_job_that_hangs_is_cancelled(made: Callable[..., Isolation], tmp_path: Path) -> None:
    apart, tiles = made(grace_seconds=0.5), tmp_path / "tiles"
    runner = Runner(lambda: engine_tools(apart))
    events: list[Event] = []
    cancel = set_once(lambda: tiles.exists() and "tile 2" in tiles.read_text())
    options = JobOptions(model=f"hangs:{tiles}")
    runner.run_job(Job(saved(tmp_path, "a.png"), options=options), events.append, cancel)
    assert isinstance(events[-1], CancelledEvent), events
