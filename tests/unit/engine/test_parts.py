"""Devices, transparency, reducing, facts, and what the package loads."""

import platform
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

import bimaco_gui.engine
from bimaco_gui import ops
from bimaco_gui.engine import choose_device, set_threads
from bimaco_gui.engine.describe import describe
from bimaco_gui.engine.device import roomy_side
from bimaco_gui.engine.resample import resampled
from bimaco_gui.engine.transparency import filled_colours
from bimaco_gui.errors import DeviceError, UsageError
from tests.unit.engine.test_upscale import photo


def test_the_tile_of_a_gpu_follows_its_free_memory() -> None:
    gigabytes = [0, 1, 2, 4, 8, 80]
    sides = [roomy_side(free * 10**9) for free in gigabytes]
    assert sides == sorted(sides)
    assert sides[0] == 256 and sides[-1] == 1536
    assert 700 < sides[3] < 900


def test_devices_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device("auto") == torch.device("cuda")
    assert choose_device("cuda:1") == torch.device("cuda:1")
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(DeviceError, match="no GPU 2"):
        choose_device("cuda:2")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == torch.device("cpu")
    with pytest.raises(DeviceError, match="No NVIDIA GPU"):
        choose_device("cuda")


@pytest.mark.parametrize("name", ["", "gpu", "tpu", "cuda:x", "cpu:0", "meta"])
def test_unknown_devices_are_refused(name: str) -> None:
    with pytest.raises(DeviceError, match="choose auto, cpu or cuda"):
        choose_device(name)


def test_threads_are_set_and_given_back() -> None:
    set_threads(None)
    before = torch.get_num_threads()
    set_threads(3)
    assert torch.get_num_threads() == 3
    set_threads(None)
    assert torch.get_num_threads() == before
    with pytest.raises(UsageError):
        set_threads(0)


def test_visible_colours_stay_and_hidden_ones_follow_their_neighbours() -> None:
    pixels = photo(37, 53).copy()
    alpha = np.full((37, 53), 255, np.uint8)
    alpha[10:20, 5:40] = 0
    alpha[30, 30] = 1
    filled = filled_colours(pixels, alpha)
    visible = alpha > 0
    assert filled.dtype == np.uint8
    assert np.array_equal(filled[visible], pixels[visible])
    low, high = pixels[visible].min(0), pixels[visible].max(0)
    assert bool(((filled >= low) & (filled <= high)).all())


def test_where_nothing_is_visible_it_is_black() -> None:
    pixels = np.full((5, 9, 3), 99, np.uint8)
    assert int(filled_colours(pixels, np.zeros((5, 9), np.uint8)).max()) == 0


@pytest.mark.parametrize("shape", [(700, 90, 3), (700, 90), (613, 41, 3)])
@pytest.mark.parametrize("deep", [False, True])
def test_reducing_in_bands_is_reducing_at_once(shape: tuple[int, ...], deep: bool) -> None:
    values = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    array = values.astype(np.uint16) * 257 if deep else values
    size = (37, 599)
    result = resampled(array, *size)
    image = Image.fromarray(values).resize((37, shape[0]), Image.Resampling.LANCZOS)
    expected = np.asarray(image.resize(size, Image.Resampling.LANCZOS))
    difference = np.abs(result / (257 if deep else 1) - expected)
    assert difference.max() <= (1.5 if deep else 1)
    assert difference.mean() < (0.5 if deep else 0.01)


def test_the_facts_name_torch_and_the_kernels() -> None:
    facts = dict(describe())
    assert facts["torch"] == torch.__version__
    assert facts["Kernels"] in ("torch", "native")
    assert facts["Devices"].startswith("cpu")


def test_the_facts_say_of_each_gpu_what_computes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def why_not(device: torch.device) -> str | None:
        if device.index == 2:
            raise RuntimeError("CUDA error: device lost\nand many more lines")
        return None if device.index == 0 else "it is too old"

    gpu = SimpleNamespace(name="A card", total_memory=80 * 2**30)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: gpu)
    monkeypatch.setattr(ops, "why_not_cuda", why_not)
    facts = dict(describe())
    assert facts["Devices"].endswith("cuda:2 (A card, 80 GiB)")
    assert facts["Kernels of cuda:0"] == "own"
    assert facts["Kernels of cuda:1"] == "torch: it is too old"
    assert facts["Kernels of cuda:2"] == "torch: CUDA error: device lost"


def test_every_exported_name_is_there() -> None:
    for name in bimaco_gui.engine.__all__:
        assert getattr(bimaco_gui.engine, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = bimaco_gui.engine.nothing


def test_reading_and_writing_pictures_does_not_load_torch() -> None:
    code = (
        "import sys; from bimaco_gui.engine import picture_size, read_picture, write_picture;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or sys.platform != "linux", reason="other C libraries differ"
)
def test_feature_maps_are_not_fetched_from_the_system_again_and_again() -> None:
    code = """
import resource, torch
from pathlib import Path
from bimaco_gui.engine.host_memory import keep_freed_memory, return_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

keep_freed_memory()
for _ in range(30):  # until the heap has found its size
    torch.ones(10_000_000)
before = faults()
for _ in range(20):
    torch.ones(10_000_000)
assert faults() - before < 50_000, faults() - before  # 20 x 40 MB are 195 000 pages
kept = pages()
return_freed_memory()
assert pages() < kept - 8_000, (pages(), kept)
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
