"""Readers and writers that share no code with the program: exiftool and ImageMagick."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def program(*names: str) -> str:
    """The first of these programs that is installed; `.ci/run` installs them on Debian."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found is not None, f"install {names[0]}: the tests compare against it"
    return found


def exiftool(*arguments: str, files: Sequence[Path]) -> None:
    """Write metadata."""
    command = [program("exiftool"), "-q", "-overwrite_original", *arguments, *map(str, files)]
    subprocess.run(command, check=True)


def read_metadata(files: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Of each file by its name, the tags with their groups, such as ``IFD0:Make``."""
    command = [program("exiftool"), "-j", "-n", "-G1", "-a", *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True)
    return {Path(one["SourceFile"]).name: one for one in json.loads(done.stdout)}


def magick(*arguments: str | Path) -> None:
    """Run ImageMagick's convert."""
    command = [program("convert-im6.q16", "magick", "convert"), *map(str, arguments)]
    subprocess.run(command, check=True)


def magick_pixels(file: Path, channels: str, *options: str) -> np.ndarray:
    """[H, W, C] uint16 of a file as ImageMagick reads it; channels are rgb, rgba or graya."""
    convert = program("convert-im6.q16", "magick", "convert")
    if channels == "rgb":
        command = [convert, f"{file}[0]", *options, "-alpha", "off", "-depth", "16", "ppm:-"]
        raw = subprocess.run(command, check=True, capture_output=True).stdout
        kind, size, _, values = raw.split(b"\n", 3)
        assert kind == b"P6"
        across, down = map(int, size.split())
        return np.frombuffer(values, ">u2").reshape(down, across, 3).astype(np.uint16)
    size = subprocess.run(
        [convert, f"{file}[0]", "-format", "%w %h", "info:"], check=True, capture_output=True
    )
    width, height = map(int, size.stdout.split())
    command = [convert, f"{file}[0]", *options, "-depth", "16", "-endian", "MSB", f"{channels}:-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, ">u2").reshape(height, width, -1).astype(np.uint16)


def magick_facts(files: Sequence[Path]) -> dict[str, list[str]]:
    """Of each file by its name: width, height, bits, type of pixels, and whether alpha counts."""
    identify = [program("identify-im6.q16", "magick", "identify")]
    if identify[0].endswith("magick"):  # of version 7, which has one program for all
        identify.append("identify")
    command = [*identify, "-format", "%f|%w|%h|%z|%[type]|%A\n", *(f"{file}[0]" for file in files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rows = [line.split("|") for line in done.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows}
