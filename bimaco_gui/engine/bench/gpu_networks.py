"""The released UNet and whole pictures on a GPU, against torch in fp32 and bf16."""

from __future__ import annotations

import copy
import statistics
import time
from typing import Any, Final

import torch
from torch import Tensor, nn

from bimaco_gui.engine.bench.contestants import sample
from bimaco_gui.engine.bench.gpu import device_of
from bimaco_gui.engine.bench.gpu_clock import GpuClock
from bimaco_gui.engine.bench.kernels import KernelOptions
from bimaco_gui.engine.bench.networks import LATENT, random_pipeline, random_unet
from bimaco_gui.engine.bench.targets import Target
from bimaco_gui.engine.options import UpscaleOptions
from bimaco_gui.engine.pictures import Picture
from bimaco_gui.engine.upscale import Upscaler
from bimaco_gui.model import Form
from bimaco_gui.model.released.packed_layers import PackedReleasedLayer
from bimaco_gui.model.released.unet import pack_unet
from bimaco_gui.weights import find_model, load_model

BATCHES: Final = (1, 16)
WIDTH, HEIGHT = 1000, 750
"""Of the picture whose result has 12 megapixels."""

_TIMESTEP: Final = 14
_SCALE: Final = 4


def measure_networks(options: KernelOptions) -> dict[str, Any]:
    """The released UNet in its forms at a latent of 64 pixels; a JSON-able mapping.

    Raises:
        DeviceError: there is no GPU, or its kernels are not usable.
    """
    device = device_of(options.device)
    clock = GpuClock(device, options.rounds, calls=1)
    rows, targets = [], []
    for batch in BATCHES:
        times = unet_times(clock, batch, LATENT)
        rows += [[f"{what}, batch {batch}", f"{t * 1e3:.3f}"] for what, t in times.items()]
        own = min(t for what, t in times.items() if what.startswith("packed"))
        for what, wanted in ((_COMPILED, 2.0), (_EAGER, 8.0)):
            name = f"packed UNet, batch {batch}, against {what}"
            targets.append(Target(name, "x", times[what] / own, wanted).to_dict())
    return {
        "baseline": f"torch {torch.__version__}",
        "device": torch.cuda.get_device_name(device),
        "rounds": options.rounds,
        "notes": [
            f"One pass of the released UNet, random weights, latent of {LATENT} pixels; medians by "
            "the device's clock. Weights of exactly 0, of which random numbers hold a few, are "
            "left out of the packed form."
        ],
        "sections": [{"title": "Milliseconds", "header": ("network", "ms"), "rows": rows}],
        "targets": targets,
    }


_EAGER, _SHORT = "fp32 eager", "bf16 eager"
_COMPILED = "bf16 torch.compile with CUDA graphs"


def unet_times(
    clock: GpuClock, batch: int, side: int, *, compiled: bool = True
) -> dict[str, float]:
    """Seconds of a pass of the released UNet in each form."""
    device = clock.device
    arguments = (
        torch.randn(batch, 3, side, side, device=device),
        torch.full((batch,), _TIMESTEP, device=device),
        torch.randn(batch, 3, side, side, device=device),
    )
    last: dict[str, Any] = {"memory_format": torch.channels_last}
    full = random_unet(Form.FULL).to(device)
    half = copy.deepcopy(full).to(torch.bfloat16, **last)
    short = tuple(a.bfloat16() if a.is_floating_point() else a for a in arguments)
    packed = packed_unet().to(device).to(**last)
    ordered = tuple(a.contiguous(**last) if a.ndim == 4 else a for a in arguments)
    halves = tuple(a.half() if a.is_floating_point() else a for a in ordered)

    def autocast(_: int = 0) -> Tensor:
        with torch.autocast(device.type, torch.float16):
            return packed(*halves)  # type: ignore[no-any-return]

    with torch.inference_mode():
        times = {
            _EAGER: clock.plain(lambda: full(*arguments)),
            _SHORT: clock.plain(lambda: half(*short)),
            "packed, float32 maps, CUDA graph": clock.graphed(lambda _: packed(*ordered)),
            "packed, half maps, CUDA graph": clock.graphed(autocast),
        }
        if compiled:
            recorded: Any = torch.compile(half, mode="reduce-overhead", dynamic=False)
            times[_COMPILED] = clock.plain(lambda: recorded(*short))
    return times


def packed_unet() -> nn.Module:
    """The released UNet, packed, without zeros among its weights: no graph can hold those."""
    packed = pack_unet(random_unet(Form.BINARY))
    for layer in packed.modules():
        if isinstance(layer, PackedReleasedLayer):
            layer.zeros = layer.zeros[:, :0]
            layer.zero_channels = layer.zero_weight = layer.zero_side = None
    return packed


def measure_pictures(options: KernelOptions) -> dict[str, Any]:
    """A result of 12 megapixels, picture to picture, files apart; a JSON-able mapping.

    Raises:
        ModelError: there is no such model.
        DeviceError: there is no GPU, or its kernels are not usable.
    """
    device = device_of(options.device)
    upscaler = Upscaler(load_model(find_model(options.model).path), device)
    own = picture_seconds(upscaler, WIDTH, HEIGHT, options.rounds)
    megapixels = _SCALE**2 * WIDTH * HEIGHT / 1e6
    clock = GpuClock(device, options.rounds, calls=1)
    tiles = {
        name: tile / (_SCALE * LATENT) ** 2 * megapixels * 1e6
        for name, tile in pipeline_times(clock).items()
    }
    rows = [["bundled model, picture to picture", f"{statistics.median(own):.4f}"]]
    rows += [[f"reference pipeline, {name}", f"{t:.3f}"] for name, t in tiles.items()]
    best = statistics.median(own)
    return {
        "baseline": f"the full-precision reference pipeline, torch {torch.__version__}",
        "device": torch.cuda.get_device_name(device),
        "rounds": options.rounds,
        "notes": [
            f"A picture of {WIDTH}x{HEIGHT} pixels, from bytes to bytes in the host's memory, by "
            f"the clock on the wall: {min(own):.4f} to {max(own):.4f} s. The reference pipeline "
            f"runs on tiles of {LATENT}x{LATENT}, whose time is scaled to the picture."
        ],
        "sections": [
            {
                "title": f"Seconds for {megapixels:.0f} megapixels",
                "header": ("pipeline", "s"),
                "rows": rows,
            }
        ],
        "targets": [
            Target("seconds, picture to picture", "s", best, 0.25, at_least=False).to_dict(),
            Target(
                "against the reference pipeline, fp32", "x", tiles[_EAGER] / best, 100
            ).to_dict(),
        ],
    }


def picture_seconds(upscaler: Upscaler, width: int, height: int, rounds: int) -> list[float]:
    """Seconds of some runs after one that warms up, from pixels in memory to pixels in memory."""
    picture = Picture(sample(width, height))
    seconds = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        upscaler.upscale(picture, UpscaleOptions())
        seconds.append(time.perf_counter() - began)
    return seconds[1:]


def pipeline_times(clock: GpuClock) -> dict[str, float]:
    """Seconds of a tile of the full-precision reference pipeline."""
    pipeline = random_pipeline().to(clock.device)
    lq = torch.rand(1, 3, LATENT, LATENT, device=clock.device) * 2 - 1
    noise = torch.randn(1, 3, LATENT, LATENT, device=clock.device)
    with torch.inference_mode():
        return {_EAGER: clock.plain(lambda: pipeline(lq, noise))}
