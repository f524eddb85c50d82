import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bimaco_gui import paths
from bimaco_gui.services.log import start_log


@pytest.fixture
def logger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    monkeypatch.setenv("BIMACO_HOME", str(tmp_path))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    logger = logging.getLogger("bimaco_gui")
    before = list(logger.handlers)
    logger.handlers.clear()
    yield logger
    for handler in logger.handlers:
        handler.close()
    logger.handlers[:] = before


def test_errors_go_to_the_log_once_and_the_file_begins_with_the_first(
    logger: logging.Logger,
) -> None:
    start_log()
    start_log()
    assert not paths.log_file().exists()
    logging.getLogger("bimaco_gui.services.runner").error("it broke")
    assert paths.log_file().read_text().count("it broke") == 1


def test_a_log_that_cannot_be_written_stops_nobody(
    logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_log()
    paths.log_file().mkdir()
    logger.error("it broke")
    assert "Logging error" not in capsys.readouterr().err
