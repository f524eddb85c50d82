"""Make a Flatpak bundle, a single file, of the frozen program. No Flathub is needed for it.

    python packaging/linux/flatpak/make_bundle.py [--program dist/bimaco-gui]
        [--bundle dist/BiMaCo.flatpak] [--runtimes URL]

Name, runtime, command and permissions come from the manifest beside this file. Who installs the
bundle needs that runtime, and gets it from where ``--runtimes`` says, which is Flathub; an empty
address leaves that out of the bundle.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
MANIFEST = HERE / "io.github.bimaco.BiMaCo.yml"
BRANCH = "stable"
FLATHUB = "https://dl.flathub.org/repo/flathub.flatpakrepo"


@dataclass(frozen=True)
class Manifest:
    """What the manifest says, as far as a bundle needs it."""

    app_id: str
    runtime: str
    sdk: str
    version: str
    command: str
    permissions: tuple[str, ...]


def read_manifest(path: Path = MANIFEST) -> Manifest:
    """Read the manifest."""
    stored = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Manifest(
        stored["id"],
        stored["runtime"],
        stored["sdk"],
        stored["runtime-version"],
        stored["command"],
        tuple(stored["finish-args"]),
    )


def make_bundle(program: Path, bundle: Path, runtimes: str = FLATHUB) -> None:
    """Make the bundle of a folder that holds the program and all that it needs.

    Args:
        program: The folder.
        bundle: The file to make.
        runtimes: Where whoever installs it gets the runtime from, if that is to be said.

    Raises:
        subprocess.CalledProcessError: A step failed, and has said why.
    """
    app_id = read_manifest().app_id
    bundle.parent.mkdir(parents=True, exist_ok=True)
    # Beside the bundle, since /tmp may be memory, and this takes twice the program's size.
    with tempfile.TemporaryDirectory(prefix=".flatpak-", dir=bundle.parent) as folder:
        repository = Path(folder) / "repository"
        export(program, repository)
        source = [f"--runtime-repo={runtimes}"] if runtimes else []
        flatpak("build-bundle", *source, repository, bundle, app_id, BRANCH)


def export(program: Path, repository: Path) -> None:
    """Put the app into a repository, which is made if it is missing."""
    manifest = read_manifest()
    with tempfile.TemporaryDirectory(prefix=".build-", dir=repository.parent) as folder:
        build = Path(folder)
        begin(build, manifest)
        subprocess.run([HERE / "into_app.sh", program, build / "files"], check=True)
        flatpak("build-finish", f"--command={manifest.command}", *manifest.permissions, build)
        flatpak("build-export", "--disable-sandbox", repository, build, BRANCH)


def begin(build: Path, manifest: Manifest) -> None:
    """Make what ``flatpak build-init`` makes, which wants the SDK installed and uses none of it."""
    asked = subprocess.run(
        ["flatpak", "--default-arch"], check=True, capture_output=True, text=True
    )
    suffix = f"{asked.stdout.strip()}/{manifest.version}"
    for folder in ("files", "var"):
        (build / folder).mkdir(parents=True)
    lines = (
        "[Application]",
        f"name={manifest.app_id}",
        f"runtime={manifest.runtime}/{suffix}",
        f"sdk={manifest.sdk}/{suffix}",
    )
    (build / "metadata").write_text("\n".join(lines) + "\n")


def flatpak(*arguments: str | Path) -> None:
    """Run a command of flatpak."""
    subprocess.run(["flatpak", *arguments], check=True)


def main() -> None:
    """Make it, and say how large it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "dist/bimaco-gui")
    parser.add_argument("--bundle", type=Path, default=ROOT / "dist/BiMaCo.flatpak")
    parser.add_argument("--runtimes", default=FLATHUB, metavar="URL")
    given = parser.parse_args()
    make_bundle(given.program.resolve(), given.bundle.resolve(), given.runtimes)
    print(f"{given.bundle} ({given.bundle.stat().st_size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
