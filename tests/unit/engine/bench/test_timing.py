from bimaco_gui.engine.bench.targets import Target
from bimaco_gui.engine.bench.timing import Times, alternate


def test_calls_warm_up_and_then_take_turns() -> None:
    said: list[str] = []
    ticks = iter(range(100))
    times = alternate(
        [lambda: said.append("a"), lambda: said.append("b")], 3, lambda: float(next(ticks))
    )
    assert "".join(said) == "ab" + "ab" * 3
    assert [one.seconds for one in times] == [(1.0, 1.0, 1.0)] * 2


def test_times_are_told_in_milliseconds() -> None:
    told = Times((0.004, 0.001, 0.002)).to_dict()
    assert told == {"median_ms": 2.0, "fastest_ms": 1.0, "slowest_ms": 4.0}


def test_a_target_is_met_on_its_own_side() -> None:
    assert Target("speed", "x", 11.0, 11).met is True
    assert Target("speed", "x", 10.9, 11).met is False
    assert Target("memory", "GB", 1.1, 1.2, at_least=False).met is True
    assert Target("memory", "GB", 1.3, 1.2, at_least=False).met is False
    assert Target("memory", "GB", None, 1.2, at_least=False).met is None
