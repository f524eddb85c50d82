"""The other end of `services.isolation`: no command for people, so no help names it."""

from __future__ import annotations

from collections.abc import Sequence

COMMAND = "engine-process"


def run(arguments: Sequence[str]) -> None:
    """Be the engine's process; it never returns."""
    from bimaco_gui.services.isolation.serving import serve

    serve(*arguments)
