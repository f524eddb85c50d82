import pytest

from bimaco_gui.errors import UsageError
from bimaco_gui.services.jobs import JobOptions
from bimaco_gui.services.sizes import target_size


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (JobOptions(), (1200, 800)),
        (JobOptions(scale=2.0), (600, 400)),
        (JobOptions(scale=1.0), (300, 200)),
        (JobOptions(scale=2.345), (704, 469)),
        (JobOptions(scale=6.0), (1800, 1200)),
        (JobOptions(longest_side=1000), (1000, 667)),
        (JobOptions(width=900), (900, 600)),
        (JobOptions(height=900), (1350, 900)),
        (JobOptions(width=900, height=700), (900, 700)),
        (JobOptions(scale=2.0, longest_side=300), (300, 200)),
    ],
)
def test_the_size_of_the_result(options: JobOptions, size: tuple[int, int]) -> None:
    assert target_size(options, 300, 200) == size


def test_the_longest_side_is_the_height_of_an_upright_picture() -> None:
    assert target_size(JobOptions(longest_side=1000), 200, 300) == (667, 1000)


@pytest.mark.parametrize(
    "options",
    [JobOptions(longest_side=299), JobOptions(width=100), JobOptions(width=900, height=199)],
)
def test_a_picture_that_is_large_enough_already_is_refused(options: JobOptions) -> None:
    with pytest.raises(UsageError, match="300 × 200 pixels, which is more than"):
        target_size(options, 300, 200)


def test_nothing_is_blown_up_without_end() -> None:
    with pytest.raises(UsageError, match="more than 16 times"):
        target_size(JobOptions(longest_side=10_000), 300, 200)
