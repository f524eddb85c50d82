"""Races of real processes that start this program, on the smallest pictures."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bimaco_gui.engine.bench import comparisons, contestants, race
from bimaco_gui.engine.bench.comparisons import RaceOptions, measure_networks, measure_pictures
from bimaco_gui.engine.bench.contestants import Entry, sample
from bimaco_gui.engine.bench.tables import text_of
from bimaco_gui.errors import ModelError, UsageError

COMMAND = [sys.executable, "-m", "bimaco_gui", "bench", "image", "--take-part"]
SMALL = RaceOptions(COMMAND, threads=1, rounds=2, side=64, large=None)


@pytest.fixture(autouse=True)
def short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "_REST", 0.01)


def around(bench: str, measured: dict[str, Any]) -> dict[str, Any]:
    report = {"bench": bench, "version": "0", "date": "2026-01-01", "machine": "a machine"}
    return {**report, "load_average": {"start": 1.0, "end": 2.0}, **measured}


def test_pictures_are_raced_and_the_ratio_is_that_of_the_medians() -> None:
    pytest.importorskip("ncnn")
    only = frozenset({contestants.BUNDLED, contestants.REAL_ESRGAN})
    options = dataclasses.replace(SMALL, only=only, large=(64, 48))
    measured = measure_pictures(options)
    assert json.loads(json.dumps(measured)) == measured
    own, peer = measured["rows"]
    assert (own["key"], peer["key"]) == (contestants.BUNDLED, contestants.REAL_ESRGAN)
    assert own["megapixels"] == peer["megapixels"] == 0.256**2
    assert own["computed_by"].startswith(("native", "torch"))
    assert peer["computed_by"] == "ncnn"
    for row in (own, peer):
        assert 0 < row["fastest_s"] <= row["median_s"] <= row["slowest_s"]
        assert row["peak_bytes"] is None or row["peak_bytes"] > 2**20
    percents = [row["percent"] for row in measured["profile"]]
    assert sum(percents) == pytest.approx(100)
    assert any("bimaco::binary" in row["operator"] for row in measured["profile"])
    reference, aim, over_peer, memory = measured["targets"]
    assert reference["measured"] is aim["measured"] is None
    assert over_peer["measured"] == pytest.approx(own["median_s"] / peer["median_s"])
    assert measured["peak_of_large"]["megapixels"] == 0.256 * 0.192
    if own["peak_bytes"] is not None:
        assert memory["measured"] == measured["peak_of_large"]["peak_bytes"] / 1e9
    text = text_of(around("image", measured))
    assert own["name"] in text
    assert over_peer["what"] in text


def test_a_missing_ncnn_is_said_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ncnn", None)
    only = frozenset({contestants.BUNDLED, contestants.REAL_ESRGAN})
    measured = measure_pictures(dataclasses.replace(SMALL, only=only, rounds=1))
    assert [row["key"] for row in measured["rows"]] == [contestants.BUNDLED]
    (left_out,) = measured["left_out"]
    assert "ncnn is not installed" in left_out
    assert left_out in text_of(around("image", measured))
    assert measured["targets"][2]["met"] is None


def test_a_network_that_is_named_and_missing_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("ncnn")
    with pytest.raises(ModelError, match=r"nothing\.param"):
        measure_pictures(dataclasses.replace(SMALL, peer=tmp_path / "nothing"))


def test_a_contestant_that_fails_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    only = frozenset({contestants.BUNDLED})
    with pytest.raises(RuntimeError, match=comparisons.TITLES[contestants.BUNDLED]):
        measure_pictures(dataclasses.replace(SMALL, only=only, model="no-such-model"))
    assert "no-such-model" in capfd.readouterr().err


@pytest.mark.slow
def test_the_forms_of_the_released_unet_are_raced() -> None:
    only = frozenset({contestants.UNET_FULL, contestants.UNET_PACKED})
    options = dataclasses.replace(SMALL, only=only, rounds=1, threads=2)
    measured = measure_networks(options)
    full, packed = measured["rows"]
    (target,) = measured["targets"]
    assert target["measured"] == pytest.approx(full["median_s"] / packed["median_s"])
    if full["peak_bytes"] is not None:
        assert packed["peak_bytes"] < full["peak_bytes"]
    assert full["name"] in text_of(around("model", measured))


def test_entries_travel_as_json() -> None:
    entry = Entry(contestants.BUNDLED, 2, 30, 40, None, "x")
    assert Entry.from_json(entry.to_json()) == entry


@pytest.mark.parametrize("text", ["", "[1]", '{"name": "bundled"}', '{"name": "x", "threads": 1}'])
def test_what_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Entry.from_json(text)


def test_the_sample_has_the_size_asked_for() -> None:
    pixels = sample(40, 30)
    assert pixels.shape == (30, 40, 3)
    assert pixels.dtype == np.uint8
