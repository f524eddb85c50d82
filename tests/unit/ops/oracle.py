"""What the ops must compute, in plain numpy integers and float64, sharing no code with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


def signs(values: np.ndarray) -> np.ndarray:
    return np.where(values >= 0, 1, -1).astype(np.int64)


def conv2d_dot(x: np.ndarray, weight: np.ndarray, stride: int) -> np.ndarray:
    """int64 [N, O, H', W'] for x [N, I, H, W] and weight [O, I, k, k]."""
    n, _, h, w = x.shape
    kernel = weight.shape[2]
    pad = kernel // 2
    padded = np.pad(signs(x), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out_h, out_w = -(-h // stride), -(-w // stride)
    dot = np.zeros((n, weight.shape[0], out_h, out_w), np.int64)
    for dy in range(kernel):
        for dx in range(kernel):
            seen = padded[:, :, dy : dy + h : stride, dx : dx + w : stride]
            dot += np.einsum("oi,nihw->nohw", signs(weight[:, :, dy, dx]), seen)
    return dot


def conv2d_scale(x: np.ndarray, stride: int) -> np.ndarray:
    """float64 [N, 1, H', W']."""
    return np.abs(x.astype(np.float64)).mean(1, keepdims=True)[:, :, ::stride, ::stride]


def linear_dot(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """int64 [..., O] for x [..., I] and weight [O, I]."""
    return signs(x) @ signs(weight).T


def assert_epilogue(
    y: np.ndarray, dot: np.ndarray, scale: np.ndarray, alpha: np.ndarray, bias: np.ndarray
) -> None:
    """`y` is alpha * scale * dot + bias within 1e-6 of the terms that are added."""
    product = alpha.astype(np.float64) * scale * dot
    allowed = 1e-6 * (np.abs(product) + np.abs(bias)) + 1e-30
    assert y.shape == product.shape
    assert (np.abs(y - (product + bias)) <= allowed).all()


def activated(x: np.ndarray, kind: str, negative_slope: float) -> np.ndarray:
    """float64 of x's shape."""
    x = x.astype(np.float64)
    with np.errstate(over="ignore"):
        if kind == "leaky":
            return np.where(x > 0, x, x * negative_slope)
        if kind == "silu":
            return x / (1 + np.exp(-x))
        if kind == "gelu":
            return x * 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2)))
    return x


@dataclass(frozen=True)
class Expected:
    """A layer's result, and how much is added up to make each number of it."""

    y: np.ndarray
    size: np.ndarray

    def check(self, y: np.ndarray) -> None:
        """`y` is right within 1e-6 of the terms that are added."""
        assert y.shape == self.y.shape
        assert (np.abs(y - self.y) <= 1e-6 * self.size + 1e-30).all()


def layer(
    a: np.ndarray,
    weight: np.ndarray,
    alpha: np.ndarray,
    bias: np.ndarray,
    stride: int,
    *,
    per_tap: bool = False,
    zero_is_zero: bool = False,
    slope: np.ndarray | None = None,
    after: np.ndarray | None = None,
    side: np.ndarray | None = None,
    side_size: np.ndarray | None = None,
    residual: np.ndarray | None = None,
    magnitude: np.ndarray | None = None,
) -> Expected:
    """What follows the prologue: a [N, I, H, W] float64 to [N, O, H', W'].

    `magnitude` is the size of the terms that each `a` was made of, if not its own. `side` [O, I]
    is what all side branches do together, `side_size` the sum of its terms' sizes.
    """
    n, _, h, w = a.shape
    kernel = weight.shape[2]
    pad = kernel // 2
    sign = np.sign(a).astype(np.int64) if zero_is_zero else signs(a)
    magnitude = np.abs(a) if magnitude is None else magnitude
    scale, scale_size = (t.mean(1, keepdims=True) for t in (np.abs(a), magnitude))
    around = ((0, 0), (0, 0), (pad, pad), (pad, pad))
    padded, scales, scale_sizes = (np.pad(t, around) for t in (sign, scale, scale_size))
    out_h, out_w = -(-h // stride), -(-w // stride)
    total = np.zeros((n, weight.shape[0], out_h, out_w))
    size = np.zeros_like(total)
    centre = scale[:, :, ::stride, ::stride]
    for dy in range(kernel):
        for dx in range(kernel):
            rows, columns = slice(dy, dy + h, stride), slice(dx, dx + w, stride)
            dot = np.einsum(
                "oi,nihw->nohw", signs(weight[:, :, dy, dx]), padded[:, :, rows, columns]
            )
            term = dot * (scales[:, :, rows, columns] if per_tap else centre)
            total += term
            size += np.abs(dot) * scale_sizes[:, :, rows, columns]
    alpha, bias = alpha.astype(np.float64)[:, None, None], bias.astype(np.float64)[:, None, None]
    if not per_tap:
        size = np.abs(total) / np.maximum(centre, 1e-30) * scale_size[:, :, ::stride, ::stride]
    y, size = alpha * total + bias, np.abs(alpha) * size + np.abs(bias)
    if slope is not None and after is not None:
        slope, after = (t.astype(np.float64)[:, None, None] for t in (slope, after))
        y = np.where(y > 0, y, y * slope) + after
        size = size * np.maximum(1, np.abs(slope)) + np.abs(after)
    if side is not None and side_size is not None:
        source, magnitude = (a, magnitude) if stride == 1 else (mean2x2(a), mean2x2(magnitude))
        y += np.einsum("oi,nihw->nohw", side, source)
        size += np.einsum("oi,nihw->nohw", side_size, magnitude)
    if residual is not None:
        y, size = y + residual, size + np.abs(residual)
    return Expected(y, size)


def mean2x2(a: np.ndarray) -> np.ndarray:
    """The mean over the pixels of each 2x2 block that are inside the picture."""
    around = ((0, 0), (0, 0), (0, a.shape[2] % 2), (0, a.shape[3] % 2))
    total = np.pad(a, around)
    count = np.pad(np.ones_like(a[:1, :1]), around)

    def sums(t: np.ndarray) -> np.ndarray:
        return t[..., ::2, ::2] + t[..., 1::2, ::2] + t[..., ::2, 1::2] + t[..., 1::2, 1::2]

    return sums(total) / sums(count)
