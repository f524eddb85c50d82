"""The arguments that say which pictures are upscaled, how, and where the results go."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui.errors import UsageError

if TYPE_CHECKING:
    from bimaco_gui.services.batch import BatchRequest
    from bimaco_gui.services.jobs import JobOptions

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def add_picture_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them, in groups."""
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="a picture, or a folder of pictures"
    )
    _add_result(parser.add_argument_group("result"))
    _add_files(parser.add_argument_group("files"))
    _add_choice(parser.add_argument_group("which pictures"))
    _add_computing(parser.add_argument_group("computing"))


def _add_result(group: argparse._ArgumentGroup) -> None:
    from bimaco_gui.services.fidelity import DEFAULT_FIDELITY

    add = group.add_argument
    add("--scale", type=float, default=4.0, help="1 to 16; the model makes 4 (default: 4)")
    add(
        "--longest-side",
        type=int,
        metavar="N",
        help="pixels of the result's longer side, in place of a scale",
    )
    add("--width", type=int, metavar="N", help="pixels of the result, in place of a scale")
    add("--height", type=int, metavar="N", help="likewise; with --width, exactly this size")
    add(
        "--fidelity",
        type=float,
        default=DEFAULT_FIDELITY,
        metavar="X",
        help="from 0, faithful to the picture, to 1, all of the detail that the model adds "
        f"(default: {DEFAULT_FIDELITY:g})",
    )
    add(
        "--format",
        type=_format,
        metavar="png|jpg|webp|avif|tiff",
        help="(default: that of the output's name, or else of the input)",
    )
    add("--quality", type=int, default=95, metavar="N", help="of lossy formats, 1 to 100")
    add("--bits", type=int, metavar="8|16", help="per channel (default: as in the input)")
    add("--strip-gps", action="store_true", help="leave out where the photo was taken")
    add(
        "--no-provenance",
        action="store_true",
        help="do not note in the metadata how the result was made",
    )


def _add_files(group: argparse._ArgumentGroup) -> None:
    from bimaco_gui.services.name_template import DEFAULT_TEMPLATE, FIELDS

    add = group.add_argument
    add(
        "-o",
        "--output",
        metavar="FILE|DIR",
        help="the result, or a folder for the results (default: beside each input)",
    )
    add(
        "--name",
        metavar="TEMPLATE",
        default=DEFAULT_TEMPLATE,
        help="of results, from " + ", ".join(f"{{{field}}}" for field in FIELDS) + "; "
        f"the suffix follows the format (default: {DEFAULT_TEMPLATE})",
    )
    existing = group.add_mutually_exclusive_group()
    existing.add_argument(
        "--overwrite", action="store_true", help="replace existing results; else number the new"
    )
    existing.add_argument(
        "--skip-existing", action="store_true", help="leave out pictures whose result exists"
    )
    add(
        "--flat",
        action="store_true",
        help="put all results into the output folder itself, without the folders found",
    )


def _add_choice(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--recursive", action="store_true", help="search the folders in folders as well")
    add(
        "--only",
        type=_suffixes,
        metavar="png,jpg",
        help="take files of these kinds alone from folders",
    )
    add("--min-bytes", type=_bytes, metavar="N", help="take no smaller files; 10k, 5M, 1G")
    add("--max-bytes", type=_bytes, metavar="N", help="take no larger files")
    add(
        "--skip-above",
        type=int,
        metavar="N",
        help="leave out pictures whose longer side has more pixels",
    )


def _add_computing(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--model", metavar="NAME", help="an installed model or a model file (default: photo)")
    add(
        "--device",
        type=_device,
        default="auto",
        metavar="NAME",
        help="auto, cpu, cuda or cuda:N for the GPU of that number, see doctor (default: auto)",
    )
    add(
        "--tile",
        type=_tile,
        metavar="N|auto",
        help="edge of a tile in pixels of the input (default: auto)",
    )
    add("--threads", type=int, metavar="N", help="processor threads (default: all)")
    add("--seed", type=int, default=0, metavar="N", help="of the model's noise (default: 0)")


def job_options(arguments: argparse.Namespace) -> JobOptions:
    """How the pictures are upscaled.

    Raises:
        UsageError: A value is out of its range.
    """
    from bimaco_gui.services.jobs import JobOptions

    existing = "overwrite" if arguments.overwrite else "number"
    return JobOptions(
        model=arguments.model,
        device=arguments.device,
        tile=arguments.tile,
        threads=arguments.threads,
        seed=arguments.seed,
        scale=arguments.scale,
        longest_side=arguments.longest_side,
        width=arguments.width,
        height=arguments.height,
        format=arguments.format,
        quality=arguments.quality,
        fidelity=arguments.fidelity,
        bits=arguments.bits,
        existing="skip" if arguments.skip_existing else existing,
        template=arguments.name,
        strip_gps=arguments.strip_gps,
        provenance=not arguments.no_provenance,
    )


def batch_request(arguments: argparse.Namespace) -> BatchRequest:
    """Which pictures, how, and where to.

    Raises:
        UsageError: As for `job_options`.
    """
    from bimaco_gui.services.batch import BatchRequest, Filters

    output = arguments.output
    return BatchRequest(
        tuple(Path(text) for text in arguments.inputs),
        job_options(arguments),
        None if output is None else Path(output),
        output_is_folder=output is not None and output.endswith(("/", os.sep)),
        recursive=arguments.recursive,
        mirrored=not arguments.flat,
        filters=Filters(arguments.only, arguments.min_bytes, arguments.max_bytes),
        skip_above=arguments.skip_above,
    )


def _device(text: str) -> str:
    from bimaco_gui.services.jobs import DEVICES, is_device

    if not is_device(text):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(DEVICES)}")
    return text


def _tile(text: str) -> int | None:
    if text == "auto":
        return None
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is neither a number nor “auto”") from None


def _format(text: str) -> str:
    from bimaco_gui.services.formats import format_named

    try:
        return format_named(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(error.message) from None


def _suffixes(text: str) -> frozenset[str]:
    from bimaco_gui.services.formats import FORMAT_OF_SUFFIX, READABLE_SUFFIXES, format_named

    found: set[str] = set()
    for name in text.lower().split(","):
        suffix = f".{name.strip().removeprefix('.')}"
        if suffix not in READABLE_SUFFIXES:
            raise argparse.ArgumentTypeError(f"“{name}” is no kind of picture that can be opened")
        found.add(suffix)
        if suffix in FORMAT_OF_SUFFIX:  # .jpeg files are meant by “jpg” too
            kind = format_named(FORMAT_OF_SUFFIX[suffix])
            found |= {other for other, named in FORMAT_OF_SUFFIX.items() if named == kind}
    return frozenset(found)


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", text.lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"“{text}” is no size such as 500k or 20M")
    return round(float(match[1]) * _UNITS[match[2]])
