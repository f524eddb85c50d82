import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bimaco_gui.weights.integers import LONGEST_GAP, as_gaps, deflated, from_gaps, inflated


@given(st.binary(max_size=300))
def test_bytes_come_back(content: bytes) -> None:
    values = np.frombuffer(content, np.uint8)
    assert np.array_equal(inflated(deflated(values), len(values)), values)


def test_integers_that_are_mostly_small_take_fewer_bits() -> None:
    generator = np.random.Generator(np.random.PCG64(0))
    values = np.clip(generator.normal(0, 10, 10_000), -27, 27).round().astype(np.int8)
    stored = deflated(values)
    assert 8 * stored.size < 5.6 * values.size
    assert np.array_equal(inflated(stored, values.size).view(np.int8), values)


def test_what_is_damaged_cut_off_or_too_long_is_refused() -> None:
    stored = deflated(np.arange(100, dtype=np.uint8))
    with pytest.raises(ValueError, match="longer than 99"):
        inflated(stored, 99)
    for bad in (stored[:-1], np.concatenate((stored, stored[:1])), stored[:0]):
        with pytest.raises(ValueError, match="cut off"):
            inflated(bad, 100)
    damaged = stored.copy()
    damaged[20] ^= 255
    with pytest.raises(ValueError):
        inflated(damaged, 100)


def test_a_small_file_cannot_become_a_large_one() -> None:
    with pytest.raises(ValueError, match="longer than 10"):
        inflated(deflated(np.zeros(10_000_000, np.uint8)), 10)


@given(st.sets(st.integers(0, 3000)))
def test_rising_places_come_back(places: set[int]) -> None:
    rising = np.array(sorted(places), np.int64)
    assert np.array_equal(from_gaps(as_gaps(rising)), rising)


def test_long_gaps_go_on_in_the_next_byte() -> None:
    places = np.array([0, 255, 510, 766, 1500])
    stored = as_gaps(places)
    assert stored.tolist() == [0, 254, 254, LONGEST_GAP, 0, LONGEST_GAP, LONGEST_GAP, 223]
    assert np.array_equal(from_gaps(stored), places)


def test_places_must_rise_and_gaps_must_end() -> None:
    for places in ([3, 3], [4, 2], [-1]):
        with pytest.raises(ValueError, match="rise"):
            as_gaps(np.array(places))
    with pytest.raises(ValueError, match="no end"):
        from_gaps(np.array([1, LONGEST_GAP], np.uint8))
