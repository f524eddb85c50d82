"""Events as plain mappings, for programs that read what another one did."""

from __future__ import annotations

from bimaco_gui.services.events import (
    CancelledEvent,
    Done,
    Failed,
    Milestone,
    Skipped,
    Started,
    TileDone,
)

_DECIMALS = 3


def record(event: Milestone) -> dict[str, object]:
    """The event as values that JSON knows.

    Every record has ``event``, ``job`` (the job's id), ``input`` and ``seconds``; the others hold
    what the event says: sizes in pixels, counts of tiles, the ``output`` file and ``notes`` on
    it, ``title`` and ``message`` of a failure or of what was skipped.
    """
    match event:
        case Started():
            name, seconds = "started", 0.0
            rest: dict[str, object] = {
                "output": _text(event.job.output),
                "width": event.width,
                "height": event.height,
                "out_width": event.out_width,
                "out_height": event.out_height,
            }
        case TileDone():
            name, seconds = "tile", event.seconds
            remaining = None if event.remaining is None else round(event.remaining, _DECIMALS)
            rest = {"done": event.done, "total": event.total, "remaining": remaining}
        case Done():
            name, seconds = "done", event.seconds
            rest = {
                "output": _text(event.output),
                "width": event.width,
                "height": event.height,
                "notes": list(event.notes),
            }
        case Failed() | Skipped():
            name = "failed" if isinstance(event, Failed) else "skipped"
            seconds = event.seconds
            rest = {"title": event.title, "message": event.message}
        case CancelledEvent():
            name, seconds, rest = "cancelled", event.seconds, {}
    return {
        "event": name,
        "job": event.job.id,
        "input": str(event.job.input),
        "seconds": round(seconds, _DECIMALS),
        **rest,
    }


def _text(path: object) -> str | None:
    return None if path is None else str(path)
