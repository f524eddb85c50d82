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
        {"scale": 0.99},
        {"scale": 16.01},
        {"longest_side": 0},
        {"width": -1},
        {"height": 10**9},
        {"longest_side": 100, "width": 100},
        {"bits": 12},
        {"existing": "ask"},
        {"template": "{nme}"},
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
        {"device": "cuda:"},
        {"device": "cuda:first"},
        {"device": "cpu:1"},
        {"format": "bmp"},
        {"format": "JPEG"},
    ],
)
def test_an_option_out_of_range_is_refused_in_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        JobOptions(**wrong)
    assert refused.value.message.endswith(".")


def test_the_ends_of_the_ranges_are_allowed() -> None:
    JobOptions(scale=1.0, quality=1, threads=1, tile=16, seed=0)
    JobOptions(scale=16.0, quality=100, seed=2**63 - 1, format="tiff", device="cuda:3")


def test_options_come_back_from_storage_as_they_were() -> None:
    options = JobOptions(
        model="portrait",
        device="cpu",
        tile=96,
        threads=2,
        seed=2**62,
        scale=2.5,
        width=300,
        height=200,
        format="avif",
        quality=80,
        fidelity=0.3,
        bits=16,
        existing="skip",
        template="{name}",
        strip_gps=True,
        provenance=False,
    )
    usual = JobOptions()
    for entry in dataclasses.fields(JobOptions):
        if entry.name != "longest_side":
            assert getattr(options, entry.name) != getattr(usual, entry.name), "not tested"
    assert JobOptions.from_json(options.to_json()) == options
    assert JobOptions.from_json('{"longest_side": 9}') == JobOptions(longest_side=9)


def test_options_of_earlier_versions_keep_their_meaning() -> None:
    assert JobOptions.from_json('{"overwrite": true}').existing == "overwrite"
    assert JobOptions.from_json('{"overwrite": false}').existing == "number"


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
