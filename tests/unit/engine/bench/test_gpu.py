"""The measurement of GPUs, on tiny shapes; on a processor where there is no GPU."""

from __future__ import annotations

import pytest
import torch

from bimaco_gui.engine.bench import gpu, gpu_networks
from bimaco_gui.engine.bench.gpu_clock import GpuClock, copied_bytes_per_second
from bimaco_gui.engine.bench.kernels import KernelOptions
from bimaco_gui.engine.bench.shapes import BUNDLED, RELEASED, LayerShape
from bimaco_gui.engine.bench.tables import text_of
from bimaco_gui.engine.upscale import Upscaler
from bimaco_gui.errors import DeviceError
from tests.fixtures_models import BicubicModel

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
CLOCK = GpuClock(DEVICE, rounds=2, calls=2)


@pytest.mark.parametrize(
    "shape",
    [
        LayerShape(BUNDLED, 3, 1, 16, 16, 8, 8),
        LayerShape(BUNDLED, 3, 2, 16, 24, 8, 8),
        LayerShape(RELEASED, 3, 1, 32, 32, 8, 8),
        LayerShape(RELEASED, 3, 2, 32, 32, 8, 8),
        LayerShape(RELEASED, 1, 1, 32, 64, 8, 8),
        LayerShape(RELEASED, 0, 1, 32, 16, 1, 12),
    ],
    ids=lambda shape: shape.title,
)
def test_every_kind_of_layer_is_measured(shape: LayerShape) -> None:
    found = gpu.layer_times(shape, CLOCK)
    assert found["products"] == shape.products
    for name in ("fp32", "bf16", "op", "bf16_layer", "layer"):
        assert found[name] > 0


def test_the_copy_ceiling_is_a_rate() -> None:
    assert copied_bytes_per_second(CLOCK) > 1e6


def test_a_picture_is_timed_after_a_warm_up() -> None:
    seconds = gpu_networks.picture_seconds(Upscaler(BicubicModel(), DEVICE), 32, 24, 2)
    assert len(seconds) == 2 and min(seconds) > 0


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize(
    "measure", [gpu.measure, gpu_networks.measure_networks, gpu_networks.measure_pictures]
)
def test_without_a_gpu_there_is_nothing_to_measure(measure: object) -> None:
    with pytest.raises(DeviceError, match="No NVIDIA GPU"):
        measure(KernelOptions(device="cuda"))  # type: ignore[operator]


def test_a_report_with_tables_of_its_own_is_text() -> None:
    report = {
        "bench": "model",
        "version": "1",
        "date": "2026-11-26",
        "machine": "a machine",
        "load_average": {"start": None, "end": None},
        "baseline": "torch",
        "device": "a card",
        "rounds": 9,
        "notes": ["One note."],
        "sections": [{"title": "Times", "header": ("what", "ms"), "rows": [["this", "1.0"]]}],
        "targets": [],
    }
    text = text_of(report)
    for part in ("On a card; medians of 9 runs", "One note.", "Times", "| this |"):
        assert part in text
