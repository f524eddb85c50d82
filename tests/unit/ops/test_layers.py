"""Whole layers, with every option, on every usable instruction set, against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bimaco_gui import ops
from tests.unit.ops import oracle

every_isa = pytest.mark.parametrize("isa", ops.instruction_sets())
CHANNELS = st.one_of(st.integers(1, 40), st.sampled_from([63, 64, 65, 96, 100, 161]))
LAYERS: dict[str, st.SearchStrategy[Any]] = {
    "batch": st.integers(1, 2),
    "in_channels": CHANNELS,
    "out_channels": CHANNELS,
    "height": st.integers(1, 9),
    "width": st.one_of(st.integers(1, 20), st.sampled_from([31, 32, 33, 64, 65, 129])),
    "kernel_size": st.sampled_from([1, 3]),
    "stride": st.sampled_from([1, 2]),
    "channels_last": st.booleans(),
    "per_tap": st.booleans(),
    "zero_is_zero": st.booleans(),
    "zeros": st.sampled_from([0.0, 0.01, 0.5]),
    "affine": st.sampled_from(["none", "channel", "picture"]),
    "activation": st.sampled_from(["none", "leaky", "silu", "gelu"]),
    "doubled": st.booleans(),
    "prelu": st.booleans(),
    "rank": st.sampled_from([0, 0, 1, 3, 4, 8, 13]),
    "entries": st.sampled_from([0, 0, 1, 40]),
    "mean_shortcut": st.booleans(),
    "residual": st.booleans(),
    "seed": st.integers(0, 2**32 - 1),
}
PLAIN: dict[str, Any] = {
    "batch": 1,
    "in_channels": 8,
    "out_channels": 8,
    "height": 6,
    "width": 70,
    "kernel_size": 3,
    "stride": 1,
    "channels_last": False,
    "per_tap": False,
    "zero_is_zero": False,
    "zeros": 0.0,
    "affine": "none",
    "activation": "none",
    "doubled": False,
    "prelu": False,
    "rank": 0,
    "entries": 0,
    "mean_shortcut": False,
    "residual": False,
    "seed": 0,
}
quickly = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def use_isa(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIMACO_ISA", isa)


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


def side_branches(
    case: dict[str, Any], rng: np.random.Generator, options: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Draw side branches into `options`; return the oracle's view of them."""
    in_channels, out_channels, rank = case["in_channels"], case["out_channels"], case["rank"]
    side, size = np.zeros((out_channels, in_channels)), np.zeros((out_channels, in_channels))
    if rank:
        down = rng.standard_normal((rank, in_channels), np.float32)
        up = rng.standard_normal((out_channels, rank), np.float32)
        options |= {"low_rank_down": tensor(down), "low_rank_up": tensor(up)}
        side += up.astype(np.float64) @ down
        size += np.abs(up.astype(np.float64)) @ np.abs(down)
    if case["entries"]:
        values = rng.standard_normal(case["entries"], np.float32)
        place = [rng.integers(0, n, case["entries"], np.int32) for n in (out_channels, in_channels)]
        names = ("sparse_values", "sparse_out", "sparse_in")
        options |= dict(zip(names, map(tensor, (values, *place)), strict=True))
        np.add.at(side, tuple(place), values)
        np.add.at(size, tuple(place), np.abs(values))
    if case["mean_shortcut"] and case["stride"] == 2 and in_channels == out_channels:
        options["mean_shortcut"] = True
        side += np.eye(in_channels)
        size += np.eye(in_channels)
    return {"side": side, "side_size": size}


def values_of(case: dict[str, Any], rng: np.random.Generator) -> np.ndarray:
    """Values whose sign no rounding of an affine map can turn: halves of small whole numbers."""
    shape = (case["batch"], case["in_channels"], case["height"], case["width"])
    x = (rng.integers(-20, 20, shape) + 0.5).astype(np.float32) / 8
    x[rng.random(shape) < case["zeros"]] = 0
    return x


def prepared(
    case: dict[str, Any], x: np.ndarray, rng: np.random.Generator, options: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """The oracle's `a` of `x`, and its terms' size; draws the prologue into `options`."""
    if case["affine"] != "none":
        shape = (case["batch"],) if case["affine"] == "picture" else ()
        scale = rng.choice(np.array([-1, 0.5, 1], np.float32), (*shape, case["in_channels"]))
        shift = rng.integers(-3, 3, (*shape, case["in_channels"])).astype(np.float32) / 8
        options |= {"pre_scale": tensor(scale), "pre_shift": tensor(shift)}
        x = x * scale[..., None, None].astype(np.float64) + shift[..., None, None]
    options |= {"pre_activation": case["activation"], "negative_slope": 0.2}
    a = oracle.activated(x, case["activation"], float(np.float32(0.2)))
    size = np.maximum(np.abs(a), np.abs(x))
    if case["doubled"] and case["stride"] == 1:
        options["doubled"] = True
        a, size = (t.repeat(2, 2).repeat(2, 3) for t in (a, size))
    return a, size


def check(case: dict[str, Any], *, linear: bool = False) -> None:
    rng = np.random.default_rng(case["seed"])
    kernel_size, stride, out_channels = case["kernel_size"], case["stride"], case["out_channels"]
    x = values_of(case, rng)
    options: dict[str, Any] = {}
    a, magnitude = prepared(case, x, rng, options)
    weight = rng.standard_normal((out_channels, a.shape[1], kernel_size, kernel_size), np.float32)
    alpha, bias = (rng.standard_normal(out_channels, np.float32) for _ in range(2))
    terms: dict[str, Any] = side_branches(case, rng, options)
    if case["prelu"]:
        terms |= {n: rng.standard_normal(out_channels, np.float32) for n in ("slope", "after")}
        options |= {name: tensor(terms[name]) for name in ("slope", "after")}
    spatial = [-(-side // stride) for side in a.shape[2:]]
    if case["residual"]:
        shape = (case["batch"], out_channels, *spatial)
        terms["residual"] = rng.standard_normal(shape, np.float32)
        options["residual"] = tensor(terms["residual"])
    for name in ("per_tap", "zero_is_zero"):
        terms[name] = options[name] = case[name]
    expected = oracle.layer(a, weight, alpha, bias, stride, magnitude=magnitude, **terms)
    scales = (ops.pack_signs(tensor(weight)), tensor(alpha), tensor(bias))
    if linear:
        expected.check(linear_of(tensor(x), scales, options).numpy())
        return
    picture = tensor(x)
    if case["channels_last"]:
        picture = picture.contiguous(memory_format=torch.channels_last)
    expected.check(ops.binary_conv2d(picture, *scales, kernel_size, stride, **options).numpy())


def linear_of(
    x: torch.Tensor, scales: tuple[torch.Tensor, ...], options: dict[str, Any]
) -> torch.Tensor:
    """The linear layer on the pixels of `x`, as a picture again."""
    rows = {k: v for k, v in options.items() if k not in ("per_tap", "doubled", "mean_shortcut")}
    if "residual" in rows:
        rows["residual"] = rows["residual"].movedim(1, -1)
    return ops.binary_linear(x.movedim(1, -1), *scales, **rows).movedim(-1, 1)


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(case=st.fixed_dictionaries(LAYERS))
@example(case=PLAIN | {"rank": 8, "entries": 40, "prelu": True, "residual": True})
@example(case=PLAIN | {"per_tap": True, "zero_is_zero": True, "zeros": 0.01, "width": 129})
@example(case=PLAIN | {"per_tap": True, "in_channels": 161, "out_channels": 3, "stride": 2})
@example(case=PLAIN | {"zero_is_zero": True, "zeros": 0.5, "stride": 2, "mean_shortcut": True})
@example(case=PLAIN | {"doubled": True, "rank": 3, "activation": "gelu", "affine": "picture"})
@example(case=PLAIN | {"height": 1, "width": 1, "stride": 2, "rank": 8, "mean_shortcut": True})
@quickly
def test_a_convolution_is_what_the_oracle_says(case: dict[str, Any], isa: str) -> None:
    check(case)


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(case=st.fixed_dictionaries(LAYERS))
@quickly
def test_a_linear_layer_is_what_the_oracle_says(case: dict[str, Any], isa: str) -> None:
    fixed = {"kernel_size": 1, "stride": 1, "doubled": False, "per_tap": False}
    affine = "channel" if case["affine"] == "picture" else case["affine"]
    check(case | fixed | {"affine": affine}, linear=True)


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    batch=st.integers(1, 2),
    groups=st.integers(1, 6),
    each=st.integers(1, 9),
    spatial=st.lists(st.integers(2, 40), min_size=1, max_size=2),
    offset=st.sampled_from([0.0, 30.0]),
    seed=st.integers(0, 2**32 - 1),
)
@quickly
def test_the_affine_map_of_a_group_norm_is_that_norm(
    batch: int, groups: int, each: int, spatial: list[int], offset: float, seed: int, isa: str
) -> None:
    generator = torch.Generator().manual_seed(seed)
    channels = groups * each
    x = torch.randn(batch, channels, *spatial, generator=generator) + offset
    weight, bias = torch.randn(2, channels, generator=generator)
    scale, shift = ops.group_norm_affine(x, groups, weight, bias, 1e-5)
    assert scale.shape == shift.shape == (batch, channels)
    shape = (batch, channels, *[1] * len(spatial))
    y = x.double() * scale.view(shape) + shift.view(shape)
    expected = torch.nn.functional.group_norm(
        x.double(), groups, weight.double(), bias.double(), 1e-5
    )
    room = 1e-6 * (x.double().abs() * scale.view(shape).abs() + shift.view(shape).abs() + 1)
    assert ((y - expected).abs() <= room).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_the_time_scales_and_shifts_what_a_group_norm_gives(isa: str, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    x, weight, bias = torch.randn(3, 12, 5, 4).to(dtype), torch.randn(12), torch.randn(12)
    time_scale, time_shift = torch.randn(3, 24).chunk(2, dim=1)
    scale, shift = ops.group_norm_affine(x, 4, weight, bias, 1e-5, time_scale, time_shift)
    y = x.float() * scale[:, :, None, None] + shift[:, :, None, None]
    wanted = torch.nn.functional.group_norm(x.float(), 4, weight, bias, 1e-5)
    wanted = wanted * (1 + time_scale[:, :, None, None]) + time_shift[:, :, None, None]
    torch.testing.assert_close(y, wanted, rtol=1e-5, atol=1e-5)


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize("channels", [12, 15, 16, 251, 252, 253, 256, 505])
@pytest.mark.parametrize("agree", [True, False])
def test_counts_at_the_edges_of_bytes_and_chunks_are_exact(
    channels: int, agree: bool, isa: str
) -> None:
    x, weight = torch.ones(1, channels, 3, 33), torch.ones(3, channels, 3, 3)
    bits = ops.pack_signs(weight if agree else -weight)
    sign = 1 if agree else -1
    assert (ops.binary_linear_dot(x.movedim(1, -1), bits[:, :1]) == sign * channels).all()
    for per_tap in (False, True):
        y = ops.binary_conv2d(x, bits, torch.ones(3), torch.zeros(3), 3, 1, per_tap=per_tap)
        assert (y[:, :, 1, 1:-1] == sign * 9 * channels).all()
        assert (y[:, :, 0, [0, -1]] == sign * 4 * channels).all()


@every_isa
@pytest.mark.usefixtures("use_isa")
def test_pictures_need_no_alignment(isa: str) -> None:
    torch.manual_seed(0)
    size, shape = 2 * 20 * 7 * 37, (2, 20, 7, 37)
    bits, scales = ops.pack_signs(torch.randn(20, 20, 3, 3)), torch.rand(2, 20)
    for offset in range(1, 4):
        x = torch.randn(size + offset)[offset:].view(shape)
        residual = torch.randn(size + 4 - offset)[4 - offset :].view(shape)
        y = ops.binary_conv2d(x, bits, *scales, 3, 1, residual=residual)
        copies = {"residual": residual.clone()}
        assert torch.equal(y, ops.binary_conv2d(x.clone(), bits, *scales, 3, 1, **copies))


@every_isa
@pytest.mark.usefixtures("use_isa")
@pytest.mark.parametrize(("side", "channels"), [(3, 70), (8, 130), (40, 24)])
def test_the_number_of_threads_changes_no_bit_of_a_whole_layer(
    side: int, channels: int, isa: str
) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, channels, side, side)
    x[x.abs() < 0.01] = 0
    options = {
        "per_tap": True,
        "zero_is_zero": True,
        "pre_scale": torch.rand(2, channels),
        "pre_shift": torch.zeros(2, channels),
        "pre_activation": "silu",
        "slope": torch.rand(channels),
        "after": torch.rand(channels),
        "low_rank_down": torch.randn(8, channels),
        "low_rank_up": torch.randn(channels, 8),
        "sparse_values": torch.randn(channels),
        "sparse_out": torch.arange(channels, dtype=torch.int32),
        "sparse_in": torch.arange(channels, dtype=torch.int32).flip(0),
        "residual": x,
    }
    bits, scales = ops.pack_signs(torch.randn(channels, channels, 3, 3)), torch.rand(2, channels)
    threads = torch.get_num_threads()
    results = []
    try:
        for count in (1, 2, 3, 5):
            torch.set_num_threads(count)
            results.append(ops.binary_conv2d(x, bits, *scales, 3, 1, **options))
    finally:
        torch.set_num_threads(threads)
    if isa != "torch":
        assert all(torch.equal(results[0], other) for other in results[1:])


@every_isa
@pytest.mark.usefixtures("use_isa")
@given(
    channels=st.integers(1, 70),
    width=st.integers(30, 150),
    left=st.integers(0, 12),
    right=st.integers(0, 12),
    stride=st.sampled_from([1, 2]),
    per_tap=st.booleans(),
    seed=st.integers(0, 2**31),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_where_a_picture_is_cut_changes_no_bit(
    channels: int,
    width: int,
    left: int,
    right: int,
    stride: int,
    per_tap: bool,
    seed: int,
    isa: str,
) -> None:
    """Tiles meet without a seam only if a pixel's roundings do not depend on its place."""
    if isa == "torch":
        return  # its convolutions promise no order of their sums
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    x, left = draw(1, channels, 8, width), left // 2 * 2
    options: dict[str, Any] = {
        "per_tap": per_tap,
        "pre_scale": draw(channels),
        "pre_shift": draw(channels),
        "pre_activation": "leaky",
        "negative_slope": 0.2,
        "slope": draw(channels),
        "after": draw(channels),
        "low_rank_down": draw(8, channels),
        "low_rank_up": draw(channels, 8),
        "sparse_values": draw(2 * channels),
        "sparse_out": torch.arange(2 * channels, dtype=torch.int32) // 2,
        "sparse_in": torch.arange(2 * channels, dtype=torch.int32) % channels,
    }
    layer = (ops.pack_signs(draw(channels, channels, 3, 3)), draw(channels), draw(channels))
    whole = ops.binary_conv2d(x, *layer, 3, stride, **options)
    cut = x[..., left : width - right].contiguous()
    part = ops.binary_conv2d(cut, *layer, 3, stride, **options)
    # Outputs beside a cut see zeros there.
    inner = slice(1 if left else 0, part.shape[-1] - (1 if right else 0))
    there = whole[..., left // stride : left // stride + part.shape[-1]]
    assert torch.equal(part[..., inner], there[..., inner])
