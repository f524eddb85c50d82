"""Recording of tiles, with a stand-in for CUDA graphs that repeats the call."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from bimaco_gui.engine.graphs import LARGEST, MOST, GraphedModel, record
from tests.fixtures_models import BicubicModel


class Recorder:
    """Counts; fails with `error` where there is one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.recorded, self.replayed = error, 0, 0

    def __call__(
        self, call: Callable[[], Tensor], device: torch.device
    ) -> tuple[Callable[[], None], Tensor]:
        assert device == torch.device("cpu")
        if self.error is not None:
            raise self.error
        self.recorded += 1
        result = call()

        def replay() -> None:
            self.replayed += 1
            result.copy_(call())

        return replay, result


def tile(side: int = 16, wide: int = 16) -> tuple[Tensor, Tensor]:
    return torch.rand(1, 3, side, wide), torch.rand(1, 2, side, wide)


def test_a_shape_that_comes_again_is_recorded_and_gives_the_same() -> None:
    recorder, model = Recorder(), BicubicModel()
    graphed = GraphedModel(model, recorder)
    for turn in range(5):
        lq, noise = tile()
        assert torch.equal(graphed(lq, noise), model(lq, noise))
        assert (recorder.recorded, recorder.replayed) == (min(turn, 1), turn)


def test_few_recordings_are_kept() -> None:
    recorder = Recorder()
    graphed = GraphedModel(BicubicModel(), recorder)
    for side in range(1, MOST + 2):
        for _ in range(2):
            graphed(*tile(16 * side))
    assert recorder.recorded == MOST + 1
    graphed(*tile(16 * (MOST + 1)))
    assert recorder.recorded == MOST + 1
    graphed(*tile(16))
    assert recorder.recorded == MOST + 2


def test_large_tiles_are_never_recorded() -> None:
    recorder = Recorder()
    graphed = GraphedModel(BicubicModel(), recorder)
    for _ in range(3):
        graphed(*tile(16, LARGEST // 16 + 16))
    assert recorder.recorded == 0


@pytest.mark.parametrize(
    "error", [RuntimeError("not permitted when stream is capturing"), torch.OutOfMemoryError()]
)
def test_what_cannot_be_recorded_is_computed_all_the_same(error: Exception) -> None:
    recorder, model = Recorder(error), BicubicModel()
    graphed = GraphedModel(model, recorder)
    for _ in range(3):
        lq, noise = tile()
        assert torch.equal(graphed(lq, noise), model(lq, noise))
    recorder.error = None  # it is not tried again
    graphed(*tile())
    assert recorder.recorded == 0


def test_what_is_forgotten_is_recorded_anew() -> None:
    recorder = Recorder()
    graphed = GraphedModel(BicubicModel(), recorder)
    for _ in range(2):
        graphed(*tile())
    graphed.forget()
    graphed(*tile())
    assert recorder.recorded == 2


@pytest.mark.card
@pytest.mark.parametrize("index", range(max(1, torch.cuda.device_count())))
def test_a_real_graph_gives_what_the_model_gives(index: int) -> None:
    has_card = torch.cuda.is_available()
    device = torch.device("cuda", index) if has_card else torch.device("cpu")
    model = BicubicModel()
    graphed = GraphedModel(model, record if has_card else Recorder())
    for _ in range(4):
        lq, noise = (x.to(device) for x in tile())
        assert torch.equal(graphed(lq, noise), model(lq, noise))
