"""From inputs and one output to a list of jobs whose results do not collide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bimaco_gui.errors import UsageError
from bimaco_gui.services.collect import find_pictures
from bimaco_gui.services.formats import READABLE_SUFFIXES, SUFFIX_OF_FORMAT, format_of
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.naming import comparable, output_path, result_name


def plan_jobs(
    inputs: Iterable[Path],
    output: Path | None,
    options: JobOptions,
    *,
    recursive: bool = False,
    output_is_folder: bool = False,
) -> list[Job]:
    """One job for each picture, each with its own output file.

    Folders found in a searched folder are made again below an output folder. Nothing is read and
    nothing is made on disk.

    Args:
        inputs: Files and folders.
        output: The result's file or the results' folder, or None: beside each input. A path that
            does not exist is a file if it ends like a picture, and else a folder.
        options: Of all jobs; overwriting never lets two of them share a file.
        recursive: Search folders in folders.
        output_is_folder: `output` is a folder, whatever it is called.

    Raises:
        UsageError: If there is nothing to do, one file is to hold several results, or the
            output's name contradicts the format.
    """
    inputs = list(inputs)
    folder = output if output is not None and (output_is_folder or _is_folder(output)) else None
    found = find_pictures(inputs, recursive=recursive, leave_out=_separate_folder(folder, inputs))
    if not found:
        raise _nothing_found(inputs, recursive)
    if output is not None and folder is None:
        options = _options_for_file(output, options)
        if len(found) > 1:
            raise UsageError(
                "One output for several inputs",
                f"“{output}” is one file, but there are {len(found)} pictures: "
                "name a folder for the results.",
            )
    taken = {comparable(picture.path) for picture in found}
    jobs = []
    for picture in found:
        wanted = output
        if folder is not None:
            name = result_name(picture.path, options.format, options.scale)
            wanted = folder / picture.folder / name
        target = output_path(
            picture.path, wanted, options.format, options.scale, options.overwrite, taken
        )
        taken.add(comparable(target))
        jobs.append(Job(input=picture.path, output=target, options=options))
    return jobs


def _is_folder(output: Path) -> bool:
    if output.exists():
        return output.is_dir()
    return output.suffix.lower() not in READABLE_SUFFIXES


def _separate_folder(folder: Path | None, inputs: list[Path]) -> Path | None:
    """The folder of results, unless its pictures were asked for by name."""
    if folder is None or comparable(folder) in map(comparable, inputs):
        return None
    return folder


def _options_for_file(output: Path, options: JobOptions) -> JobOptions:
    named = format_of(output)
    if named is None and options.format is None:
        raise UsageError(
            "Unknown format",
            f"A result cannot be written as “{output.name}”: "
            f"end the name in {', '.join(SUFFIX_OF_FORMAT.values())}, or choose a format.",
        )
    if named is not None and options.format is not None and named != options.format:
        raise UsageError(
            "Name and format differ",
            f"“{output.name}” does not end like a {options.format} file: "
            "leave the format out or change the name.",
        )
    return replace(options, format=options.format or named)


def _nothing_found(inputs: list[Path], recursive: bool) -> UsageError:
    names = ", ".join(f"“{path}”" for path in inputs)
    advice = "" if recursive else " Folders inside folders are searched only if you ask for it."
    return UsageError("No pictures", f"There is no picture in {names}.{advice}")
