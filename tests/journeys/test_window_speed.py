"""How quick the window is, in processor time, which other programs on the machine do not change.

``python -m tests.benchmarks.window`` prints the same by the clock.
"""

import pytest

from tests.benchmarks.window import batch_gaps, first_preview, start_up


def test_the_window_is_there_within_a_second_and_without_torch() -> None:
    best = min(start_up().processor_seconds for _ in range(2))
    assert best < 1.0


@pytest.mark.slow
def test_from_drop_to_preview_it_takes_less_than_two_seconds() -> None:
    """On one core: threads that wait for each other on a busy machine count as work too."""
    assert first_preview(threads=1).processor_seconds < 2.0


@pytest.mark.slow
def test_a_thousand_photos_never_hold_the_window_up() -> None:
    """The window's own thread never works for 100 ms at a stretch, nor waits for another one."""
    gaps = batch_gaps(photos=1000)
    assert gaps.jobs_done == 1000
    assert gaps.worst_busy < 0.1
    assert gaps.usual < 0.1
