"""What tests of several parts of the package need."""

from collections.abc import Iterator

import pytest

from bimaco_gui.services import updates
from tests.release_server import ReleaseServer, serving


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses of this machine are reached directly, whatever its user has set."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def release_server(no_proxy: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseServer]:
    """A server of this machine in the place of the one that is asked for updates."""
    with serving() as state:
        monkeypatch.setattr(updates, "NEWEST_RELEASE", state.address)
        yield state
