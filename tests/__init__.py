"""Tests of the app: unit, parity, journeys (the real program) and benchmarks."""
