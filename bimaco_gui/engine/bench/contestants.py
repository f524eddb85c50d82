"""Who takes part in a race of networks or whole pictures, each in a process of its own."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bimaco_gui import paths
from bimaco_gui.engine.bench.race import serve
from bimaco_gui.engine.host_memory import keep_freed_memory
from bimaco_gui.errors import UsageError

if TYPE_CHECKING:
    from torch import Tensor

    from bimaco_gui.engine.bench.peers import Runner
    from bimaco_gui.model import Form, OneStepUpscaler

Call = Callable[[], object]

SEED: Final = 0
"""Of the noise."""


@dataclass(frozen=True)
class Entry:
    """What a process of its own is told.

    Attributes:
        name: A key of `CONTESTANTS`.
        threads: Processor threads to use.
        width, height: Of the picture to enlarge, in pixels; networks have a size of their own.
        model: The installed model or model file of "bundled"; None for the default.
        peer: Path of the peer's network without its suffix, for "real-esrgan".
        profiled: Whether the time of each operator is told, as JSON in place of a note.
    """

    name: str
    threads: int
    width: int = 0
    height: int = 0
    model: str | None = None
    peer: str = ""
    profiled: bool = False

    def to_json(self) -> str:
        """One line; `from_json` is its inverse."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """Read what `to_json` wrote.

        Raises:
            UsageError: it was written by something else.
        """
        try:
            entry = cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise UsageError("Unusable entry", f"This is no entry of a race: {error}.") from error
        if entry.name not in CONTESTANTS:
            raise UsageError("Unusable entry", f"There is no contestant {entry.name!r}.")
        return entry


def run(entry: Entry) -> None:
    """Take part in the race that started this process, until it ends.

    Raises:
        ModelError: the model is missing or not readable.
        FileNotFoundError: the peer's network is missing or not readable.
        ModuleNotFoundError: ncnn is not installed.
    """
    keep_freed_memory()  # as the engine does, and for all alike
    call, note, warm_up = CONTESTANTS[entry.name](entry)
    if entry.profiled:
        from bimaco_gui.engine.bench.profile import operator_shares

        (warm_up or call)()
        note = json.dumps(operator_shares(call))
    serve(call, note, warm_up)


def sample(width: int, height: int) -> npt.NDArray[np.uint8]:
    """The sample photo at another size, uint8 [height, width, 3] RGB."""
    (path, *_) = sorted(paths.samples_folder().glob("*.jpg"))
    with Image.open(path) as opened:
        resized = opened.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(resized)


def through_engine(model: OneStepUpscaler, threads: int, seed: int = SEED) -> Runner:
    """The app's own path on the CPU: tiles, noise from `seed`, anchor and all."""
    from bimaco_gui.engine import Picture, UpscaleOptions, Upscaler, choose_device, set_threads

    set_threads(threads)
    upscaler = Upscaler(model, choose_device("cpu"))

    def enlarge(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        result = upscaler.upscale(Picture(pixels), UpscaleOptions(seed=seed))
        return result.pixels

    return enlarge


def _computed_by() -> str:
    from bimaco_gui import ops

    return f"{ops.backend_name()}, {ops.active_instruction_set()}"


# ---- the contestants: what is timed, what computes it, and a shorter warm-up if there is one ----


def _bundled(entry: Entry) -> tuple[Call, str, Call | None]:
    from bimaco_gui.weights import find_model, load_model

    enlarge = through_engine(load_model(find_model(entry.model).path), entry.threads)
    picture, corner = sample(entry.width, entry.height), sample(64, 64)
    return lambda: enlarge(picture), _computed_by(), lambda: enlarge(corner)


def _reference(entry: Entry) -> tuple[Call, str, Call | None]:
    """The full-precision pipeline on one tile, from uint8 to uint8."""
    import torch

    from bimaco_gui.engine.bench.networks import LATENT, random_pipeline

    torch.set_num_threads(entry.threads)
    pipeline = random_pipeline()
    picture = sample(LATENT, LATENT)

    @torch.inference_mode()
    def enlarge() -> npt.NDArray[np.uint8]:
        lq = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
        noise = torch.randn(lq.shape, generator=torch.Generator().manual_seed(SEED))
        result = pipeline(lq, noise)[0].permute(1, 2, 0)
        rounded: npt.NDArray[np.uint8] = ((result + 1) * 127.5).round().to(torch.uint8).numpy()
        return rounded

    return enlarge, "torch", None


def _real_esrgan(entry: Entry) -> tuple[Call, str, Call | None]:
    from bimaco_gui.engine.bench.peers import RealEsrganGeneral

    stem = Path(entry.peer)
    enlarge = RealEsrganGeneral(stem.with_suffix(".param"), stem.with_suffix(".bin"), entry.threads)
    picture, corner = sample(entry.width, entry.height), sample(64, 64)
    return lambda: enlarge(picture), "ncnn", lambda: enlarge(corner)


def _unet(form_name: str) -> Callable[[Entry], tuple[Call, str, Call | None]]:
    def make(entry: Entry) -> tuple[Call, str, Call | None]:
        import torch

        from bimaco_gui.engine.bench.networks import LATENT, random_unet
        from bimaco_gui.model import Form

        torch.set_num_threads(entry.threads)
        form: Form = Form[form_name]
        unet = random_unet(form)
        generator = torch.Generator().manual_seed(SEED)
        noisy, lq = (torch.randn(1, 3, LATENT, LATENT, generator=generator) for _ in range(2))
        timesteps = torch.tensor([14])

        @torch.inference_mode()
        def denoise() -> Tensor:
            result: Tensor = unet(noisy, timesteps, lq)
            return result

        return denoise, _computed_by() if form is Form.PACKED else "torch", None

    return make


def _autoencoder(entry: Entry) -> tuple[Call, str, Call | None]:
    """Encode a tile's enlarged picture and decode its latent."""
    import torch

    from bimaco_gui.engine.bench.networks import LATENT, random_autoencoder

    torch.set_num_threads(entry.threads)
    autoencoder = random_autoencoder()
    generator = torch.Generator().manual_seed(SEED)
    side = LATENT * autoencoder.config.reduction
    picture = torch.rand(1, 3, side, side, generator=generator) * 2 - 1

    @torch.inference_mode()
    def there_and_back() -> Tensor:
        return autoencoder.decode(autoencoder.encode(picture))

    return there_and_back, "torch", None


BUNDLED, REFERENCE, REAL_ESRGAN = "bundled", "reference", "real-esrgan"
UNET_FULL, UNET_SIMULATED, UNET_PACKED = "unet-full", "unet-simulated", "unet-packed"
AUTOENCODER = "autoencoder"

CONTESTANTS: Final[dict[str, Callable[[Entry], tuple[Call, str, Call | None]]]] = {
    BUNDLED: _bundled,
    REFERENCE: _reference,
    REAL_ESRGAN: _real_esrgan,
    UNET_FULL: _unet("FULL"),
    UNET_SIMULATED: _unet("BINARY"),
    UNET_PACKED: _unet("PACKED"),
    AUTOENCODER: _autoencoder,
}
