"""The race: real processes that run in turn, and one that dies on the way."""

import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from bimaco_gui.engine.bench import race as races
from bimaco_gui.engine.bench.race import Contestant, Timing, race

SERVE = """
    import os, sys, time
    import numpy as np
    from bimaco_gui.engine.bench.race import serve

    def run():
        with open(sys.argv[1], "a") as log:
            log.write(os.environ["LETTER"])
        {body}

    print("a library says hello", flush=True)
    serve(run, "note of " + os.environ["LETTER"])
"""


@pytest.fixture(autouse=True)
def short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "_REST", 0.01)


def contestant(letter: str, log: Path, repo: Path, body: str = "pass") -> Contestant:
    """A process that writes its letter into ``log`` at every run."""
    program = textwrap.dedent(SERVE).format(body=body)
    return Contestant(
        f"contestant {letter}",
        [sys.executable, "-c", program, str(log)],
        {"LETTER": letter, "PYTHONPATH": str(repo)},
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_warm_up_and_then_run_in_turn(repo: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    timings = race([contestant(letter, log, repo) for letter in "ABC"], runs=3)
    assert log.read_text() == "ABC" + "ABC" * 3
    assert [timing.name for timing in timings] == [f"contestant {letter}" for letter in "ABC"]
    assert [timing.note for timing in timings] == [f"note of {letter}" for letter in "ABC"]
    assert [len(timing.seconds) for timing in timings] == [3, 3, 3]


def test_seconds_are_those_of_the_run(repo: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    fast, slow = race(
        [contestant("A", log, repo), contestant("B", log, repo, "time.sleep(0.2)")], runs=2
    )
    assert min(fast.seconds) < 0.2 <= min(slow.seconds)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is not told")
def test_each_has_a_peak_memory_of_its_own(repo: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    small, large = race(
        [contestant("A", log, repo), contestant("B", log, repo, "np.ones(25_000_000)")], runs=1
    )
    assert small.peak_bytes is not None
    assert large.peak_bytes is not None
    assert large.peak_bytes - small.peak_bytes == pytest.approx(200e6, rel=0.1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("sys.exit(3)", 3),
        ("raise RuntimeError('broken')", 1),
        ("sys.exit(4) if len(open(sys.argv[1]).read()) > 4 else None", 4),
    ],
    ids=["at the start", "by an error", "in the second turn"],
)
def test_one_that_dies_is_named_and_the_others_are_ended(
    repo: Path, tmp_path: Path, body: str, status: int
) -> None:
    log, pid = tmp_path / "log", tmp_path / "pid"
    good = contestant("A", log, repo, f"open({str(pid)!r}, 'w').write(str(os.getpid()))")
    with pytest.raises(RuntimeError, match=f"contestant B ended early with status {status}"):
        race([good, contestant("B", log, repo, body)], runs=3)
    assert not alive(int(pid.read_text()))


def test_one_that_dies_between_its_turns_is_named(repo: Path, tmp_path: Path) -> None:
    """It answers its first turn and is gone before its second is asked for."""
    log = tmp_path / "log"
    body = "__import__('threading').Timer(0.1, os._exit, [7]).start() if LATE() else None"
    late = "(lambda: len(open(sys.argv[1]).read()) >= 4)"
    dying = contestant("B", log, repo, body.replace("LATE", late))
    with pytest.raises(RuntimeError, match="contestant B ended early with status 7"):
        race([contestant("A", log, repo, "time.sleep(0.4)"), dying], runs=3)


def test_a_command_that_does_not_exist_ends_the_others(repo: Path, tmp_path: Path) -> None:
    log, pid = tmp_path / "log", tmp_path / "pid"
    good = contestant("A", log, repo, f"open({str(pid)!r}, 'w').write(str(os.getpid()))")
    with pytest.raises(FileNotFoundError):
        race([good, Contestant("none", [str(tmp_path / "none")], {})], runs=1)
    assert not alive(int(pid.read_text()))


def test_median_and_spread() -> None:
    timing = Timing("a", (3.0, 1.0, 10.0, 2.0), None, "")
    assert timing.median == 2.5
    assert timing.spread == (1.0, 10.0)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is not told")
def test_peak_memory_keeps_what_was_given_back() -> None:
    before = races.peak_memory()
    block = bytearray(300_000_000)
    block[::4096] = bytes([1]) * len(block[::4096])
    del block
    time.sleep(0)
    after = races.peak_memory()
    assert before is not None
    assert after is not None
    assert after >= 300_000_000
    assert after >= before
