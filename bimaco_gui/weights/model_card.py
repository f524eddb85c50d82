"""The page that the Hub shows of a model: what it is, what it was made of, what it cannot do.

Every figure is read from the model file's own provenance; what the file does not say is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bimaco_gui.weights.registry import ModelInfo

_FRONT_MATTER = """---
license: {licence}
library_name: bimaco-gui
pipeline_tag: image-to-image
tags:
- super-resolution
- image-upscaling
- binary-neural-network
- one-step-diffusion
---
"""

_LIMITS = """\
- It invents detail. Detail that looks right may be wrong: faces, small text, number plates and
  anything that serves as evidence need the original. The app's fidelity control goes from a
  faithful enlargement to all of the detail.
- It enlarges four times; other sizes are resampled from that.
- It is made for photos. Drawings, screenshots and maps were not among the training data.
- Heavy compression, motion blur and wrong focus are beyond it.
- It was trained on the photos named above, and has not seen what they lack."""


def model_card(
    model: ModelInfo,
    *,
    repository: str,
    sha256: str,
    photos: Sequence[Mapping[str, str]],
    credits_name: str,
) -> str:
    """The README of a model's repository, in markdown.

    Args:
        model: What to describe.
        repository: ``owner/name``.
        sha256: Of its file.
        photos: The list of training photos: rows with at least ``file`` and ``licence``.
        credits_name: What the list is called in the repository.
    """
    provenance = model.provenance
    sections = [
        _FRONT_MATTER.format(licence=model.licence.lower()) + f"# {model.title}",
        f"A one-step diffusion model for x4 super-resolution of photos. Of its "
        f"{model.parameters:,} weights {model.one_bit_share:.1%} are one bit, so the file has "
        f"{model.file_bytes / 1e6:.1f} MB and runs on any processor. "
        f"{provenance.get('method', '')}".strip(),
        _use(model, repository),
        _training(provenance),
        _evaluation(provenance),
        _data(provenance, photos, credits_name),
        "## Limits\n\n" + _LIMITS,
        f"## Licence\n\nThe weights are under {model.licence}; the text is in `LICENSE`. The "
        "training photos keep their own licences, named above, and are not part of this "
        "repository.",
        f"## File\n\n| file | bytes | SHA-256 |\n| --- | ---: | --- |\n"
        f"| `{model.path.name}` | {model.file_bytes} | `{sha256}` |",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _use(model: ModelInfo, repository: str) -> str:
    return (
        f"## Use\n\nWith BiMaCo, a desktop app and command line: download `{model.path.name}` from "
        f"{repository} and name the file, or put it into the app's models folder.\n\n"
        f"```\nbimaco-gui upscale photo.jpg --model {model.path.name}\n```"
    )


def _training(provenance: Mapping[str, Any]) -> str:
    stages = [
        stage
        for stage in provenance.get("stages", ())
        if isinstance(stage, Mapping) and "held_out" in stage
    ]
    if not stages:
        return ""
    rows = []
    for stage in stages:
        figures = stage["held_out"]
        rows.append(
            {
                "stage": stage.get("run", {}).get("stage", "-"),
                "steps": stage.get("steps", "-"),
                "Y-PSNR, dB": _figure(figures.get("psnr")),
                "feature distance": _figure(figures.get("feature")),
            }
        )
    last = stages[-1]["held_out"]
    rows.append(
        {
            "stage": "bicubic, for comparison",
            "steps": "-",
            "Y-PSNR, dB": _figure(last.get("psnr_bicubic")),
            "feature distance": _figure(last.get("feature_bicubic")),
        }
    )
    return (
        "## Training\n\nThe figures are means over held-out photos, in the seeded degradation "
        "of the benchmarks, at the end of each stage.\n\n" + _table(rows)
    )


def _evaluation(provenance: Mapping[str, Any]) -> str:
    rows = provenance.get("evaluation")
    if not (isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows)):
        return ""
    return "## Evaluation\n\n" + _table([{k: _figure(v) for k, v in row.items()} for row in rows])


def _data(
    provenance: Mapping[str, Any], photos: Sequence[Mapping[str, str]], credits_name: str
) -> str:
    counts: dict[str, int] = {}
    for photo in photos:
        licence = photo["licence"].strip()
        counts[licence] = counts.get(licence, 0) + 1
    rows = [{"licence": licence, "photos": n} for licence, n in sorted(counts.items())]
    return (
        f"## Data\n\n{provenance.get('data', 'See the list.')}\n\n"
        f"`{credits_name}` names every photo with its source and licence.\n\n" + _table(rows)
    )


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "-" if value is None else str(value)


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    header = list(rows[0])
    lines = [header, ["---"] * len(header)]
    lines += [[str(row.get(name, "-")) for name in header] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
