"""Print what the paper's ratios count: parameters and multiplications of the released UNet.

    python -m tests.benchmarks.counts [--write]

The networks are built from their descriptions alone, on torch's meta device: nothing is computed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from bimaco_gui.engine.bench import report
from bimaco_gui.model.layers import Form
from bimaco_gui.model.released.config import ReleasedUNetConfig
from bimaco_gui.model.released.layers import ReleasedBinaryConv2d, ReleasedBinaryLinear
from bimaco_gui.model.released.unet import ReleasedUNet

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "golden" / "unet_tiny_config.json"
FULL_SIZE = {
    "image_size": 64,
    "model_channels": 160,
    "channel_mult": [1, 2, 2, 4],
    "num_res_blocks": [2, 2, 2, 2],
    "attention_resolutions": [64, 32, 16, 8],
    "swin_embed_dim": 192,
}
LATENT = 64
WORD = 64  # one-bit multiplications that are counted as one
FLOAT_BITS = 32


@dataclass(frozen=True)
class Counts:
    """Parameters, and multiplications of one pass at a 64x64 latent, by kind.

    Attributes:
        full: Parameters of the full-precision network.
        full_macs: Its multiplications in convolutions and linear layers.
        signs, sign_macs: One-bit weights, and multiplications with them.
        low_rank, low_rank_macs: Of the low-rank branches.
        unread: Of the low-rank branches that layers of stride 2 carry and never read.
        sparse, sparse_macs: Of the sparse branches; their places are not counted.
        edges, edge_macs: Of the layers that stay full precision.
        tables: Entries of the tables of relative positions.
        others: All remaining parameters: biases, RPReLU, normalization.
        scales: One for each output channel of a binary layer.
    """

    full: int
    full_macs: int
    signs: int
    sign_macs: int
    low_rank: int
    low_rank_macs: int
    unread: int
    sparse: int
    sparse_macs: int
    edges: int
    edge_macs: int
    tables: int
    others: int
    scales: int


def released_counts() -> Counts:
    """Count the released architecture at its full size."""
    mapping = {**json.loads(TINY.read_text(encoding="utf-8")), **FULL_SIZE}
    binary_keys = {key for key in mapping if "quant" in key or "_fp_" in key or "binary" in key}
    plain = {key: value for key, value in mapping.items() if key not in binary_keys}
    with torch.device("meta"):
        full = ReleasedUNet(ReleasedUNetConfig.from_mapping(plain), Form.FULL).eval()
        unet = ReleasedUNet(ReleasedUNetConfig.from_mapping(mapping), Form.BINARY).eval()
    full_macs = sum(
        positions * full.get_submodule(name).weight.numel()  # type: ignore[operator, union-attr]
        for name, positions in _positions(full).items()
    )
    rank = int(mapping["conv_quant_config"]["rank"])
    macs = {"signs": 0, "low_rank": 0, "sparse": 0, "edges": 0}
    sizes = {"signs": 0, "low_rank": 0, "sparse": 0, "edges": 0, "scales": 0, "unread": 0}
    for name, positions in _positions(unet).items():
        layer = unet.get_submodule(name)
        if isinstance(layer, ReleasedBinaryConv2d | ReleasedBinaryLinear):
            weight = layer.weight
            macs["signs"] += positions * weight.numel()
            sizes["signs"] += weight.numel()
            sizes["scales"] += weight.shape[0]
            if isinstance(layer, ReleasedBinaryConv2d) and layer.stride == 2:
                sizes["unread"] += rank * (weight.shape[0] + weight.shape[1])
            branches = dict(layer.named_parameters())
            low_rank = sum(p.numel() for key, p in branches.items() if key.startswith("lora."))
            sparse = sum(p.numel() for key, p in branches.items() if key.endswith(".values"))
            macs["low_rank"] += positions * low_rank
            macs["sparse"] += positions * sparse
            sizes["low_rank"] += low_rank
            sizes["sparse"] += sparse
        else:
            macs["edges"] += positions * layer.weight.numel()  # type: ignore[operator, union-attr]
            sizes["edges"] += sum(p.numel() for p in layer.parameters())
    tables = sum(
        p.numel() for key, p in unet.named_parameters() if key.endswith("position_bias_table")
    )
    counted = sizes["signs"] + sizes["low_rank"] + sizes["sparse"] + sizes["edges"] + tables
    return Counts(
        full=sum(p.numel() for p in full.parameters()),
        full_macs=full_macs,
        signs=sizes["signs"],
        sign_macs=macs["signs"],
        low_rank=sizes["low_rank"],
        low_rank_macs=macs["low_rank"],
        unread=sizes["unread"],
        sparse=sizes["sparse"],
        sparse_macs=macs["sparse"],
        edges=sizes["edges"],
        edge_macs=macs["edges"],
        tables=tables,
        others=sum(p.numel() for p in unet.parameters()) - counted,
        scales=sizes["scales"],
    )


def table(c: Counts) -> str:
    """The counts and the ratios that follow, as markdown."""
    in_words = c.signs / FLOAT_BITS
    narrow = in_words + c.low_rank + c.edges + c.tables
    wide = narrow + c.sparse + c.others + c.scales
    half = c.low_rank + c.edges + c.tables + c.sparse + c.others + c.scales
    size = c.signs / 8 + 2 * half + 4 * c.sparse  # two places of 16 bits for each sparse weight
    operations = c.sign_macs / WORD + c.low_rank_macs + c.edge_macs
    rows = [
        ("full precision", f"{c.full:,}", f"{c.full_macs / 1e9:.2f}"),
        ("one-bit weights", f"{c.signs:,}", f"{c.sign_macs / 1e9:.2f}"),
        ("low-rank branches", f"{c.low_rank:,}", f"{c.low_rank_macs / 1e9:.3f}"),
        ("sparse branches", f"{c.sparse:,}", f"{c.sparse_macs / 1e9:.3f}"),
        ("first and last convolution", f"{c.edges:,}", f"{c.edge_macs / 1e9:.3f}"),
        ("tables of relative positions", f"{c.tables:,}", "-"),
        ("biases, RPReLU, normalization", f"{c.others:,}", "-"),
        ("scales of binary layers", f"{c.scales:,}", "-"),
    ]
    ratios = [
        ("size: signs by 32, low rank, edges, tables", c.full / narrow),
        ("the same with low-rank branches that are never read", c.full / (narrow + c.unread)),
        ("size: everything, in 32-bit numbers", c.full / wide),
        ("size: everything, in bytes, 16-bit numbers", FLOAT_BITS / 8 * c.full / size),
        ("operations: signs by 64, low rank, edges", c.full_macs / operations),
        ("operations: the same with sparse", c.full_macs / (operations + c.sparse_macs)),
    ]
    return "\n\n".join(
        [
            report.markdown_table(("released UNet", "parameters", "GMAC at a 64x64 latent"), rows),
            report.markdown_table(
                ("what is counted", "ratio"), [(what, f"{ratio:.1f}x") for what, ratio in ratios]
            ),
        ]
    )


def _inputs(unet: ReleasedUNet) -> tuple[Tensor, Tensor, Tensor]:
    latent = torch.empty(1, 3, LATENT, LATENT, device="meta")
    return latent, torch.full((1,), 14, device="meta"), latent


def _positions(unet: ReleasedUNet) -> dict[str, int]:
    """How many output positions each convolution and linear layer has in one pass."""
    kinds = (nn.Conv2d, nn.Linear, ReleasedBinaryConv2d, ReleasedBinaryLinear)
    inner = {
        f"{name}.{below}"
        for name, layer in unet.named_modules()
        if isinstance(layer, ReleasedBinaryConv2d | ReleasedBinaryLinear)
        for below, _ in layer.named_modules()
        if below
    }
    found: dict[str, int] = {}

    def note(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(layer: nn.Module, _: object, output: Tensor) -> None:
            channels = layer.weight.shape[0]  # type: ignore[union-attr, index]
            found[name] = found.get(name, 0) + output.numel() // channels

        return hook

    hooks = [
        layer.register_forward_hook(note(name))
        for name, layer in unet.named_modules()
        if isinstance(layer, kinds) and name not in inner
    ]
    with torch.inference_mode():
        unet(*_inputs(unet))
    for handle in hooks:
        handle.remove()
    return found


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.counts", description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite the section of docs/model.md")
    options = parser.parse_args(arguments)
    text = table(released_counts())
    print(text)
    if options.write:
        report.write_section(ROOT / "docs" / "model.md", "counts", text)


if __name__ == "__main__":
    main()
