"""The page about kernels is made from measurements by a script: tables and plots say the same."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def script(repo: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(repo / "docs")
        spec = importlib.util.spec_from_file_location(
            "make_kernel_figures", repo / "docs" / "make_kernel_figures.py"
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    sys.modules.pop("svg_plot", None)
    return module


def layer(model: str, kernel_size: int, ratio: float) -> dict[str, Any]:
    times = {"fastest_ms": 1.0, "median_ms": 2.0, "slowest_ms": 3.0}
    full = {"fastest_ms": 2 * ratio, "median_ms": 2 * ratio, "slowest_ms": 2 * ratio}
    variant = {**times, "ratio": ratio, "gmac_s": 500.0, "percent_of_ceiling": 50.0}
    names = ["one_scale", "layer", *(["per_tap"] if kernel_size == 3 else [])]
    return {
        "title": f"conv{kernel_size}x{kernel_size} <{ratio}>",
        "model": model,
        "kernel_size": kernel_size,
        "in_channels": 160,
        "out_channels": 160,
        "positions": 4096,
        "products": 1_000_000_000,
        "variants": dict.fromkeys(names, variant),
        "baseline": full,
        "baseline_layer": full,
    }


@pytest.fixture
def report() -> dict[str, Any]:
    return {
        "bench": "kernels",
        "version": "0",
        "date": "2026-01-01",
        "machine": "a machine",
        "load_average": {"start": 0.5, "end": 0.6},
        "baseline": "torch fp32",
        "clock": "CPU time",
        "instruction_set": "avx2",
        "rounds": 5,
        "threads": 2,
        "ceiling_gmac_s": 1000.0,
        "ceiling_of_threads": 1.9,
        "layers": [
            layer("bundled", 3, 12.0),
            layer("released", 3, 10.0),
            layer("released", 1, 8.0),
        ],
        "scaling": [],
        "targets": [
            {
                "what": "speed",
                "unit": "x",
                "target": 11,
                "at_least": True,
                "measured": 10.5,
                "met": False,
            }
        ],
    }


def test_every_layer_is_a_point_in_each_of_its_groups(
    script: ModuleType, report: dict[str, Any]
) -> None:
    root = ElementTree.fromstring(script.ratios_plot(report).svg())
    points = [part for part in root.iter() if part.get("class", "").startswith("point")]
    legend = 2
    # Two 3x3 layers in three groups, one 1x1 layer in one.
    assert len(points) == legend + 2 * 3 + 1
    tips = [part.text for point in points for part in point.iter(f"{SVG}title")]
    assert tips.count("conv3x3 <12.0>: 12.0x") == 3
    assert sum(part.get("class") == "target" for part in root.iter()) == 3


def test_faster_points_are_higher(script: ModuleType, report: dict[str, Any]) -> None:
    root = ElementTree.fromstring(script.ratios_plot(report).svg())
    circle = next(part for part in root.iter(f"{SVG}circle") if len(part) and part[0].text)
    square = next(
        part
        for part in root.iter(f"{SVG}rect")
        if "point" in part.get("class", "") and part[0].text
    )
    assert float(circle.get("cy", "")) < float(square.get("y", ""))


def test_plots_are_readable_on_dark_pages(script: ModuleType, report: dict[str, Any]) -> None:
    for plot in script.kernel_plots(report).values():
        assert "prefers-color-scheme: dark" in plot.svg()


def test_the_section_has_targets_plots_and_every_layer(
    script: ModuleType, report: dict[str, Any]
) -> None:
    section = script.section(report, script.kernel_plots(report))
    assert "| speed  | at least 11.0x |    10.5x | missed |" in section
    assert "(images/kernel_ratios.svg)" in section
    assert section.count("conv3x3 <10.0>") == 3
    assert "median 11.0x, from 10.0x to 12.0x" in section
    assert "1000 GMAC/s" in section


def test_bars_carry_their_values(script: ModuleType) -> None:
    root = ElementTree.fromstring(script.bars_plot("a & b", [("fast", 0.5), ("slow", 40.0)]).svg())
    words = [part.text for part in root.iter(f"{SVG}text")]
    assert {"a & b", "fast", "0.50", "slow", "40"} <= set(words)
    fast, slow = (float(bar.get("width", "")) for bar in root.iter(f"{SVG}rect"))
    assert 0 < fast < slow


def test_ticks_are_round(script: ModuleType) -> None:
    assert script.linear_ticks(11.5) == [0, 2, 4, 6, 8, 10]
    assert script.decades(3, 2000) == [10, 100, 1000]
