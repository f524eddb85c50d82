"""Bringing the authors' checkpoints into the app, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bimaco_gui import paths
from bimaco_gui.errors import OutputError, UsageError

if TYPE_CHECKING:
    from bimaco_gui.weights.importing import Binarized, Part

_SUFFIX = ".safetensors"


@dataclass(frozen=True)
class ImportReport:
    """What an import did, in plain values.

    Attributes:
        path: The file written.
        model: What ``--model`` takes to use it.
        parts: The lines of the UNet's table of sizes: name, numbers, bytes in the file.
        unet: Their sum; `full_bytes` is that of the full-precision UNet.
        autoencoder: The autoencoder.
        file_bytes: The whole file.
        layers: Layers that were compared with their unpacked twins.
        layer_difference: The largest relative L2 difference among them.
        block_difference: The same of whole blocks.
        whole_difference: Of the networks' results.
        own_difference: What the unpacked network's result changes by when its input is changed as
            little as rounding does.
        peak_bytes: Highest resident memory of this process, or None where the system hides it.
    """

    path: Path
    model: str
    parts: tuple[Part, ...]
    unet: Part
    autoencoder: Part
    file_bytes: int
    layers: int
    layer_difference: float
    block_difference: float
    whole_difference: float
    own_difference: float
    peak_bytes: int | None


def import_model(
    unet: Path,
    autoencoder: Path,
    config: Path | None,
    output: str,
    *,
    title: str | None = None,
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Pack the authors' checkpoints into a model that `Runner` and the window can use.

    Args:
        unet: Checkpoint of the binary UNet.
        autoencoder: Checkpoint of the VQ autoencoder.
        config: The authors' YAML file; None for the published configuration.
        output: A file; a bare name goes to the user's models.
        title: For people; None for one that is made from the name.
        overwrite: Replace a file that is there.
        say: Told what is being done.

    Raises:
        UsageError: `output` is no name for a model.
        ModelError: a file is missing, damaged or foreign, or tensors do not fit; all are named.
        OutputError: the file cannot be written.
    """
    path = _place(output, overwrite=overwrite)
    from bimaco_gui.engine.bench.race import peak_memory
    from bimaco_gui.weights.importing import import_released
    from bimaco_gui.weights.released_config import read_config

    imported = import_released(
        unet,
        autoencoder,
        read_config(config),
        path,
        title=title or f"BiMaCoSR ({path.stem})",
        overwrite=overwrite,
        say=say,
    )
    found = imported.comparison
    installed = path.parent == paths.user_models_folder()
    return ImportReport(
        path=imported.path,
        model=path.stem if installed else str(path),
        parts=imported.unet,
        unet=imported.unet_total,
        autoencoder=imported.autoencoder,
        file_bytes=imported.file_bytes,
        layers=found.layers,
        layer_difference=found.layer,
        block_difference=found.block,
        whole_difference=found.whole,
        own_difference=found.own,
        peak_bytes=peak_memory(),
    )


def binarize_model(
    full: Path,
    config: Path | None,
    output: str,
    *,
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Binarized:
    """Make the three-branch checkpoint that training starts from; arguments as for `import_model`.

    Args:
        full: Checkpoint of a full-precision UNet in SinSR's layout.
        config: As for `import_model`.
        output: The checkpoint to be written.
        overwrite: As for `import_model`.
        say: Likewise.

    Raises:
        UsageError: `output` is no name for a checkpoint.
        ModelError: the file is missing, damaged or foreign, or tensors do not fit.
        OutputError: the file cannot be written.
    """
    path = Path(output)
    _check_suffix(path)
    _check_free(path, overwrite=overwrite)
    from bimaco_gui.weights.importing import binarize_checkpoint
    from bimaco_gui.weights.released_config import read_config

    return binarize_checkpoint(full, read_config(config), path, overwrite=overwrite, say=say)


def _place(output: str, *, overwrite: bool) -> Path:
    path = Path(output)
    _check_suffix(path)
    if path.name == output:
        path = paths.user_models_folder() / output
        if (paths.bundled_models_folder() / output).exists():
            raise UsageError("Name taken", f"{path.stem} is a model that comes with the app.")
    _check_free(path, overwrite=overwrite)
    return path.absolute()


def _check_suffix(path: Path) -> None:
    if path.suffix != _SUFFIX or not path.stem:
        raise UsageError("Unusable name", f"The result's name must end in {_SUFFIX}.")


def _check_free(path: Path, *, overwrite: bool) -> None:
    """Before minutes of work, not after them."""
    if path.exists() and not overwrite:
        raise OutputError(
            "Already there", f"{path} is there already: choose another name, or use --overwrite."
        )
