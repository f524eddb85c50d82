"""What desktops and packages read: valid, complete, and of one mind with the app."""

import configparser
import os
import re
import runpy
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from bimaco_gui import __version__
from bimaco_gui.services.desktop import APP_ID

FREEDESKTOP = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def linux(repo: Path) -> Path:
    return repo / "packaging" / "linux"


def entries(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return found


def test_the_desktop_file_is_valid(linux: Path) -> None:
    validate = program("desktop-file-validate", "desktop-file-utils")
    path = linux / f"{APP_ID}.desktop"
    done = subprocess.run([validate, path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_metadata_is_valid(linux: Path) -> None:
    validate = program("appstreamcli", "appstream")
    command = [validate, "validate", "--no-net", linux / f"{APP_ID}.metainfo.xml"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_both_name_the_app_as_it_names_itself(linux: Path) -> None:
    metadata = ET.parse(linux / f"{APP_ID}.metainfo.xml").getroot()
    desktop = entries(linux / f"{APP_ID}.desktop")
    assert metadata.findtext("id") == desktop["Icon"] == desktop["StartupWMClass"] == APP_ID
    assert metadata.findtext("launchable") == f"{APP_ID}.desktop"
    assert metadata.findtext("summary") == desktop["Comment"]
    types = {node.text for node in metadata.iter("mediatype")}
    assert types == set(desktop["MimeType"].strip(";").split(";"))
    newest = metadata.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__


def test_every_text_is_there_in_each_language(linux: Path) -> None:
    desktop = entries(linux / f"{APP_ID}.desktop")
    for key in ("GenericName", "Comment", "Keywords"):
        assert desktop[key]
        assert desktop[f"{key}[de]"]
        assert desktop[f"{key}[zh_CN]"]
    metadata = ET.parse(linux / f"{APP_ID}.metainfo.xml").getroot()
    texts = [node.get(FREEDESKTOP) for tag in ("p", "li") for node in metadata.iter(tag)]
    assert texts.count(None) == texts.count("de") == texts.count("zh_CN") > 3


@pytest.mark.skipif(os.name == "nt", reason="a shell script for Linux")
@pytest.mark.parametrize("program_path", ["bimaco-gui", "/opt/my apps/100%/bimaco-gui"])
def test_the_app_is_added_to_the_menus_and_removed(
    linux: Path, tmp_path: Path, program_path: str
) -> None:
    def run(argument: str) -> None:
        environment = os.environ | {"DESTDIR": "", "PREFIX": str(tmp_path)}
        subprocess.run([linux / "install.sh", argument], env=environment, check=True)

    run(program_path)
    share = tmp_path / "share"
    installed = entries(share / "applications" / f"{APP_ID}.desktop")
    assert installed["TryExec"] == program_path
    plain = re.sub(r'^"|"(?= )', "", installed["Exec"]).replace("%%", "%")
    assert plain == f"{program_path} open %F"
    assert (share / "metainfo" / f"{APP_ID}.metainfo.xml").is_file()
    assert (share / "icons/hicolor/scalable/apps" / f"{APP_ID}.svg").is_file()
    if shutil.which("desktop-file-validate"):
        path = share / "applications" / f"{APP_ID}.desktop"
        done = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True)
        assert done.stdout == ""
    run("--remove")
    assert not [path for path in share.rglob(f"{APP_ID}*") if path.is_file()]


# ---- Flatpak ----


@pytest.fixture
def manifest(linux: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((linux / "flatpak" / f"{APP_ID}.yml").read_text())
    return read


def test_the_sandbox_runs_what_the_desktop_starts(
    linux: Path, manifest: dict[str, Any], repo: Path
) -> None:
    desktop = entries(linux / f"{APP_ID}.desktop")
    metadata = ET.parse(linux / f"{APP_ID}.metainfo.xml").getroot()
    assert manifest["id"] == APP_ID
    assert manifest["command"] == desktop["Exec"].split()[0] == metadata.findtext("provides/binary")
    assert isinstance(manifest["runtime-version"], str)
    (module,) = manifest["modules"]
    (command,) = module["build-commands"]
    sources = {source.get("dest", "."): source for source in module["sources"]}
    assert sources["program"]["path"] == "../../../dist/bimaco-gui"
    for name, source in sources.items():
        if name != "program":
            assert (linux / "flatpak" / source["path"]).exists()
    script, program_folder, prefix = command.split()
    assert os.access(repo / script, os.X_OK)
    assert (program_folder, prefix) == ("program", "/app")


def test_the_sandbox_permits_what_the_app_uses_and_nothing_else(
    manifest: dict[str, Any], repo: Path
) -> None:
    permissions = manifest["finish-args"]
    folders = ["xdg-pictures", "xdg-desktop", "xdg-documents", "xdg-download"]
    assert sorted(permissions) == sorted(
        [
            *("--socket=wayland", "--socket=fallback-x11", "--share=ipc", "--device=dri"),
            *(f"--filesystem={folder}" for folder in folders),
            *(f"--filesystem={folder}" for folder in ("/media", "/mnt", "/run/media")),
            "--persist=.local/state",
            "--talk-name=org.freedesktop.Notifications",
            "--system-talk-name=org.freedesktop.login1",
        ]
    )
    sources = "".join(
        path.read_text() for path in (repo / "bimaco_gui/services/desktop").glob("*.py")
    )
    guide = (repo / "packaging" / "README.md").read_text()
    for permission in permissions:
        if "talk-name" in permission:
            assert f'"{permission.partition("=")[2]}"' in sources
        assert f"`{permission}`" in guide


@pytest.mark.skipif(os.name == "nt", reason="a shell script for Linux")
def test_the_program_and_what_desktops_read_go_into_the_sandbox(
    linux: Path, tmp_path: Path
) -> None:
    frozen, app = stand_in_program(tmp_path), tmp_path / "build" / "files"
    subprocess.run([linux / "flatpak" / "into_app.sh", frozen, app], check=True)
    done = subprocess.run([app / "bin" / "bimaco-gui"], capture_output=True, text=True)
    assert done.stdout == "here\n"
    made = {str(path.relative_to(app)) for path in app.rglob("*") if path.is_file()}
    assert made == {
        "bin/bimaco-gui",
        "lib/bimaco-gui/bimaco-gui",
        f"share/applications/{APP_ID}.desktop",
        f"share/icons/hicolor/scalable/apps/{APP_ID}.svg",
        f"share/metainfo/{APP_ID}.metainfo.xml",
    }
    assert entries(app / f"share/applications/{APP_ID}.desktop")["Exec"] == "bimaco-gui open %F"


def test_a_bundle_is_made_and_installed_with_these_permissions(
    linux: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    flatpak = program("flatpak", "flatpak")
    environment = os.environ | {"FLATPAK_USER_DIR": str(tmp_path / "user")}

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    bundle = tmp_path / "dist" / "BiMaCo.flatpak"
    script = linux / "flatpak" / "make_bundle.py"
    frozen = stand_in_program(tmp_path)
    made = [sys.executable, script, "--program", frozen, "--bundle", bundle]
    run(*made)
    assert b"https://dl.flathub.org/repo/flathub.flatpakrepo" in bundle.read_bytes()
    run(*made, "--runtimes", "")  # or else installing it would ask there
    assert list(bundle.parent.iterdir()) == [bundle]
    run(flatpak, "--user", "install", "--noninteractive", "--no-deps", "--bundle", bundle)
    stored = configparser.ConfigParser(interpolation=None)
    stored.read_string(run(flatpak, "--user", "info", "--show-metadata", APP_ID))
    application, context = stored["Application"], stored["Context"]
    name, _, version = application["runtime"].split("/")
    assert (name, version) == (manifest["runtime"], manifest["runtime-version"])
    assert application["command"] == manifest["command"]
    assert context["shared"] == "ipc;"
    allowed = {f"--filesystem={folder}" for folder in context["filesystems"].split(";") if folder}
    assert allowed == {one for one in manifest["finish-args"] if one.startswith("--filesystem")}
    exported = tmp_path / "user" / "exports" / "share"
    assert (exported / f"icons/hicolor/scalable/apps/{APP_ID}.svg").is_file()
    started = entries(exported / "applications" / f"{APP_ID}.desktop")["Exec"]
    assert started.endswith(f"--file-forwarding {APP_ID} open @@ %F @@")


def stand_in_program(folder: Path) -> Path:
    """A folder as PyInstaller makes it, with a program that only says that it is there."""
    frozen = folder / "frozen"
    frozen.mkdir()
    script = frozen / "bimaco-gui"
    script.write_text("#!/bin/sh\necho here\n")
    script.chmod(0o755)
    return frozen


def test_icons_are_drawn_for_every_system(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["make_icons.py", str(tmp_path)])
    runpy.run_path(str(repo / "packaging" / "make_icons.py"), run_name="__main__")
    for side in (16, 48, 256):
        with Image.open(tmp_path / f"hicolor/{side}x{side}/apps/{APP_ID}.png") as icon:
            assert icon.size == (side, side)
            assert icon.getpixel((0, 0))[3] == 0  # type: ignore[index]
            assert icon.getpixel((side // 2, side // 2))[3] == 255  # type: ignore[index]
    with Image.open(tmp_path / f"{APP_ID}.ico") as windows:
        assert (256, 256) in windows.info["sizes"]
        assert (16, 16) in windows.info["sizes"]
    with Image.open(tmp_path / f"{APP_ID}.icns") as mac:
        assert mac.size[0] >= 512
