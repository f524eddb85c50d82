"""The house rules: what holds for the project as a whole."""

import hashlib
import importlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bimaco_gui

_PACKAGE = Path(bimaco_gui.__file__).parent
MODULES = sorted(
    ".".join(source.relative_to(_PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for source in _PACKAGE.rglob("*.py")
)
LARGEST_MODEL_BYTES = 30_000_000
LARGEST_SAMPLE_BYTES = 100_000
NEVER_IN_THE_TREE = (
    "__pycache__",
    ".pyc",
    ".pyo",
    ".so",
    ".dylib",
    ".dll",
    ".o",
    ".egg-info",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    ".DS_Store",
    ".orig",
    ".rej",
    ".part",
    ".pt",
    ".pth",
    ".ckpt",
)


@pytest.fixture(scope="module")
def project(repo: Path) -> dict[str, Any]:
    return tomllib.loads((repo / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def pins(repo: Path) -> dict[str, Requirement]:
    lines = (repo / "constraints.txt").read_text().splitlines()
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pinned}


@pytest.fixture(scope="module")
def named(project: dict[str, Any]) -> list[Requirement]:
    """Every requirement that pyproject names: to build, to run, to test, to develop."""
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    return [Requirement(line) for line in [*lines, *(one for extra in extras for one in extra)]]


def modules_after(statement: str, repo: Path) -> set[str]:
    """Run a statement in a fresh interpreter and return the top-level modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


def tracked(repo: Path) -> list[str]:
    git = shutil.which("git")
    if git is None or not (repo / ".git").exists():
        pytest.skip("not a git checkout")
    # A checkout that another account owns is still this checkout.
    command = [git, "-c", f"safe.directory={repo}", "ls-files", "-z"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name]


def test_the_package_under_test_is_this_checkout(repo: Path) -> None:
    assert Path(bimaco_gui.__file__).parent == repo / "bimaco_gui"


@pytest.mark.parametrize("name", MODULES)
def test_every_module_imports(name: str) -> None:
    if name == "bimaco_gui.__main__":
        pytest.skip("importing it starts the program")
    importlib.import_module(name)


def test_the_import_contracts_hold(repo: Path) -> None:
    program = shutil.which("lint-imports", path=Path(sys.executable).parent)
    if program is None:
        pytest.skip("import-linter is not installed")
    done = subprocess.run([program, "--no-cache"], cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["bimaco_gui.cli", "bimaco_gui.app", "bimaco_gui.services"])
def test_the_program_starts_without_loading_torch(name: str, repo: Path) -> None:
    assert "torch" not in modules_after(f"import {name}", repo)


def test_the_command_line_starts_without_loading_qt(repo: Path) -> None:
    assert "PySide6" not in modules_after("import bimaco_gui.cli", repo)


def test_the_native_kernels_are_built_where_there_is_a_compiler() -> None:
    compiler = next(filter(shutil.which, ["c++", "g++", "clang++", "cl"]), None)
    installed = list(importlib.metadata.distributions(name="bimaco-gui"))
    if compiler is None or not installed:
        pytest.skip("needs a C++ compiler and the installed project (make setup)")
    from bimaco_gui import ops

    assert ops.native_available()


@pytest.mark.parametrize("folder", ["kernels", "packaging", "resources"])
def test_folders_named_like_packages_of_others_are_no_packages(folder: str, repo: Path) -> None:
    assert not list((repo / folder).rglob("__init__.py"))


def test_versions_agree(project: dict[str, Any], repo: Path) -> None:
    version = project["project"]["version"]
    assert bimaco_gui.__version__ == version
    changelog = (repo / "CHANGELOG.md").read_text()
    sections = re.findall(r"^## \[([^]]+)\](.*)$", changelog, re.MULTILINE)
    newest, rest = sections[0]
    assert newest == version or (newest == "Unreleased" and version in rest)


def test_every_requirement_is_pinned_within_its_range(
    named: list[Requirement], pins: dict[str, Requirement]
) -> None:
    for requirement in named:
        assert canonicalize_name(requirement.name) in pins, f"{requirement.name} is not pinned"
        (pin,) = pins[canonicalize_name(requirement.name)].specifier
        assert pin.operator == "=="
        assert requirement.specifier.contains(pin.version), f"{requirement} but {pin}"


def test_what_requirements_bring_along_is_pinned_too(
    named: list[Requirement], pins: dict[str, Requirement]
) -> None:
    waiting, seen, loose = list(named), set(), set()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        if key[0] not in pins:
            loose.add(key[0])
        try:
            brings = importlib.metadata.requires(requirement.name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for line in brings:
            brought = Requirement(line)
            contexts = [{"extra": extra} for extra in ["", *requirement.extras]]
            if brought.marker is None or any(map(brought.marker.evaluate, contexts)):
                waiting.append(brought)
    # The CUDA builds of torch pin these themselves, and the CPU builds do without.
    ours = {name for name in loose if not re.match(r"(nvidia|cuda)-|triton$", name)}
    assert not ours


def test_bundled_models_are_small(repo: Path) -> None:
    models = list((repo / "resources" / "models").glob("*.safetensors"))
    assert sum(model.stat().st_size for model in models) < LARGEST_MODEL_BYTES


def test_sample_photos_are_small_and_credited(repo: Path) -> None:
    samples = list((repo / "resources" / "samples").glob("*.jpg"))
    credit = (repo / "resources" / "samples" / "LICENCE.md").read_text()
    assert samples
    for sample in samples:
        assert sample.stat().st_size <= LARGEST_SAMPLE_BYTES
        assert sample.name in credit
        assert "CC0" in credit


def test_the_tree_holds_no_caches_and_no_build_products(repo: Path) -> None:
    parts = {name: Path(name).parts for name in tracked(repo)}
    assert not [
        name
        for name, all_parts in parts.items()
        if any(part.endswith(NEVER_IN_THE_TREE) for part in all_parts)
        or all_parts[0] in {"build", "dist", "runs", ".venv"}
    ]


def test_the_readmes_commands_exist(repo: Path) -> None:
    readme = (repo / "README.md").read_text()
    commands = set(re.findall(r"\bmake ([a-z][a-z-]*)", readme))
    assert {"run", "test"} <= commands
    targets = set(re.findall(r"^([a-z][a-z-]*):", (repo / "Makefile").read_text(), re.MULTILINE))
    assert commands <= targets


def test_the_readmes_links_lead_somewhere(repo: Path) -> None:
    for page in [repo / "README.md", repo / "CONTRIBUTING.md", repo / "packaging" / "README.md"]:
        links = re.findall(r"\]\(([^)#]+)", page.read_text())
        here = [link for link in links if not re.match(r"[a-z]+:", link)]
        assert not [link for link in here if not (page.parent / link).exists()], page


def test_the_sample_that_make_run_opens_is_there(repo: Path) -> None:
    (sample,) = re.findall(r"^SAMPLE := (\S+)$", (repo / "Makefile").read_text(), re.MULTILINE)
    assert (repo / sample).is_file()


def test_the_figures_in_the_documentation_are_those_of_the_bundled_model(repo: Path) -> None:
    model = repo / "resources" / "models" / "photo.safetensors"
    bundled = hashlib.sha256(model.read_bytes()).hexdigest()
    named = {
        page.name: re.findall(r"`photo\.safetensors`, SHA-256 ([0-9a-f]+)", page.read_text())
        for page in (repo / "docs").glob("*.md")
    }
    assert named["benchmarks.md"] and named["fidelity.md"]
    for page, digests in named.items():
        assert all(bundled.startswith(digest) for digest in digests), page
