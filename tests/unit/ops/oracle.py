"""What the ops must compute, in plain numpy integers and float64, sharing no code with them."""

from __future__ import annotations

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
