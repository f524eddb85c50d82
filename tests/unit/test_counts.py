"""The counts against what is known of the released network, and against the docs."""

from pathlib import Path

import pytest

from tests.benchmarks.counts import Counts, released_counts, table


@pytest.fixture(scope="module")
def counts() -> Counts:
    return released_counts()


def test_the_released_network_has_its_known_size(counts: Counts) -> None:
    assert counts.full == 118_593_583
    assert counts.signs == 104_400_896 + 14_020_608
    assert counts.edges == 8_800 + 4_323
    assert counts.low_rank + counts.unread == 1_241_856
    assert counts.unread == 2 * 8 * (160 + 320 + 320)


def test_multiplications_are_the_known_ones(counts: Counts) -> None:
    assert counts.full_macs / 1e9 == pytest.approx(50.12, abs=0.01)
    assert counts.sign_macs + counts.edge_macs == counts.full_macs
    assert counts.edge_macs == 64 * 64 * 9 * (6 * 160 + 160 * 3)
    assert counts.low_rank_macs / 1e9 == pytest.approx(0.934, abs=0.001)
    assert counts.sparse_macs / 1e9 == pytest.approx(0.160, abs=0.001)


def test_the_docs_carry_the_printed_table(counts: Counts, repo: Path) -> None:
    text = table(counts)
    assert "23.8x" in text
    assert text in (repo / "docs" / "model.md").read_text(encoding="utf-8")
