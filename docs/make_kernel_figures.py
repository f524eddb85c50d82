"""Write the tables and plots of docs/kernels.md from what ``bimaco-gui bench`` has printed.

    bimaco-gui bench kernels --json > docs/measurements/kernels.json
    bimaco-gui bench model --json > docs/measurements/model.json
    bimaco-gui bench image --json > docs/measurements/image.json
    python docs/make_kernel_figures.py

A measurement that is not there leaves its section and its plots as they are.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from svg_plot import Area, Plot, decades, linear, linear_ticks, logarithmic

from bimaco_gui.atomic import new_file
from bimaco_gui.engine.bench.groups import GROUPS, ONE_SCALE, Layer
from bimaco_gui.engine.bench.report import write_section
from bimaco_gui.engine.bench.tables import details_of, summary_of

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "kernels.md"
MEASUREMENTS = DOCS / "measurements"
IMAGES = DOCS / "images"

Report = Mapping[str, Any]

_KINDS = {"bundled": "a", "released": "b"}
_LEGEND = (("a", "layers of the bundled model"), ("b", "layers of the released UNet"))


def main() -> None:
    """Write all that there are measurements for."""
    for kind, plots in (("kernels", kernel_plots), ("model", model_plots), ("image", image_plots)):
        source = MEASUREMENTS / f"{kind}.json"
        if not source.exists():
            print(f"{source} is not there: its section stays as it is")
            continue
        report = json.loads(source.read_text(encoding="utf-8"))
        drawn = plots(report)
        for name, plot in drawn.items():
            with new_file(IMAGES / f"{name}.svg", overwrite=True) as file:
                file.write(plot.svg().encode())
        write_section(PAGE, f"bench-{kind}", section(report, drawn))


def section(report: Report, plots: Mapping[str, Plot]) -> str:
    """What stands between the markers: the targets, the plots, and all figures."""
    pictures = [f"![{plot.title}](images/{name}.svg)" for name, plot in plots.items()]
    details = details_of(report)
    if report["bench"] == "kernels":
        details = f"<details>\n<summary>Layer by layer</summary>\n\n{details}\n\n</details>"
    return "\n\n".join([summary_of(report), *pictures, details])


def kernel_plots(report: Report) -> dict[str, Plot]:
    """How many times faster the ops are, and how near they come to the ceiling."""
    return {"kernel_ratios": ratios_plot(report), "kernel_rates": rates_plot(report)}


def ratios_plot(report: Report) -> Plot:
    """A column of points for each group of layers, with its median and its target."""
    groups = [group for group in GROUPS if group.ratios(report["layers"])]
    plot = Plot(760, 400, "Times faster than torch fp32, one thread, a point for each layer shape")
    area = Area(60, 70, 740, 320)
    most = max(ratio for group in groups for ratio in group.ratios(report["layers"]))
    place = linear(0, most * 1.05, area.bottom, area.top)
    plot.legend(60, 42, _LEGEND)
    plot.y_axis(area, place, linear_ticks(most * 1.05), "times faster")
    plot.line(area.left, area.bottom, area.right, area.bottom, "axis")
    width = (area.right - area.left) / len(groups)
    for column, group in enumerate(groups):
        left = area.left + width * column
        layers, ratios = group.of(report["layers"]), group.ratios(report["layers"])
        for i, (layer, ratio) in enumerate(zip(layers, ratios, strict=True)):
            # Spread over the column in the order of the report, costliest first.
            x = left + width * (0.15 + 0.6 * i / max(1, len(layers) - 1))
            tip = f"{layer['title']}: {ratio:.1f}x"
            plot.point(x, place(ratio), _KINDS[layer["model"]], tip)
        median = statistics.median(ratios)
        plot.line(left + 8, place(median), left + width - 22, place(median), "line")
        plot.text(left + width - 20, place(median) + 4, f"{median:.1f}")
        if group.target is not None:
            y = place(group.target)
            plot.line(left + 8, y, left + width - 22, y, "target")
        for row, words in enumerate(_wrapped(group.title, 22)):
            plot.text(left + width / 2, area.bottom + 18 + 15 * row, words, anchor="middle")
    plot.text(area.right, 42, "line: median, dashed: target", anchor="end")
    return plot


def rates_plot(report: Report) -> Plot:
    """Products a second over the size of the layer, with the ceiling and fp32's best."""
    layers = [layer for layer in report["layers"] if layer["products"] >= 1e6]
    plot = Plot(760, 400, "Products a second of one thread, packing and epilogue included")
    area = Area(60, 70, 740, 340)
    rates = [_rate(layer, layer["variants"][ONE_SCALE]) for layer in layers]
    full = [_rate(layer, layer["baseline"]) for layer in layers]
    ceiling = report["ceiling_gmac_s"]
    low, high = min(*rates, *full) * 0.8, max(*rates, ceiling or 0) * 1.3
    products = [layer["products"] for layer in layers]
    across = logarithmic(min(products) * 0.8, max(products) * 1.25, area.left, area.right)
    up = logarithmic(low, high, area.bottom, area.top)
    plot.legend(60, 42, (*_LEGEND, ("c", "the same in torch fp32")))
    plot.y_axis(area, up, _log_ticks(low, high), "GMAC/s")
    plot.x_axis(area, across, decades(min(products), max(products) * 1.25), "products of the layer")
    for layer, rate, full_rate in zip(layers, rates, full, strict=True):
        x = across(layer["products"])
        plot.point(x, up(full_rate), "c", f"{layer['title']}: {full_rate:.0f} GMAC/s in fp32")
        tip = f"{layer['title']}: {rate:.0f} GMAC/s"
        plot.point(x, up(rate), _KINDS[layer["model"]], tip)
    if ceiling is not None:
        plot.line(area.left, up(ceiling), area.right, up(ceiling), "target")
        words = f"look-ups and additions alone: {ceiling:.0f} GMAC/s"
        plot.text(area.left + 8, up(ceiling) - 5, words)
    return plot


def model_plots(report: Report) -> dict[str, Plot]:
    """Seconds of one tile for each network."""
    rows = [(row["name"], row["median_s"]) for row in report["rows"]]
    title = "Seconds for one tile of 256x256 px of the result"
    return {"model_seconds": bars_plot(title, rows)}


def image_plots(report: Report) -> dict[str, Plot]:
    """Seconds for a megapixel, picture to picture."""
    rows = [(row["name"], row["median_s"] / row["megapixels"]) for row in report["rows"]]
    return {"image_seconds": bars_plot("Seconds for a megapixel of the result", rows)}


def bars_plot(title: str, rows: Sequence[tuple[str, float]]) -> Plot:
    """Bars on a logarithmic scale, a row each, with their values."""
    height = 60 + 34 * len(rows)
    plot = Plot(760, height + 40, title)
    area = Area(330, 40, 690, height - 10)
    values = [value for _, value in rows]
    low, high = min(values) * 0.5, max(values) * 1.2
    across = logarithmic(low, high, area.left, area.right)
    plot.x_axis(area, across, _log_ticks(low, high), "seconds, logarithmic")
    for i, (name, value) in enumerate(rows):
        y = area.top + 8 + 34 * i
        plot.text(area.left - 8, y + 15, name, anchor="end")
        kind = "b" if "full precision" in name or "reference" in name else "a"
        plot.bar(area.left, y, across(value) - area.left, 20, kind)
        plot.text(across(value) + 5, y + 15, f"{value:.2f}" if value < 10 else f"{value:.0f}")
    return plot


def _rate(layer: Layer, times: Mapping[str, float]) -> float:
    return float(layer["products"]) / times["median_ms"] / 1e6


def _log_ticks(low: float, high: float) -> list[float]:
    wanted = [d * f for d in decades(low / 10, high) for f in (1, 2, 5)]
    return [tick for tick in wanted if low <= tick <= high]


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


if __name__ == "__main__":
    main()
