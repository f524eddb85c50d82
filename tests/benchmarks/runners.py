"""The upscalers that the benchmark commands run, and where their files lie in the repository."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bimaco_gui.engine.bench import report
from bimaco_gui.engine.bench.contestants import through_engine
from bimaco_gui.engine.bench.peers import RealEsrganGeneral, Runner, bicubic, lanczos
from bimaco_gui.engine.options import DEFAULT_FIDELITY
from bimaco_gui.errors import ModelError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PHOTOS = DATA / "public_test"
SQUEEZENET = DATA / "metrics" / "squeezenet_v1.1.npz"
NIQE_MODEL = DATA / "metrics" / "niqe_pris_params.npz"
DOCUMENT = ROOT / "docs" / "benchmarks.md"

TITLES = {
    "bicubic": "bicubic",
    "lanczos": "Lanczos",
    "app": f"this model, fidelity {DEFAULT_FIDELITY:g} (the default)",
    "packed": "this model, packed",
    "student": "this model, before binarization",
    "teacher": "its teacher of 15 steps",
    "real-esrgan": "Real-ESRGAN General x4 v3 (ncnn)",
}
"""The rows of the tables, in their order."""

SEEDED = ("packed", "student")
"""Those that draw noise with several seeds. The teacher draws it too, but takes too long."""

CHECKPOINTS = ("student", "teacher")
"""Made by the training, and not part of the repository."""


def add_arguments(
    parser: argparse.ArgumentParser, rows: Sequence[str], document: Path = DOCUMENT
) -> None:
    """Add what the commands share; ``rows`` are the keys of ``TITLES`` that one offers."""
    parser.add_argument("--packed", help="name or file of the packed model (default: the bundled)")
    for key in CHECKPOINTS:
        if key in rows:
            parser.add_argument(f"--{key}", type=Path, help=f"checkpoint of {TITLES[key]}")
    parser.add_argument("--only", nargs="+", choices=rows, help="these rows")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--write",
        type=Path,
        nargs="?",
        const=document,
        metavar="FILE",
        help=f"rewrite this command's section of docs/{document.name}, or of another file",
    )


def chosen(options: argparse.Namespace, rows: Sequence[str]) -> list[str]:
    """Those of ``rows`` to measure, in order: all but checkpoints that no argument names."""
    if options.only:
        return [key for key in rows if key in options.only]
    return [key for key in rows if key not in CHECKPOINTS or getattr(options, key)]


def make_runner(key: str, options: argparse.Namespace, seed: int = 0) -> Runner:
    """Return the upscaler called ``key`` in ``TITLES``.

    Args:
        key: One of ``TITLES`` but "app", which is "packed" and ``at_default_fidelity``.
        options: What ``add_arguments`` added.
        seed: Of the noise, for those in ``SEEDED``.

    Raises:
        ModelError: A model is missing or not readable.
        OSError: A file of Real-ESRGAN is missing or not readable.
        ModuleNotFoundError: ncnn is not installed.
    """
    if key == "packed":
        from bimaco_gui.weights import load_model

        return through_engine(load_model(packed_file(options.packed)), options.threads, seed)
    if key in CHECKPOINTS:
        from bimaco_gui.training.checkpoints import read_network
        from bimaco_gui.training.teacher import InAllSteps, Teacher

        network = read_network(checkpoint_file(options, key)).network
        model = InAllSteps(network) if isinstance(network, Teacher) else network
        return through_engine(model, options.threads, seed)
    if key == "real-esrgan":
        stem = DATA / "baselines" / "RealESRGAN_General_x4_v3"
        return RealEsrganGeneral(
            stem.with_suffix(".param"), stem.with_suffix(".bin"), options.threads
        )
    return lanczos if key == "lanczos" else bicubic


def packed_file(name_or_path: str | None) -> Path:
    """Return the packed model's file: by path, by name, or the bundled one for None."""
    from bimaco_gui.weights import find_model

    return find_model(name_or_path).path


def checkpoint_file(options: argparse.Namespace, key: str) -> Path:
    """Return the file of one of ``CHECKPOINTS``, or say how to do without it."""
    path: Path | None = getattr(options, key)
    if path is None or not path.is_file():
        raise ModelError(
            "Checkpoint missing",
            f"There is no {path or key}. Name one with --{key} (docs/training.md makes it), or "
            "leave its row out with --only.",
        )
    return path


def files_used(options: argparse.Namespace, keys: Sequence[str]) -> list[str]:
    """Return a sentence on each of our own files that the rows ``keys`` come from."""
    sentences = []
    if {"app", "packed"} & set(keys):
        path = packed_file(options.packed)
        sentences.append(f"Packed: `{path.name}`, SHA-256 {report.file_hash(path)}.")
    for key in CHECKPOINTS:
        if key in keys:
            path = checkpoint_file(options, key)
            sentences.append(f"{_named(key)}: `{path.name}`, SHA-256 {report.file_hash(path)}.")
    return sentences


def _named(key: str) -> str:
    return {"student": "Before binarization", "teacher": "Teacher"}[key]


def at_default_fidelity(source: np.ndarray, result: np.ndarray) -> np.ndarray:
    """Return what the app saves of the network's result unless it is told otherwise."""
    from bimaco_gui.engine import Picture
    from bimaco_gui.engine.fidelity import with_fidelity

    pixels: np.ndarray = with_fidelity(Picture(source), Picture(result), DEFAULT_FIDELITY).pixels
    return pixels
