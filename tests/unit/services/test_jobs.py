import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from bimaco_gui.errors import UsageError
from bimaco_gui.services.formats import format_named
from bimaco_gui.services.jobs import Job, JobOptions


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale": 1.0},
        {"scale": 4.01},
        {"scale": math.nan},
        {"scale": math.inf},
        {"scale": -2.0},
        {"fidelity": -0.1},
        {"fidelity": 1.5},
        {"fidelity": math.nan},
        {"quality": 0},
        {"quality": 101},
        {"threads": 0},
        {"tile": 15},
        {"tile": -64},
        {"seed": -1},
        {"seed": 2**63},
        {"device": "tpu"},
        {"format": "bmp"},
        {"format": "JPEG"},
    ],
)
def test_an_option_out_of_range_is_refused_in_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        JobOptions(**wrong)
    assert refused.value.message.endswith(".")


def test_the_ends_of_the_ranges_are_allowed() -> None:
    JobOptions(scale=1.01, quality=1, threads=1, tile=16, seed=0)
    JobOptions(scale=4.0, quality=100, seed=2**63 - 1, format="tiff", device="cuda")


def test_options_come_back_from_storage_as_they_were() -> None:
    options = JobOptions("portrait", "cpu", 96, 2, 2**62, 2.5, "webp", 80, True, 0.3)
    assert JobOptions.from_json(options.to_json()) == options


def test_options_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert JobOptions.from_json('{"scale": 3.0, "sharpness": 7}') == JobOptions(scale=3.0)


def test_a_job_cannot_be_changed_and_has_an_id_of_its_own() -> None:
    one, other = Job(Path("a.png")), Job(Path("a.png"))
    assert one.id != other.id
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.input = Path("b.png")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("said", "meant"), [("JPEG", "jpg"), ("tif", "tiff"), (".PNG", "png"), ("webp", "webp")]
)
def test_a_format_may_be_spelt_either_way(said: str, meant: str) -> None:
    assert format_named(said) == meant
