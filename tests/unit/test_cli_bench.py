import json
from typing import Any

import pytest

from bimaco_gui import __version__
from bimaco_gui.cli import main
from bimaco_gui.services import bench
from bimaco_gui.services.bench import KINDS, BenchOptions


def test_kernels_are_measured_and_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "kernels", "--json", "--rounds", "1", "--most", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["bench"], report["version"], report["rounds"]) == ("kernels", __version__, 1)
    assert len(report["layers"]) == 2
    assert report["machine"]
    assert "channels_last" in report["baseline"]
    assert {"start", "end"} == set(report["load_average"])
    assert {"what", "unit", "target", "measured", "met", "at_least"} == set(report["targets"][0])


def test_a_report_is_printed_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[BenchOptions, list[str]]] = []

    def measure(options: BenchOptions, command: list[str]) -> dict[str, Any]:
        seen.append((options, command))
        return {"bench": options.kind, "warning": "The library is old."}

    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "text_of", lambda report: f"text of {report['bench']}")
    arguments = ["--threads", "1", "--rounds", "2", "--model", "fine", "--real-esrgan", "x/net"]
    assert main(["bench", "image", *arguments]) == 0
    said = capsys.readouterr()
    assert said.out == "text of image\n"
    assert "The library is old." in said.err
    (options, command) = seen[0]
    assert (options.threads, options.rounds, options.model) == (1, 2, "fine")
    assert options.peer is not None
    assert options.peer.name == "net"
    assert command[-3:] == ["bench", "image", "--take-part"]


@pytest.mark.parametrize("option", ["--threads", "--rounds", "--most"])
def test_numbers_below_one_are_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["bench", KINDS[0], option, "0"])
    assert left.value.code == 2
    assert "at least 1" in capsys.readouterr().err


def test_a_missing_model_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "kernels", "--model", "nothing"]) == 1
    assert "There is no model 'nothing'" in capsys.readouterr().err


def test_a_race_that_ends_early_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(options: BenchOptions, command: list[str]) -> dict[str, Any]:
        raise RuntimeError("x ended early with status 3")

    monkeypatch.setattr(bench, "measure", measure)
    assert main(["bench", "model"]) == 1
    assert "x ended early with status 3" in capsys.readouterr().err


def test_a_device_without_kernels_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "kernels", "--device", "abacus"]) == 1
    assert "There are no kernels for 'abacus'" in capsys.readouterr().err
