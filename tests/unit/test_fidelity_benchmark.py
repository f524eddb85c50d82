"""The command that prints the fidelity table runs as a whole."""

import pytest

from tests.benchmarks import fidelity


@pytest.mark.slow
def test_it_prints_a_row_for_each_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert fidelity.main(["--photos", "1", "--only", "bicubic", "packed"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("| bicubic") == 2 * (1 + len(fidelity.SHARES))
    assert printed.count("| fidelity") == 2 * len(fidelity.SETTINGS)
