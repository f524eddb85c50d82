import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bimaco_gui.services import doctor
from bimaco_gui.services.events import CancelledEvent, Done, Event, Failed, Started, TileDone
from bimaco_gui.services.jobs import Job
from bimaco_gui.services.records import record

JOB = Job(Path("in/a.png"), Path("out/a_x4.png"), id="7")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            Started(JOB, 8, 6, 32, 24),
            {
                "event": "started",
                "seconds": 0.0,
                "output": str(Path("out/a_x4.png")),
                "width": 8,
                "height": 6,
                "out_width": 32,
                "out_height": 24,
            },
        ),
        (
            TileDone(JOB, 1, 4, 0.12345, 0.4),
            {"event": "tile", "seconds": 0.123, "done": 1, "total": 4, "remaining": 0.4},
        ),
        (TileDone(JOB, 1, 4, 0.1, None), {"remaining": None}),
        (
            Done(JOB, Path("out/a_x4 (2).png"), 32, 24, 1.5),
            {
                "event": "done",
                "seconds": 1.5,
                "output": str(Path("out/a_x4 (2).png")),
                "width": 32,
                "height": 24,
            },
        ),
        (
            Failed(JOB, "Cannot read", "It is empty.", 0.1),
            {"event": "failed", "seconds": 0.1, "title": "Cannot read", "message": "It is empty."},
        ),
        (CancelledEvent(JOB, 2.0), {"event": "cancelled", "seconds": 2.0}),
    ],
)
def test_an_event_is_told_in_full(event: Event, expected: dict[str, object]) -> None:
    found = json.loads(json.dumps(record(event)))
    assert found["job"] == "7"
    assert found["input"] == str(Path("in/a.png"))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_survives_json() -> None:
    odd = Job(Path(os.fsdecode(b"caf\xe9.png")))
    found = json.loads(json.dumps(record(Failed(odd, "", ""))))
    assert os.fsencode(found["input"]) == b"caf\xe9.png"


def test_the_report_names_versions_and_places() -> None:
    facts = dict(doctor.report())
    assert facts["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert facts["Settings"].startswith(os.environ["BIMACO_HOME"])
    assert facts["pillow"][0].isdigit()


def test_the_report_warns_of_kernels_that_are_not_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bimaco_gui.ops.library_warning", lambda: "They are old.")
    assert dict(doctor.report())["Warning"] == "They are old."
    monkeypatch.setattr("bimaco_gui.ops.library_warning", lambda: None)
    assert "Warning" not in dict(doctor.report())


def test_a_report_of_a_broken_installation_still_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[SimpleNamespace]:
        raise RuntimeError("the model folder is gone")

    monkeypatch.setattr(doctor, "list_models", broken)
    monkeypatch.setitem(sys.modules, "bimaco_gui.engine.describe", None)
    facts = dict(doctor.report())
    assert facts["Models"] == "not usable: the model folder is gone"
    assert facts["Engine"].startswith("not usable")
    assert "Log" in facts
