import io
import os
import struct
import warnings
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base

from bimaco_gui.engine import Picture, picture_size, read_picture
from bimaco_gui.engine.pictures import MOST_PIXELS
from bimaco_gui.errors import PictureError
from tests.profiles import rgb_profile

PICTURES = Path(__file__).resolve().parents[2] / "data" / "pictures"


def sample(height: int = 20, width: int = 30) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), dtype=np.uint8)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def reason(path: Path, read: Callable[[Path], object] = read_picture) -> str:
    with pytest.raises(PictureError) as caught:
        read(path)
    message = caught.value.message
    assert path.name in message
    assert message.endswith(".")
    assert caught.value.title
    return message


# ---- what is read right ----


@pytest.mark.parametrize("suffix", ["png", "tiff", "bmp", "webp"])
def test_colours_are_read_exactly(tmp_path: Path, suffix: str) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    path = saved(tmp_path / f"ä #1 photo.{suffix}", Image.fromarray(sample()), **options)
    picture = read_picture(path)
    assert np.array_equal(picture.pixels, sample())
    assert picture.pixels.dtype == np.uint8
    assert picture.alpha is None
    assert not picture.grey
    assert picture_size(path) == (30, 20) == (picture.width, picture.height)


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(sample()).save(path, "PNG")
    assert np.array_equal(read_picture(path).pixels, sample())


@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff", "webp", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once_and_reset(
    tmp_path: Path, orientation: int, suffix: str
) -> None:
    upright = np.zeros((16, 32, 3), np.uint8)
    upright[:8, :16] = (250, 0, 0)
    upright[:8, 16:] = (0, 250, 0)
    upright[8:, :16] = (0, 0, 250)
    # Stored so that a viewer that applies the orientation shows `upright`.
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = Image.fromarray(upright)
    if orientation in undo:
        stored = stored.transpose(undo[orientation])
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = "Camera"
    path = saved(tmp_path / f"photo.{suffix}", stored, exif=exif, quality=100)

    picture = read_picture(path)

    assert picture.pixels.shape == upright.shape
    assert np.abs(picture.pixels.astype(int) - upright)[2:6, 2:14].max() < 12
    assert np.abs(picture.pixels.astype(int) - upright)[10:14, 18:30].max() < 12
    assert picture_size(path) == (32, 16)
    assert picture.exif is not None
    kept = Image.Exif()
    kept.load(picture.exif)
    assert kept[Base.Orientation] == 1
    assert kept[Base.Make] == "Camera"


def test_orientation_turns_alpha_too(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20, 4), np.uint8)
    pixels[0, :, 3] = 200
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    picture = read_picture(saved(tmp_path / "a.png", Image.fromarray(pixels), exif=exif))
    assert picture.alpha is not None
    assert picture.alpha.shape == (20, 10)
    assert bool((picture.alpha[:, -1] == 200).all())
    assert int(picture.alpha[:, :-1].max()) == 0


def test_a_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    image.putdata([0, 1, 2])
    picture = read_picture(saved(tmp_path / "a.png", image, transparency=1))
    assert picture.pixels.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    assert picture.alpha is not None
    assert picture.alpha.tolist() == [[255, 0, 255]]


def test_a_transparent_rgb_colour(tmp_path: Path) -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    picture = read_picture(saved(tmp_path / "a.png", image, transparency=(9, 9, 9)))
    assert picture.alpha is not None
    assert picture.alpha.tolist() == [[255, 0]]


def test_an_alpha_channel_that_is_all_opaque_is_none(tmp_path: Path) -> None:
    image = Image.fromarray(sample())
    image.putalpha(255)
    picture = read_picture(saved(tmp_path / "a.png", image))
    assert picture.alpha is None
    assert np.array_equal(picture.pixels, sample())


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_stays_grey(tmp_path: Path, mode: str) -> None:
    grey = np.array([[0, 255, 255], [255, 0, 0]], np.uint8)
    image = Image.fromarray(grey).convert(mode)
    if mode == "LA":
        image.putalpha(Image.fromarray(np.array([[0, 128, 255]] * 2, np.uint8)))
    picture = read_picture(saved(tmp_path / "a.png", image))
    assert picture.grey
    assert np.array_equal(picture.pixels, np.repeat(grey[:, :, None], 3, 2))
    if mode == "LA":
        assert picture.alpha is not None
        assert picture.alpha[0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bit_grey_keeps_every_level(tmp_path: Path, suffix: str) -> None:
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    picture = read_picture(saved(tmp_path / f"a.{suffix}", Image.fromarray(levels)))
    assert picture.pixels.dtype == np.uint16
    assert picture.grey
    assert np.array_equal(picture.pixels[:, :, 1], levels)


def test_sixteen_bit_colour_keeps_every_level(tmp_path: Path) -> None:
    values = np.array([[[0, 32768, 65535], [256, 4660, 43690]]], np.uint16)
    raw = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    path = tmp_path / "a.png"
    path.write_bytes(png(2, 1, raw, depth=16))
    picture = read_picture(path)
    assert np.array_equal(picture.pixels, values)


def test_the_first_picture_of_a_camera_file_with_several(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 8), colour) for colour in ("red", "blue")]
    path = tmp_path / "a.jpg"
    frames[0].save(path, "MPO", save_all=True, append_images=frames[1:])
    picture = read_picture(path)
    assert picture.pixels.shape == (8, 16, 3)
    assert np.abs(picture.pixels.astype(int) - (255, 0, 0)).max() < 6


def test_cmyk_without_a_profile(tmp_path: Path) -> None:
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    picture = read_picture(saved(tmp_path / "a.jpg", image, quality=100))
    assert np.abs(picture.pixels.astype(int) - (255, 0, 0)).max() < 6
    assert picture.icc_profile is None


def test_the_first_frame_of_a_gif(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 5), colour) for colour in ("red", "blue")]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    picture = read_picture(path)
    assert picture.pixels.shape == (5, 6, 3)
    assert bool((picture.pixels == (255, 0, 0)).all())


# ---- colour profiles ----


@cache  # it holds the time it was made at
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_an_srgb_profile_is_kept_and_changes_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(sample()), icc_profile=srgb_profile())
    picture = read_picture(path)
    assert picture.icc_profile == srgb_profile()
    assert np.array_equal(picture.pixels, sample())


@pytest.mark.parametrize("name", ["Display P3", "Adobe RGB", "ProPhoto RGB"])
def test_a_profile_for_displays_is_kept_with_its_values(tmp_path: Path, name: str) -> None:
    image = Image.fromarray(sample())
    image.putalpha(128)
    profile = rgb_profile(name)
    picture = read_picture(saved(tmp_path / "a.png", image, icc_profile=profile))
    assert picture.icc_profile == profile
    assert np.array_equal(picture.pixels, sample())
    assert picture.alpha is not None
    assert picture.notes == ()


def test_linear_light_becomes_srgb_and_is_said(tmp_path: Path) -> None:
    image = Image.new("RGB", (4, 4), (51, 0, 255))
    profile = rgb_profile("Linear sRGB")
    picture = read_picture(saved(tmp_path / "a.png", image, icc_profile=profile))
    assert picture.icc_profile is None
    assert np.abs(picture.pixels.astype(int) - (124, 0, 255)).max() <= 2
    assert picture.notes == ("Its colours were converted to sRGB.",)


@pytest.mark.parametrize("profile", [b"rubbish", srgb_profile()[:200], b"\0" * 4096])
def test_a_damaged_profile_is_ignored(tmp_path: Path, profile: bytes) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(sample()), icc_profile=profile)
    picture = read_picture(path)
    assert np.array_equal(picture.pixels, sample())
    assert picture.icc_profile is None


# ---- metadata ----


def test_exif_keeps_the_photo_and_loses_thumbnail_and_layout(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Camera"
    exif[Base.Copyright] = "Somebody"
    exif[Base.StripOffsets] = 12345
    exif[IFD.Exif] = {Base.ExposureTime: 0.01, Base.ExifImageWidth: 30}
    exif[IFD.GPSInfo] = {1: "N", 2: (51.0, 2.0, 3.0)}
    exif.get_ifd(IFD.IFD1).update({Base.Compression: 6})
    path = saved(tmp_path / "a.jpg", Image.fromarray(sample()), exif=exif)
    block = read_picture(path).exif
    assert block is not None
    kept = Image.Exif()
    kept.load(block)
    assert kept[Base.Make] == "Camera"
    assert kept[Base.Copyright] == "Somebody"
    assert kept.get_ifd(IFD.Exif)[Base.ExposureTime] == pytest.approx(0.01)
    assert kept.get_ifd(IFD.GPSInfo)[2] == (51.0, 2.0, 3.0)
    assert Base.StripOffsets not in kept
    assert not kept.get_ifd(IFD.IFD1)


def test_damaged_exif_costs_the_picture_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(sample()).save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xee" * 40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_picture(path).pixels.shape == (20, 30, 3)


def test_resolution_is_kept(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path / "a.jpg", Image.fromarray(sample()), dpi=(300, 150)))
    assert picture.dpi == (300, 150)
    assert read_picture(saved(tmp_path / "b.bmp", Image.fromarray(sample()))).pixels.any()
    assert read_picture(saved(tmp_path / "c.webp", Image.fromarray(sample()))).dpi is None


# ---- what cannot be read, and why ----


@pytest.mark.parametrize("read", [read_picture, picture_size])
def test_a_missing_file(tmp_path: Path, read: Callable[[Path], object]) -> None:
    assert "no file" in reason(tmp_path / "none.png", read)


@pytest.mark.parametrize("read", [read_picture, picture_size])
def test_a_folder(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / "holiday.png").mkdir()
    assert "folder" in reason(tmp_path / "holiday.png", read)


@pytest.mark.parametrize("read", [read_picture, picture_size])
def test_an_empty_file(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / "a.jpg").touch()
    assert "empty" in reason(tmp_path / "a.jpg", read)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(sample()))
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may read everything

        def forbidden(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbidden)
    assert "may not be read" in reason(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert "pipe" in reason(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("Dear diary, käse\n".encode(), "text"),
        (("ä" * 300).encode()[:512] + b"x", "text"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"%PDF-1.7\n\x93\x8c", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"8BPS\0\1" + b"\0" * 40, "Photoshop"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "damaged HEIC"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 40, "damaged AVIF"),
        (b"\0\0\0\x0cJXL \r\n" + b"\0" * 40, "JPEG XL"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, "video"),
        (b"PK\x03\x04" + b"\0" * 40, "archive"),
        (bytes(range(256)), "unknown kind"),
    ],
)
@pytest.mark.parametrize("read", [read_picture, picture_size])
def test_what_is_no_picture_is_named(
    tmp_path: Path, content: bytes, what: str, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    message = reason(path, read)
    assert what in message
    assert "damaged" in what or "PNG, JPEG, WebP, TIFF, BMP, GIF, AVIF and HEIC" in message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_cut_off_picture_is_never_read_in_part(tmp_path: Path, kind: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(sample(64, 96)).save(buffer, kind)
    whole = buffer.getvalue()
    path = tmp_path / f"photo.{kind.lower()}"
    path.write_bytes(whole)
    expected = read_picture(path).pixels
    refused = 0
    for share in (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999):
        path.write_bytes(whole[: max(1, int(len(whole) * share))])
        try:
            pixels = read_picture(path).pixels
        except PictureError as error:
            assert path.name in error.message
            refused += 1
        else:
            assert np.array_equal(pixels, expected), f"{share:.0%} gave another picture"
    assert refused >= 8


def test_a_png_whose_pixels_were_changed_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(sample(64, 96)))
    whole = path.read_bytes()
    middle = whole.index(b"IDAT") + 2000
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert "damaged" in reason(path)


def png(width: int, height: int, raw: bytes, depth: int = 8) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("read", [read_picture, picture_size])
@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0)])
def test_a_header_that_claims_no_size(
    tmp_path: Path, width: int, height: int, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(width, height, b"\0" * 31))
    reason(path, read)


@pytest.mark.parametrize("read", [read_picture, picture_size])
@pytest.mark.parametrize("side", [int(MOST_PIXELS**0.5) + 1, 60_000])
def test_a_bomb_is_refused_from_its_header(
    tmp_path: Path, side: int, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(side, side, b"\0" * 100))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "400 million" in reason(path, read)


def test_floating_point_values_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.tiff", Image.fromarray(np.full((4, 4), 0.5, np.float32)))
    assert "floating-point" in reason(path)


def test_integers_beyond_sixteen_bits_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.tiff", Image.fromarray(np.full((4, 4), 1 << 20, np.int32)))
    assert "16 bits" in reason(path)


@pytest.mark.parametrize(
    ("pixels", "alpha"),
    [
        (np.zeros((4, 4), np.uint8), None),
        (np.zeros((4, 0, 3), np.uint8), None),
        (np.zeros((4, 4, 3), np.float32), None),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8)),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint16)),
    ],
)
def test_a_picture_of_other_arrays_cannot_be_made(
    pixels: np.ndarray, alpha: np.ndarray | None
) -> None:
    with pytest.raises(ValueError):
        Picture(pixels, alpha)


def test_heic_is_read_with_all_that_it_holds() -> None:
    path = PICTURES / "p3_turned.heic"
    picture = read_picture(path)
    assert picture_size(path) == (picture.width, picture.height) == (80, 48)
    assert np.abs(picture.pixels[2:20, 2:36].astype(int) - (230, 40, 40)).max() < 12
    assert picture.pixels[40, 70].tolist() != [230, 40, 40]
    assert picture.icc_profile == rgb_profile("Display P3")
    assert picture.exif is not None
    kept = Image.Exif()
    kept.load(picture.exif)
    assert (kept[Base.Make], kept[Base.Orientation]) == ("Camera", 1)
    assert kept.get_ifd(IFD.GPSInfo)[2] == (48, 8, 0)


def test_heic_of_ten_bits_keeps_them() -> None:
    """Each column of the file is one step of 10 bits above the one before, from 400 on."""
    picture = read_picture(PICTURES / "ramp_10_bit.heic")
    assert picture.pixels.dtype == np.uint16
    assert picture.pixels.shape == (32, 96, 3)
    expected = np.arange(400, 496) * 65535 / 1023
    assert np.abs(picture.pixels - expected[None, :, None]).max() <= 65535 / 1023
    assert len(np.unique(picture.pixels[16, :, 1])) > 90, "8 bits have 24 values there"
    assert picture.notes == ()


def test_avif_of_ten_bits_is_read_as_eight_and_says_so() -> None:
    picture = read_picture(PICTURES / "ramp_10_bit.avif")
    assert picture.pixels.dtype == np.uint8
    assert picture.notes == ("Its 10 bits a channel were read as 8.",)


def test_avif_of_eight_bits_says_nothing_of_them(tmp_path: Path) -> None:
    Image.fromarray(sample(40, 50)).save(tmp_path / "a.avif")
    assert read_picture(tmp_path / "a.avif").notes == ()
