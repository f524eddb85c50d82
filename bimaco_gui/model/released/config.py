"""The constructor arguments of the released UNet, under its authors' names.

Arguments that the released networks all share (two dimensions, scale-shift normalization, ...) are
checked and not kept: another value is another network, which this package does not compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bimaco_gui.errors import ModelError
from bimaco_gui.model.released.mapping import (
    TITLE,
    check_names,
    fixed_values,
    whole_number,
    whole_numbers,
)

WHERE = "The UNet's configuration"

_SIZES = (
    "image_size",
    "in_channels",
    "out_channels",
    "model_channels",
    "swin_depth",
    "swin_embed_dim",
    "window_size",
    "num_head_channels",
    "mlp_ratio",
)
_FIXED = {
    "cond_lq": True,
    "conv_resample": True,
    "dims": 2,
    "use_fp16": False,
    "use_scale_shift_norm": True,
    "resblock_updown": False,
}
_NETWORK = {*_SIZES, "channel_mult", "num_res_blocks", "attention_resolutions"}
_OPTIONAL = {*_FIXED, "dropout"}
_FIXED_BINARY = {
    "binary_linear": True,
    "conv_quant_modules": "BinaryConv2d_ours_with_skip_and_lora",
    "linear_quant_modules": "BinaryLinear_ours_with_skip_and_lora",
}
_BINARY = {"conv_quant_config", "linear_quant_config", "which_fp_conv", "which_fp_linear"}
BINARY_KEYS = frozenset(_BINARY | _FIXED_BINARY.keys())
"""Arguments without which a mapping describes a full-precision network."""
_BRANCHES = {"if_LRMB": True, "if_SMB": True}
_GROUPS = 32  # of every group normalization


@dataclass(frozen=True)
class FullPrecisionRule:
    """Layers that stay full precision: named by a keyword and small enough.

    Attributes:
        skip_keywords: Parts of a layer's dotted name; one that occurs in it is enough.
        param_threshold: The most parameters such a layer may have, in millions.
    """

    skip_keywords: tuple[str, ...]
    param_threshold: float

    def covers(self, name: str, parameters: int) -> bool:
        """Whether a layer of this dotted name with so many parameters stays full precision."""
        named = any(keyword in name for keyword in self.skip_keywords)
        return named and parameters <= self.param_threshold * 1e6

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> FullPrecisionRule:
        """Read one entry of ``which_fp_conv`` or ``which_fp_linear``.

        Raises:
            ModelError: a key is missing, or a value is not of its kind.
        """
        where = "A full-precision rule of the UNet"
        check_names(mapping, {"skip_keywords", "param_threshold"}, {"use_for_fp"}, where)
        keywords = mapping["skip_keywords"]
        if not isinstance(keywords, list | tuple) or not all(isinstance(k, str) for k in keywords):
            raise ModelError(TITLE, f"{where} has skip_keywords = {keywords!r}, no list of names.")
        most = mapping["param_threshold"]
        if isinstance(most, bool) or not isinstance(most, int | float) or not most >= 0:
            raise ModelError(TITLE, f"{where} has param_threshold = {most!r}, no number from 0 on.")
        return cls(tuple(keywords), float(most))

    @classmethod
    def all_from(cls, mappings: Any) -> tuple[FullPrecisionRule, ...]:
        """Read a list of such entries, which may be empty or None.

        Raises:
            ModelError: it is no list, or an entry is not of this kind.
        """
        if mappings is not None and not isinstance(mappings, list | tuple):
            raise ModelError(TITLE, f"{WHERE} has full-precision rules that are no list.")
        return tuple(map(cls.from_mapping, mappings or ()))


@dataclass(frozen=True)
class BinaryConfig:
    """How a network is binarized.

    Attributes:
        conv_rank: Rank of the low-rank branch (LRMB) of convolutions.
        linear_rank: The same of linear layers.
        which_fp_conv: The convolutions that stay full precision.
        which_fp_linear: The linear layers that do.
    """

    conv_rank: int
    linear_rank: int
    which_fp_conv: tuple[FullPrecisionRule, ...]
    which_fp_linear: tuple[FullPrecisionRule, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> BinaryConfig:
        """Read the binary part of the authors' arguments; the caller has checked its keys.

        Raises:
            ModelError: another kind of binary layer is asked for.
        """
        fixed_values(mapping, _FIXED_BINARY, WHERE)
        ranks = []
        for key in ("conv_quant_config", "linear_quant_config"):
            where = f"{key} of the UNet"
            check_names(mapping[key], {"rank"}, _BRANCHES, where)
            fixed_values(mapping[key], _BRANCHES, where)
            ranks.append(whole_number(mapping[key], "rank", where))
        return cls(
            conv_rank=ranks[0],
            linear_rank=ranks[1],
            which_fp_conv=FullPrecisionRule.all_from(mapping["which_fp_conv"]),
            which_fp_linear=FullPrecisionRule.all_from(mapping["which_fp_linear"]),
        )


@dataclass(frozen=True)
class ReleasedUNetConfig:
    """Every number that decides a shape of the released UNet.

    Attributes:
        image_size: Side of the latent that it was trained on; it decides which levels have
            shifted windows and which have attention, not what sizes may be given.
        in_channels: Channels of noisy latent and LR picture together.
        out_channels: Channels of the clean latent.
        model_channels: Width of the finest level.
        channel_mult: Width of each level over `model_channels`, finest first.
        num_res_blocks: Residual blocks of each level on the way down; one more on the way up.
        attention_resolutions: The sides of the latent at which a level has Swin blocks.
        swin_depth: Swin blocks in a row.
        swin_embed_dim: Their width.
        window_size: Side of an attention window.
        num_head_channels: Channels of an attention head.
        mlp_ratio: Hidden width of a Swin block's perceptron over `swin_embed_dim`.
        dropout: Share of values dropped in training.
        binary: How it is binarized; None for a full-precision network.
    """

    image_size: int
    in_channels: int
    out_channels: int
    model_channels: int
    channel_mult: tuple[int, ...]
    num_res_blocks: tuple[int, ...]
    attention_resolutions: tuple[int, ...]
    swin_depth: int
    swin_embed_dim: int
    window_size: int
    num_head_channels: int
    mlp_ratio: int
    dropout: float
    binary: BinaryConfig | None

    @property
    def alignment(self) -> int:
        """Both sides of the input are multiples of this: a window at the lowest level."""
        return int(self.window_size * 2 ** (len(self.channel_mult) - 1))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> ReleasedUNetConfig:
        """Read the arguments as the released configuration file names them.

        Args:
            mapping: ``model.params`` of that file. Without any of the binary keys (as in its
                ``model_teacher.params``) it describes a full-precision network.

        Raises:
            ModelError: keys are missing (all are named), or a value is not supported.
        """
        is_binary = isinstance(mapping, Mapping) and bool(mapping.keys() & BINARY_KEYS)
        needed = _NETWORK | _BINARY if is_binary else _NETWORK
        check_names(mapping, needed, _OPTIONAL | BINARY_KEYS, WHERE)
        fixed_values(mapping, _FIXED, WHERE)
        multipliers = whole_numbers(mapping, "channel_mult", WHERE)
        blocks = mapping["num_res_blocks"]
        blocks = [blocks] * len(multipliers) if isinstance(blocks, int) else blocks
        config = cls(
            **{key: whole_number(mapping, key, WHERE) for key in _SIZES},
            channel_mult=multipliers,
            num_res_blocks=whole_numbers({"num_res_blocks": blocks}, "num_res_blocks", WHERE),
            attention_resolutions=tuple(mapping["attention_resolutions"]),
            dropout=float(mapping.get("dropout", 0)),
            binary=BinaryConfig.from_mapping(mapping) if is_binary else None,
        )
        config._check_shapes()
        return config

    def _check_shapes(self) -> None:
        if len(self.num_res_blocks) != len(self.channel_mult):
            raise ModelError(
                TITLE, "channel_mult and num_res_blocks name different numbers of levels."
            )
        for key in ("model_channels", "swin_embed_dim"):
            if getattr(self, key) % _GROUPS:
                raise ModelError(
                    TITLE, f"{key} is {getattr(self, key)}, which is no multiple of {_GROUPS}."
                )
        if self.swin_embed_dim % self.num_head_channels:
            raise ModelError(TITLE, "swin_embed_dim is no multiple of num_head_channels.")
