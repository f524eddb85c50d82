"""How quick the window is: by the clock where the machine is at rest, and by its own work always.

What other programs take of the processors is measured and taken off. ``python -m
tests.benchmarks.window`` prints the same figures.
"""

import pytest

from tests.benchmarks.window import PHOTOS, Preview, Start, batch_gaps, first_preview, start_up

AT_REST = 0.1
"""Seconds that the program's threads may have waited for a processor: then the clock counts."""


def best(tries: list[Start] | list[Preview]) -> tuple[float, float | None]:
    """The least work, and the least time by the clock of those tries that nothing disturbed."""
    clock = [one.seconds for one in tries if one.waited < AT_REST]
    return min(one.processor_seconds for one in tries), min(clock, default=None)


def test_the_window_is_there_within_a_second_and_without_torch() -> None:
    work, clock = best([start_up() for _ in range(2)])
    assert work < 1.0
    assert clock is None or clock < 1.0


@pytest.mark.slow
def test_from_drop_to_preview_it_takes_less_than_two_seconds() -> None:
    """Work on one core: threads that wait for each other on a busy machine count as work too."""
    work, _ = best([first_preview(threads=1) for _ in range(2)])
    assert work < 2.0
    _, clock = best([first_preview(threads=2)])
    assert clock is None or clock < 2.0


@pytest.mark.slow
def test_a_thousand_photos_never_hold_the_window_up() -> None:
    """Never for 100 ms, by a timer in its event loop, is it busy or does it wait for a thread."""
    gaps = batch_gaps(PHOTOS)
    assert gaps.jobs_done == PHOTOS
    assert gaps.worst_busy < 0.1
    assert gaps.worst_own < 0.1
