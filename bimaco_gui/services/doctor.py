"""What a report of a problem needs: versions, the instruction set, the devices, the models."""

from __future__ import annotations

import platform
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import metadata

from bimaco_gui import __version__, paths
from bimaco_gui.services.isolation.choice import has_gpu_driver
from bimaco_gui.services.isolation.process import EngineProcess
from bimaco_gui.services.isolation.running import ProcessLost
from bimaco_gui.services.models import list_models

_PACKAGES = ("numpy", "pillow", "PySide6-Essentials", "safetensors")


Facts = Callable[[], Iterator[tuple[str, str]]]


def report_apart(
    cancel: threading.Event, process: EngineProcess | None = None
) -> list[tuple[str, str]]:
    """The same as `report`, for the window, which a driver that crashes must not end.

    Args:
        cancel: Set by anyone to stop.
        process: Asks the driver, and is closed then; where there is a driver, a new one if None.

    Raises:
        Cancelled: `cancel` was set.
    """
    if process is None:
        if not has_gpu_driver():
            return report()
        process = EngineProcess(silence_seconds=60.0)
    try:
        session = process.session()
        facts = session.call("facts", cancel=cancel, abandons=True)
        return report(lambda: iter(facts))
    except ProcessLost as error:
        reason = f"the process that asked for it is lost: {error}"
        return report(lambda: iter([("Engine", reason)]))
    finally:
        process.close()


def report(engine_facts: Facts | None = None) -> list[tuple[str, str]]:
    """Names and values, in the order to show. It never fails: what is not there is said so.

    Args:
        engine_facts: Gives those of the engine; asked for in this process if None.
    """
    facts = [
        ("BiMaCo", __version__),
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        ("System", platform.platform()),
        *((package, _version(package)) for package in _PACKAGES),
    ]
    facts += _asked("Engine", engine_facts or _engine_facts)
    facts += _asked("Models", _model_facts)
    facts += [
        ("User models", str(paths.user_models_folder())),
        ("Settings", str(paths.settings_file())),
        ("Queue", str(paths.queue_file())),
        ("Log", str(paths.log_file())),
    ]
    return facts


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _asked(name: str, ask: Facts) -> list[tuple[str, str]]:
    # A report is wanted most where something is broken, so no failure may end it.
    try:
        return list(ask())
    except Exception as error:
        return [(name, f"not usable: {error}")]


def _engine_facts() -> Iterator[tuple[str, str]]:
    from bimaco_gui.engine.describe import describe

    yield from describe()


def _model_facts() -> Iterator[tuple[str, str]]:
    models = list_models()
    if not models:
        yield "Models", "none installed"
    for model in models:
        yield f"Model {model.name}", f"{model.path} ({model.file_bytes / 1e6:.1f} MB)"
