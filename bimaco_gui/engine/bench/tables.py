"""Measurements as text: tables in markdown, which read well on a terminal too."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bimaco_gui.engine.bench.groups import GROUPS, LAYER
from bimaco_gui.engine.bench.report import markdown_table

Report = Mapping[str, Any]


def text_of(report: Report) -> str:
    """A report of `services.bench` as people read it."""
    return f"{details_of(report)}\n\n{summary_of(report)}"


def summary_of(report: Report) -> str:
    """Under which circumstances it was measured, and which targets it meets."""
    lines = [f"- {line}" for line in _circumstances(report)]
    return "\n\n".join(["\n".join(lines), *_targets(report)])


def details_of(report: Report) -> str:
    """All figures."""
    if "sections" in report:
        return "\n\n".join(_sections(report))
    body = {"kernels": _kernels, "model": _model, "image": _image}[report["bench"]]
    return "\n\n".join(body(report))


def _circumstances(report: Report) -> Iterable[str]:
    machine, load = report["machine"], report["load_average"]
    average = (
        ""
        if load["end"] is None
        else (f", load average {load['start']:.1f} at the start and {load['end']:.1f} at the end")
    )
    if report.get("warning") is not None:
        yield f"**Warning: {report['warning']}**"
    yield f"Measured {report['date']} with version {report['version']} on {machine}{average}."
    yield f"Baseline: {report['baseline']}."
    if "sections" in report:
        yield f"On {report['device']}; medians of {report['rounds']} runs after a warm-up."
        yield from report["notes"]
        return
    if report["bench"] == "kernels":
        yield (
            f"One thread, medians of {report['rounds']} rounds in turn; {report['clock']}. "
            f"Instruction set: {report['instruction_set']}."
        )
        if report["ceiling_gmac_s"] is not None:
            yield (
                f"Ceiling, a loop of look-ups and additions alone: "
                f"{report['ceiling_gmac_s']:.0f} GMAC/s; {report['threads']} threads reach "
                f"{report['ceiling_of_threads']:.2f} times as much."
            )
    else:
        yield (
            f"{report['threads']} threads, {report['rounds']} runs of each in turn after a "
            "warm-up, wall clock, each in a process of its own."
        )
    if report["bench"] == "model":
        yield f"One tile: {report['tile']}; {report['weights']} weights."
    if report["bench"] == "image":
        yield f"Picture: {report['picture']}."
        yield from report["left_out"]


def _sections(report: Report) -> Iterable[str]:
    """Tables as a report made them itself."""
    for section in report["sections"]:
        yield section["title"]
        yield markdown_table(section["header"], section["rows"])


# ---- kernels ----


def _kernels(report: Report) -> Iterable[str]:
    header = ("layer", "model", "fp32, ms", "op, ms", "spread", "x", "GMAC/s", "% of ceiling")
    layers = report["layers"]
    for group in GROUPS:
        ratios = group.ratios(layers)
        if not ratios:
            continue
        rows = [_kernel_row(layer, group.variant) for layer in group.of(layers)]
        yield (
            f"{group.title}: median {statistics.median(ratios):.1f}x, "
            f"from {min(ratios):.1f}x to {max(ratios):.1f}x"
        )
        yield markdown_table(header, rows)
    if report["scaling"]:
        yield f"{report['threads']} threads against one, wall clock"
        yield markdown_table(
            ("layer", "model", "one, ms", "many, ms", "x", "x of the fastest"),
            [
                [
                    entry["title"],
                    entry["model"],
                    _ms(entry["one"]["median_ms"]),
                    _ms(entry["many"]["median_ms"]),
                    f"{entry['ratio']:.2f}",
                    f"{entry['ratio_of_fastest']:.2f}",
                ]
                for entry in report["scaling"]
            ],
        )


def _kernel_row(layer: Report, variant: str) -> Sequence[str]:
    own = layer["variants"][variant]
    baseline = layer["baseline_layer" if variant == LAYER else "baseline"]
    share = own["percent_of_ceiling"]
    return [
        layer["title"],
        layer["model"],
        _ms(baseline["median_ms"]),
        _ms(own["median_ms"]),
        f"{_ms(own['fastest_ms'])} to {_ms(own['slowest_ms'])}",
        f"{own['ratio']:.1f}",
        f"{own['gmac_s']:.0f}",
        "-" if share is None else f"{share:.0f}",
    ]


def _ms(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


# ---- races ----


def _model(report: Report) -> Iterable[str]:
    yield markdown_table(
        ("", "s, median", "fastest to slowest", "peak memory, MiB", "computed by"),
        [
            [
                row["name"],
                f"{row['median_s']:.3f}",
                f"{row['fastest_s']:.3f} to {row['slowest_s']:.3f}",
                _mib(row["peak_bytes"]),
                row["computed_by"],
            ]
            for row in report["rows"]
        ],
    )
    yield from _profile(report)


def _image(report: Report) -> Iterable[str]:
    yield markdown_table(
        ("", "s per output MP, median", "fastest to slowest", "peak memory, MiB", "computed by"),
        [
            [
                row["name"],
                f"{row['median_s'] / row['megapixels']:.3f}",
                f"{row['fastest_s'] / row['megapixels']:.3f} to "
                f"{row['slowest_s'] / row['megapixels']:.3f}",
                _mib(row["peak_bytes"]),
                row["computed_by"],
            ]
            for row in report["rows"]
        ],
    )
    large = report["peak_of_large"]
    if large is not None:
        yield (
            f"A result of {large['megapixels']:.0f} megapixels took {large['median_s']:.1f} s and "
            f"{_mib(large['peak_bytes'])} MiB at its peak."
        )
    yield from _profile(report)


def _profile(report: Report) -> Iterable[str]:
    if not report["profile"]:
        return
    subject = {"model": "the packed UNet", "image": "the bundled model"}[report["bench"]]
    yield f"Where the time of {subject} goes, in one run under torch's profiler"
    yield markdown_table(
        ("operator", "calls", "ms", "%"),
        [
            [
                f"`{row['operator']}`" if ":" in row["operator"] else row["operator"],
                str(row["calls"]),
                f"{row['ms']:.1f}",
                f"{row['percent']:.1f}",
            ]
            for row in report["profile"]
        ],
    )


def _mib(value: int | None) -> str:
    return "-" if value is None else f"{value / 2**20:.0f}"


def _targets(report: Report) -> Iterable[str]:
    rows = [
        [
            target["what"],
            f"{'at least' if target['at_least'] else 'at most'} "
            f"{_figure(target['target'], target['unit'])}",
            _figure(target["measured"], target["unit"]),
            {True: "met", False: "missed", None: "not measured"}[target["met"]],
        ]
        for target in report["targets"]
    ]
    yield markdown_table(("target", "wanted", "measured", ""), rows)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    number = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{number} {unit}" if unit and unit != "x" else f"{number}{unit}"
