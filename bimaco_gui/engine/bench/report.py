"""What a printed table needs around it: the machine, the date, markdown, a section of a file."""

from __future__ import annotations

import datetime
import hashlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from bimaco_gui.atomic import new_file


def machine() -> str:
    """Describe the machine in one line: processor, cores, system."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def load() -> str:
    """Return ", load average 1.0 at the end", or nothing where the system does not tell.

    Seconds that were taken while other programs ran are too high, so the tables say so.
    """
    average = load_average()
    return "" if average is None else f", load average {average:.1f} at the end"


def load_average() -> float | None:
    """Return how many programs wanted to run during the last minute; None where it is not told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def today() -> str:
    """Return the date of the run, ISO 8601, UTC."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def file_hash(path: Path) -> str:
    """Return the first 16 hexadecimal digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table: the first column to the left, the others to the right, widths aligned."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [_line(header, widths)]
    rules = ["-" * width if i == 0 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]
    lines.append(_line(rules, widths))
    lines += [_line(row, widths) for row in rows]
    return "\n".join(lines)


def write_section(path: Path, name: str, text: str) -> None:
    """Put ``text`` between the markers of section ``name`` in a markdown file.

    The rest of the file stays as it is. A missing section is appended, a missing file created.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    whole = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    before, found, rest = whole.partition(begin)
    if found:
        _, closed, after = rest.partition(end)
        if not closed:
            raise ValueError(f"{path} has no '{end}' after '{begin}'")
        whole = before + section + after
    else:
        whole = whole.rstrip() + f"\n\n{section}\n"
    with new_file(path, overwrite=True) as file:
        file.write(whole.encode())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(aligned) + " |"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown processor"
