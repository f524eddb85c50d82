import logging

import numpy as np
import pytest
import torch

from bimaco_gui.engine import Picture, Progress, UpscaleOptions, Upscaler
from bimaco_gui.engine.checks import defect
from bimaco_gui.engine.tile_runner import ModelOnDevice
from bimaco_gui.engine.transfers import Transfers
from bimaco_gui.errors import DeviceError, UpscaleError
from tests.fixtures_models import (
    BicubicModel,
    FailingModel,
    FarModel,
    FlatModel,
    HungryModel,
    NanModel,
)
from tests.unit.engine.test_upscale import photo

PICTURE = Picture(photo(100, 120))
OPTIONS = UpscaleOptions(tile=64)


def expected() -> np.ndarray:
    return Upscaler(BicubicModel(), "cpu").upscale(PICTURE, OPTIONS).pixels


# ---- memory that runs out ----


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_out_of_memory_halves_the_tile_and_goes_on_from_there(error: Exception) -> None:
    model = HungryModel(most_pixels=64 * 64, error=error)
    steps: list[tuple[int, int]] = []
    result = Upscaler(model, "cpu").upscale(
        PICTURE, OPTIONS, lambda p: steps.append((p.tiles_done, p.tiles_total))
    )
    assert np.array_equal(result.pixels, expected())
    too_large = [i for i, size in enumerate(model.sizes) if size > model.most_pixels]
    # One failure for each size tried; later tiles start small, and none is computed twice.
    assert too_large == list(range(len(too_large)))
    assert 1 <= len(too_large) <= 2
    # Reports from inside a tile come by the clock.
    assert [s for s in dict.fromkeys(steps) if s[0]] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_memory_that_runs_out_half_way_keeps_what_is_done() -> None:
    model = HungryModel(most_pixels=10**9)

    def less_memory(progress: object) -> None:
        model.most_pixels = 60 * 60

    result = Upscaler(model, "cpu").upscale(PICTURE, OPTIONS, less_memory)
    assert np.array_equal(result.pixels, expected())


def test_too_little_memory_for_the_least_tile_is_an_error() -> None:
    with pytest.raises(UpscaleError, match="does not fit into the memory"):
        Upscaler(HungryModel(most_pixels=10), "cpu").upscale(PICTURE, OPTIONS)


def test_a_result_larger_than_memory_is_an_error() -> None:
    def no_memory(*_: object) -> np.ndarray:
        raise MemoryError

    with pytest.raises(UpscaleError, match="480 × 400 pixels needs"):
        Upscaler(BicubicModel(), "cpu", no_memory).upscale(PICTURE, OPTIONS)


# ---- devices that fail; "meta" stands for a GPU, because its tensors hold nothing ----


def test_a_device_that_fails_once_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    model = FailingModel(times=1)
    with caplog.at_level(logging.WARNING):
        result = Upscaler(model, "cpu").upscale(PICTURE, OPTIONS)
    assert np.array_equal(result.pixels, expected())
    assert "A tile failed on cpu" in caplog.text


def test_a_device_that_fails_twice_is_replaced_by_the_cpu() -> None:
    model = FailingModel(times=10**9, device="meta")
    upscaler = Upscaler(model, "meta")
    result = upscaler.upscale(PICTURE, OPTIONS)
    assert np.array_equal(result.pixels, expected())
    assert upscaler.device == torch.device("cpu")
    assert model.failures == 2


def test_a_module_comes_back_from_a_device_that_was_lost() -> None:
    linear = torch.nn.Linear(3, 3)
    computer = ModelOnDevice(linear, torch.device("meta"))  # type: ignore[arg-type]
    assert computer.model.weight.is_meta  # type: ignore[attr-defined]
    assert computer.fall_back()
    assert not computer.model.weight.is_meta  # type: ignore[attr-defined]
    assert not computer.fall_back()


def test_a_gpu_without_memory_for_the_least_tile_is_replaced_by_the_cpu() -> None:
    class Small(HungryModel):
        def forward(self, lq: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
            if lq.is_meta:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(lq, noise)

    upscaler = Upscaler(Small(most_pixels=10**9), "meta")
    assert np.array_equal(upscaler.upscale(PICTURE, OPTIONS).pixels, expected())
    assert upscaler.device == torch.device("cpu")


def test_a_device_that_is_lost_between_tiles_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upscaler = Upscaler(BicubicModel(), "cpu")
    # The device computes as the processor does, until its pixels are fetched.
    upscaler.computer.device = torch.device("cpu", 0)
    fetch, calls = Transfers.start, iter(range(100))

    def lost_at_the_third(self: Transfers, values: torch.Tensor, target: np.ndarray) -> None:
        if next(calls) == 2:
            raise RuntimeError("CUDA error: unspecified launch failure")
        fetch(self, values, target)

    monkeypatch.setattr(Transfers, "start", lost_at_the_third)
    steps: list[Progress] = []
    result = upscaler.upscale(PICTURE, OPTIONS, steps.append)
    assert np.array_equal(result.pixels, expected())
    assert upscaler.device == torch.device("cpu")
    done = [step.tiles_done for step in steps]
    assert done == sorted(done) and done[-1] == 4
    assert {step.tiles_total for step in steps} == {4}
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)


def test_a_processor_that_keeps_failing_is_an_error() -> None:
    model = FailingModel(times=10**9)
    with pytest.raises(DeviceError, match="the device was lost"):
        Upscaler(model, "cpu").upscale(PICTURE, OPTIONS)
    assert model.failures == 2


# ---- results that are none ----


def test_not_a_number_once_is_computed_again() -> None:
    result = Upscaler(NanModel(times=1), "cpu").upscale(PICTURE, OPTIONS)
    assert np.array_equal(result.pixels, expected())


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (NanModel(), "not numbers"),
        (FlatModel(0.0), "one flat colour"),
        (FlatModel(-3.0), "one flat colour"),
        (FlatModel(0.6), "one flat colour"),
        (FlatModel(float("inf")), "not numbers"),
        (FarModel(), "does not resemble"),
    ],
)
def test_what_is_no_picture_is_never_returned(model: BicubicModel, words: str) -> None:
    with pytest.raises(UpscaleError, match=words):
        Upscaler(model, "cpu").upscale(PICTURE, OPTIONS)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_result_of_a_flat_picture_is_right(level: int) -> None:
    picture = Picture(np.full((20, 20, 3), level, np.uint8))
    result = Upscaler(FlatModel(level / 255), "cpu").upscale(picture, OPTIONS)
    assert bool((result.pixels == level).all())


def test_a_speck_that_the_model_removes_is_no_defect() -> None:
    lq = torch.zeros(1, 3, 48, 48)
    lq[:, :, 20, 20] = 1
    assert defect(torch.zeros(1, 3, 192, 192), lq) is None
    lq[:, :, 10:30] = 1
    assert defect(torch.zeros(1, 3, 192, 192), lq) is not None
