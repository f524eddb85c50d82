"""The journeys leave nothing behind, and Qt has nothing to complain of."""

from pathlib import Path

import pytest

from tests.leftovers import (
    mark_window_tests,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt fails a test, but for what the invisible screen says of itself."""
    mark_window_tests(items, HERE)
