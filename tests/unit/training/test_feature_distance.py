"""The SqueezeNet feature distance: its network, its properties, and its gradient."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from bimaco_gui.training.feature_distance import FeatureDistance


@pytest.fixture(scope="module")
def weights(repo: Path) -> Path:
    return repo / "tests" / "data" / "metrics" / "squeezenet_v1.1.npz"


@pytest.fixture(scope="module")
def distance(weights: Path) -> FeatureDistance:
    return FeatureDistance(weights)


@pytest.fixture(scope="module")
def photo(repo: Path) -> Image.Image:
    with Image.open(repo / "tests/data/public_test/cid_12.png") as opened:
        return opened.convert("RGB").crop((64, 160, 224, 320))


def tensor(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture, dtype=np.float32) / 255).permute(2, 0, 1)[None]


def stored(weights: Path) -> dict[str, np.ndarray]:
    with np.load(weights) as file:
        return {key: file[key].astype(np.float64) for key in file.files}


def save(path: Path, layers: dict[str, np.ndarray]) -> None:
    np.savez(path, allow_pickle=False, **layers)


def convolve(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1) -> np.ndarray:
    """Convolution of [I, H, W] without padding, then rectified, in plain loops over the taps."""
    size = weight.shape[2]
    rows, columns = ((length - size) // stride + 1 for length in x.shape[1:])
    result = np.broadcast_to(bias[:, None, None], (len(bias), rows, columns)).copy()
    for r in range(size):
        for c in range(size):
            seen = x[:, r : r + rows * stride : stride, c : c + columns * stride : stride]
            seen = seen[:, :rows, :columns]
            result += np.einsum("oi,ihw->ohw", weight[:, :, r, c], seen)
    rectified: np.ndarray = np.maximum(result, 0.0)
    return rectified


def test_equal_pictures_are_at_distance_zero(distance: FeatureDistance, photo: Image.Image) -> None:
    assert distance(tensor(photo), tensor(photo)).tolist() == [0.0]


def test_the_order_of_the_pictures_does_not_matter(
    distance: FeatureDistance, photo: Image.Image
) -> None:
    one, other = tensor(photo), tensor(photo.filter(ImageFilter.GaussianBlur(2)))
    assert distance(one, other).item() == pytest.approx(distance(other, one).item(), rel=1e-5)


def test_it_grows_with_blur(distance: FeatureDistance, photo: Image.Image) -> None:
    found = [
        distance(tensor(photo.filter(ImageFilter.GaussianBlur(radius))), tensor(photo)).item()
        for radius in (0.4, 0.8, 1.6, 3.2, 6.4)
    ]
    assert found[0] > 0
    assert found == sorted(found)
    assert found[-1] > 3 * found[0]


def test_it_grows_with_noise(distance: FeatureDistance, photo: Image.Image) -> None:
    noise = torch.randn(tensor(photo).shape, generator=torch.Generator().manual_seed(1))
    found = [
        distance(tensor(photo) + sigma / 255 * noise, tensor(photo)).item()
        for sigma in (1, 3, 9, 27, 81)
    ]
    assert found[0] > 0
    assert found == sorted(found)
    assert found[-1] > 3 * found[0]


def test_pairs_of_a_batch_are_measured_alone(distance: FeatureDistance, photo: Image.Image) -> None:
    sharp = tensor(photo)
    slight, strong = (tensor(photo.filter(ImageFilter.GaussianBlur(r))) for r in (1, 4))
    together = distance(torch.cat([slight, strong]), torch.cat([sharp, sharp]))
    alone = [distance(slight, sharp).item(), distance(strong, sharp).item()]
    assert together.tolist() == pytest.approx(alone, rel=1e-5)


def test_the_first_convolution_is_that_of_the_release(
    distance: FeatureDistance, weights: Path, photo: Image.Image
) -> None:
    """Fed as the release wants it: BGR, 0..255, minus the mean of its training photos."""
    layers = stored(weights)
    bgr = np.asarray(photo, dtype=np.float64)[..., ::-1] - (104.0, 117.0, 123.0)
    expected = convolve(bgr.transpose(2, 0, 1), layers["conv1.w"], layers["conv1.b"], stride=2)
    found = distance.features(tensor(photo))[0][0].numpy()
    assert found.shape == expected.shape == (64, 79, 79)
    assert np.abs(found - expected).max() < 1e-4 * expected.max()


def test_a_fire_module_is_squeeze_and_two_expansions(
    distance: FeatureDistance, weights: Path, photo: Image.Image
) -> None:
    """fire7, from the map before it to the map after it."""
    layers = stored(weights)
    maps = [one[0].numpy().astype(np.float64) for one in distance.features(tensor(photo))]
    before, after = maps[3], maps[4]
    squeezed = convolve(before, layers["fire7_squeeze1x1.w"], layers["fire7_squeeze1x1.b"])
    padded = np.pad(squeezed, ((0, 0), (1, 1), (1, 1)))
    expected = np.concatenate(
        [
            convolve(squeezed, layers["fire7_expand1x1.w"], layers["fire7_expand1x1.b"]),
            convolve(padded, layers["fire7_expand3x3.w"], layers["fire7_expand3x3.b"]),
        ]
    )
    assert np.abs(after - expected).max() < 1e-4 * expected.max()


def test_the_seven_maps(distance: FeatureDistance) -> None:
    shapes = [tuple(one.shape) for one in distance.features(torch.rand(2, 3, 130, 97))]
    assert shapes == [
        (2, 64, 64, 48),
        (2, 128, 32, 24),  # half, rounded up
        (2, 256, 16, 12),
        (2, 384, 8, 6),
        (2, 384, 8, 6),
        (2, 512, 8, 6),
        (2, 512, 8, 6),
    ]


def test_the_distance_is_that_of_unit_vectors(
    distance: FeatureDistance, photo: Image.Image
) -> None:
    one, other = tensor(photo), tensor(photo.filter(ImageFilter.GaussianBlur(2)))
    expected = 0.0
    for a, b in zip(distance.features(one), distance.features(other), strict=True):
        a64, b64 = a[0].numpy().astype(np.float64), b[0].numpy().astype(np.float64)
        # |a/|a| - b/|b||^2 is 2 minus twice the cosine.
        lengths = np.linalg.norm(a64, axis=0) * np.linalg.norm(b64, axis=0)
        expected += np.mean(2 - 2 * (a64 * b64).sum(0) / lengths)
    assert distance(one, other).item() == pytest.approx(expected, rel=1e-4)


def test_the_gradient_is_finite_and_points_down(
    distance: FeatureDistance, photo: Image.Image
) -> None:
    target = tensor(photo)
    blurred = tensor(photo.filter(ImageFilter.GaussianBlur(2))).requires_grad_()
    before = distance(blurred, target)
    (gradient,) = torch.autograd.grad(before.sum(), blurred)
    assert torch.isfinite(gradient).all()
    assert gradient.abs().max() > 0
    with torch.no_grad():
        step = 0.001 * gradient / gradient.abs().mean()
        assert distance(blurred - step, target).item() < before.item()


@pytest.mark.parametrize("level", [0.0, 0.45, 1.0])
def test_the_gradient_is_finite_on_flat_and_equal_pictures(
    distance: FeatureDistance, level: float
) -> None:
    flat = torch.full((1, 3, 64, 64), level, requires_grad=True)
    for other in (torch.full((1, 3, 64, 64), level), torch.zeros(1, 3, 64, 64)):
        (gradient,) = torch.autograd.grad(distance(flat, other).sum(), flat)
        assert torch.isfinite(gradient).all()


def test_distance_and_gradient_are_finite_where_all_features_are_zero(weights: Path) -> None:
    dead = FeatureDistance(weights)
    with torch.no_grad():
        assert dead.conv1.bias is not None
        dead.conv1.bias.fill_(-1e6)
    picture = torch.rand(1, 3, 64, 64, requires_grad=True)
    found = dead(picture, torch.rand(1, 3, 64, 64))
    (gradient,) = torch.autograd.grad(found.sum(), picture)
    assert torch.isfinite(found).all()
    assert torch.isfinite(gradient).all()


def test_the_weights_are_frozen(distance: FeatureDistance) -> None:
    assert not any(parameter.requires_grad for parameter in distance.parameters())


@pytest.mark.parametrize(
    ("first", "second"),
    [((1, 3, 64, 64), (1, 3, 64, 32)), ((1, 1, 64, 64),) * 2, ((1, 3, 31, 64),) * 2],
    ids=["other size", "grey", "too small"],
)
def test_other_shapes_are_refused(
    distance: FeatureDistance, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"\("):
        distance(torch.zeros(first), torch.zeros(second))


def test_the_smallest_side_works(distance: FeatureDistance) -> None:
    assert distance(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32)).item() > 0


def test_wrong_weights_are_refused(weights: Path, tmp_path: Path) -> None:
    layers = stored(weights)
    save(tmp_path / "short.npz", {k: v for k, v in layers.items() if "fire9" not in k})
    with pytest.raises(KeyError, match="fire9"):
        FeatureDistance(tmp_path / "short.npz")
    save(tmp_path / "bent.npz", {**layers, "conv1.w": layers["conv1.w"][:, :2]})
    with pytest.raises(ValueError, match="conv1"):
        FeatureDistance(tmp_path / "bent.npz")
    with pytest.raises(FileNotFoundError):
        FeatureDistance(tmp_path / "none.npz")
