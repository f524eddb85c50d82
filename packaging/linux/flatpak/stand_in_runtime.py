"""A runtime of this machine's own libraries, to try the bundle where Flathub cannot be reached.

It bears the name of the runtime that the manifest wants, and holds only what the program needs and
what a trial uses: nothing to give to others.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from make_bundle import Manifest

PROGRAMS = (
    *("sh", "bash", "cat", "cp", "ls", "ln", "mkdir", "rm", "sed", "install", "env", "true"),
    *("dirname", "basename", "id", "sleep", "gdbus", "ldconfig"),
)
DATA = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/X11/xkb",
    "/usr/lib/locale/C.utf8",
    "/etc/fonts",
    "/etc/ssl/certs/ca-certificates.crt",
)


def make_runtime(program: Path, repository: Path, manifest: Manifest, arch: str) -> None:
    """Export runtime and SDK, which are the same here, into a repository.

    Args:
        program: Folder of the frozen program, whose libraries from elsewhere are copied.
        repository: Made if it is missing.
        manifest: Names them.
        arch: As flatpak calls this machine's.
    """
    build = repository.with_name("runtime")
    usr = build / "usr"
    for folder in (usr, build / "files"):  # the second one is looked for, and stays empty
        folder.mkdir(parents=True)
    programs = [Path(found) for name in PROGRAMS if (found := shutil.which(name)) is not None]
    for file in {*programs, *libraries([*programs, *elf_files(program)])}:
        _copy(file, usr)
    for name in DATA:
        _copy(Path(name), usr)
    for name in (manifest.runtime, manifest.sdk):
        suffix = f"{arch}/{manifest.version}"
        (build / "metadata").write_text(
            f"[Runtime]\nname={name}\nruntime={manifest.runtime}/{suffix}\n"
            f"sdk={manifest.sdk}/{suffix}\n"
        )
        command = ["flatpak", "build-export", "--runtime", "--disable-sandbox"]
        subprocess.run([*command, repository, build, manifest.version], check=True)
    shutil.rmtree(build)


def elf_files(folder: Path) -> Iterator[Path]:
    """The programs and libraries in a folder."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def libraries(files: list[Path]) -> set[Path]:
    """The system's libraries that these files load, themselves or through others."""
    found = set()
    for file in files:
        said = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
        found.update(re.findall(r"(?:=> |^\s*)(/(?:usr/)?lib\S*)", said, re.MULTILINE))
    return {Path(name) for name in found}


def _copy(source: Path, usr: Path) -> None:
    """Copy a file or folder to its place; what is in ``/etc`` belongs below ``/usr/etc`` here."""
    relative = source.relative_to("/")
    if relative.parts[0] == "usr":
        relative = relative.relative_to("usr")
    target = usr / relative
    if target.exists() or not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=False, ignore_dangling_symlinks=True)
    else:
        shutil.copy2(source, target)
