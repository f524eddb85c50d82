"""The kernels are measured: every figure is there, and tells of the others."""

import json
from typing import Any

import pytest
import torch

from bimaco_gui import ops
from bimaco_gui.engine.bench.ceiling import ceiling
from bimaco_gui.engine.bench.devices import bench_on
from bimaco_gui.engine.bench.groups import GROUPS
from bimaco_gui.engine.bench.kernels import KernelOptions
from bimaco_gui.engine.bench.tables import text_of
from bimaco_gui.errors import DeviceError


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    measured = bench_on("cpu", "kernels")(KernelOptions(rounds=2, threads=2, most=1))
    around = {"bench": "kernels", "version": "0", "date": "2026-01-01", "machine": "a machine"}
    return {**around, "load_average": {"start": 1.0, "end": None}, **measured}


def test_a_report_survives_json(report: dict[str, Any]) -> None:
    assert json.loads(json.dumps(report)) == report


def test_each_layer_has_its_variants_and_baselines(report: dict[str, Any]) -> None:
    assert {layer["model"] for layer in report["layers"]} == {"bundled", "released"}
    for layer in report["layers"]:
        assert {"one_scale", "per_tap", "layer"} == set(layer["variants"])
        for name, variant in layer["variants"].items():
            baseline = layer["baseline_layer" if name == "layer" else "baseline"]
            assert 0 < variant["fastest_ms"] <= variant["median_ms"] <= variant["slowest_ms"]
            assert variant["ratio"] == pytest.approx(baseline["median_ms"] / variant["median_ms"])
            rate = layer["products"] / variant["median_ms"] / 1e6
            assert variant["gmac_s"] == pytest.approx(rate)


def test_shares_of_the_ceiling_are_those_of_the_same_run(report: dict[str, Any]) -> None:
    top = report["ceiling_gmac_s"]
    for layer in report["layers"]:
        variant = layer["variants"]["one_scale"]
        if top is None:
            assert variant["percent_of_ceiling"] is None
        else:
            share = 100 * variant["gmac_s"] / top
            assert variant["percent_of_ceiling"] == pytest.approx(share)


def test_targets_are_medians_of_the_groups(report: dict[str, Any]) -> None:
    targets = {target["what"]: target for target in report["targets"]}
    for group in GROUPS:
        if group.target is None:
            continue
        ratios = group.ratios(report["layers"])
        target = targets[f"{group.title}, median of all shapes"]
        if ratios:
            assert target["measured"] == pytest.approx(sum(ratios) / len(ratios))
            assert target["met"] is (target["measured"] >= target["target"])
        else:
            assert (target["measured"], target["met"]) == (None, None)


def test_threads_are_compared_and_left_as_they_were(report: dict[str, Any]) -> None:
    assert torch.get_num_threads() == 1  # the fixture of this folder's tests
    for entry in report["scaling"]:
        one, many = entry["one"]["median_ms"], entry["many"]["median_ms"]
        assert entry["ratio"] == pytest.approx(one / many)


def test_the_text_names_baseline_machine_and_targets(report: dict[str, Any]) -> None:
    text = text_of(report)
    assert "torch fp32, channels_last" in text
    assert "a machine" in text
    for target in report["targets"]:
        assert target["what"] in text
    for layer in report["layers"]:
        assert layer["title"] in text


def test_a_device_without_kernels_is_refused() -> None:
    with pytest.raises(DeviceError, match="no kernels for 'abacus'"):
        bench_on("abacus:1", "kernels")


def test_the_ceiling_is_that_of_the_instruction_set_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIMACO_ISA", "torch")
    assert ceiling() is None
    for isa in ops.instruction_sets():
        monkeypatch.setenv("BIMACO_ISA", isa)
        if isa in {"avx2", "avx512", "neon"}:
            assert (ceiling() or 0) > 1e9
        else:
            assert ceiling() is None
