import errno
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from bimaco_gui.engine import Picture, check_writable, read_picture, write_picture
from bimaco_gui.engine.write import losses
from bimaco_gui.errors import OutputError
from tests.unit.engine.test_pictures import srgb_profile

RNG = np.random.default_rng(3)
COLOURS = RNG.integers(0, 256, (12, 17, 3), dtype=np.uint8)
ALPHA = RNG.integers(0, 255, (12, 17), dtype=np.uint8)
GREY = np.repeat(COLOURS[:, :, :1], 3, 2)
DEEP = np.repeat(RNG.integers(0, 65536, (12, 17, 1), dtype=np.uint16), 3, 2)


def reason(path: Path, **options: Any) -> str:
    with pytest.raises(OutputError) as caught:
        write_picture(Picture(COLOURS), path, **options)
    assert caught.value.message.endswith(".")
    return caught.value.message


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


# ---- what is written ----


@pytest.mark.parametrize("suffix", ["png", "tiff", "tif", "PNG"])
def test_lossless_formats_keep_every_value(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ä #1.{suffix}"
    assert write_picture(Picture(COLOURS, ALPHA), path) == path
    back = read_picture(path)
    assert np.array_equal(back.pixels, COLOURS)
    assert back.alpha is not None
    assert np.array_equal(back.alpha, ALPHA)


@pytest.mark.parametrize(
    ("suffix", "kind"), [("jpg", "JPEG"), ("jpeg", "JPEG"), ("webp", "WEBP"), ("avif", "AVIF")]
)
def test_the_suffix_chooses_the_format(tmp_path: Path, suffix: str, kind: str) -> None:
    flat = Picture(np.full((16, 16, 3), (40, 120, 200), np.uint8))
    path = write_picture(flat, tmp_path / f"a.{suffix}")
    with Image.open(path) as image:
        assert image.format == kind
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - flat.pixels).max() < 4


def test_a_named_format_wins_over_the_suffix(tmp_path: Path) -> None:
    with Image.open(write_picture(Picture(COLOURS), tmp_path / "a.png", format="jpg")) as image:
        assert image.format == "JPEG"


def test_webp_keeps_alpha(tmp_path: Path) -> None:
    back = read_picture(write_picture(Picture(COLOURS, ALPHA), tmp_path / "a.webp"))
    assert back.alpha is not None
    assert np.array_equal(back.alpha, ALPHA)


def test_jpeg_lays_transparency_on_white(tmp_path: Path) -> None:
    pixels = np.zeros((600, 32, 3), np.uint8)
    alpha = np.full((600, 32), 255, np.uint8)
    alpha[:, :16] = 0
    alpha[592:, 16:] = 128
    back = read_picture(write_picture(Picture(pixels, alpha), tmp_path / "a.jpg", quality=100))
    assert int(back.pixels[:, :15].min()) > 250
    assert int(back.pixels[:590, 17:].max()) < 5
    assert np.abs(back.pixels[593:, 18:].astype(int) - 127).max() < 5


def test_higher_quality_is_closer(tmp_path: Path) -> None:
    errors = []
    for quality in (30, 95):
        path = write_picture(Picture(COLOURS), tmp_path / f"{quality}.jpg", quality=quality)
        errors.append(np.abs(read_picture(path).pixels.astype(int) - COLOURS).mean())
    assert errors[1] < errors[0] / 2


@pytest.mark.parametrize("suffix", ["png", "tiff", "jpg"])
def test_grey_is_written_as_grey(tmp_path: Path, suffix: str) -> None:
    with Image.open(write_picture(Picture(GREY, grey=True), tmp_path / f"a.{suffix}")) as image:
        assert image.mode == "L"


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bit_grey_keeps_every_value(tmp_path: Path, suffix: str) -> None:
    back = read_picture(write_picture(Picture(DEEP, grey=True), tmp_path / f"a.{suffix}"))
    assert np.array_equal(back.pixels, DEEP)


@pytest.mark.parametrize("suffix", ["png", "tiff"])
@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("grey", [False, True])
def test_sixteen_bits_are_kept(tmp_path: Path, suffix: str, alpha: bool, grey: bool) -> None:
    # More rows than a band or a strip has.
    colours = RNG.integers(0, 65536, (150, 17, 3), dtype=np.uint16)
    if grey:
        colours = np.repeat(colours[:, :, :1], 3, 2)
    opacity = RNG.integers(0, 65536, (150, 17), dtype=np.uint16) if alpha else None
    path = write_picture(Picture(colours, opacity, grey=grey), tmp_path / f"a.{suffix}")
    back = read_picture(path)
    assert np.array_equal(back.pixels, colours)
    assert back.grey == grey
    assert (back.alpha is None) == (not alpha)
    assert opacity is None or np.array_equal(back.alpha, opacity)


@pytest.mark.parametrize("suffix", ["webp", "avif", "jpg"])
def test_sixteen_bits_are_rounded_where_they_cannot_be_kept(tmp_path: Path, suffix: str) -> None:
    colours = np.full((16, 16, 3), (12_900, 33_000, 60_100), np.uint16)
    picture = Picture(colours)
    path = write_picture(picture, tmp_path / f"a.{suffix}", quality=100)
    back = read_picture(path)
    assert back.pixels.dtype == np.uint8
    assert np.abs(back.pixels - colours / 257).max() < 2
    assert "8 bits a channel" in " ".join(losses(picture, path))


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "avif", "tiff"])
def test_profile_exif_and_resolution_are_kept(tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Camera"
    exif[Base.Orientation] = 1
    exif[IFD.Exif] = {Base.ExposureTime: 0.01, Base.ExifImageWidth: 4}
    picture = Picture(COLOURS, icc_profile=srgb_profile(), exif=exif.tobytes(), dpi=(300.0, 150.0))
    back = read_picture(write_picture(picture, tmp_path / f"a.{suffix}"))
    assert back.icc_profile == srgb_profile()
    assert back.exif is not None
    kept = Image.Exif()
    kept.load(back.exif)
    assert kept[Base.Make] == "Camera"
    assert kept[Base.Orientation] == 1
    assert kept.get_ifd(IFD.Exif)[Base.ExifImageWidth] == 17
    assert kept.get_ifd(IFD.Exif)[Base.ExposureTime] == pytest.approx(0.01)
    if suffix not in ("webp", "avif"):
        assert back.dpi == pytest.approx((300, 150), abs=0.1)


def test_exif_that_jpeg_has_no_room_for_is_left_out(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[Base.ImageDescription] = "x" * 70_000
    back = read_picture(write_picture(Picture(COLOURS, exif=exif.tobytes()), tmp_path / "a.jpg"))
    assert back.exif is None


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_results_have_the_usual_permissions(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    path = write_picture(Picture(COLOURS), tmp_path / "a.png")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)


# ---- never over another file, never half ----


def test_a_file_that_is_there_stays_unless_overwriting(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("precious")
    assert "is there already" in reason(path)
    assert path.read_text() == "precious"
    write_picture(Picture(COLOURS), path, overwrite=True)
    assert np.array_equal(read_picture(path).pixels, COLOURS)
    assert names(tmp_path) == ["a.png"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    path = tmp_path / "a.png"
    save = Image.Image.save

    def slow_save(self: Image.Image, *args: Any, **options: Any) -> None:
        save(self, *args, **options)
        path.write_text("precious")

    monkeypatch.setattr(Image.Image, "save", slow_save)
    if not links:
        forbid_links(monkeypatch)
    assert "is there already" in reason(path)
    assert path.read_text() == "precious"
    assert names(tmp_path) == ["a.png"]


def forbid_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)


def test_file_systems_without_links_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_links(monkeypatch)
    path = write_picture(Picture(COLOURS), tmp_path / "a.png")
    assert np.array_equal(read_picture(path).pixels, COLOURS)
    assert names(tmp_path) == ["a.png"]


def test_a_dangling_link_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.symlink_to(tmp_path / "nowhere.png")
    assert "is there already" in reason(path)
    assert path.is_symlink()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EIO, "disk reports"), (errno.EXDEV, "")],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_failure_half_way_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, overwrite: bool
) -> None:
    path = tmp_path / "a.png"
    if overwrite:
        path.write_text("precious")

    def full(self: Image.Image, file: Any, *args: Any, **options: Any) -> None:
        file.write(b"half a picture")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Image.Image, "save", full)
    message = reason(path, overwrite=overwrite)
    assert words in message
    assert str(path) in message
    assert names(tmp_path) == (["a.png"] if overwrite else [])
    assert not overwrite or path.read_text() == "precious"


def test_being_stopped_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_picture(Picture(COLOURS), tmp_path / "a.png")
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_is_really_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_file = os.open

    def on_full_disk(path: Any, flags: int, *mode: int) -> int:
        if str(path).endswith(".part"):
            open_file(path, flags, *mode)
            return open_file("/dev/full", os.O_RDWR)
        return open_file(path, flags, *mode)

    monkeypatch.setattr(os, "open", on_full_disk)
    assert "disk is full" in reason(tmp_path / "a.png")
    assert names(tmp_path) == []


# ---- folders ----


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "a.png"
    check_writable(path, 10, 10)
    assert not path.parent.exists()
    write_picture(Picture(COLOURS), path)
    assert path.is_file()


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "a.png"
    assert "a file, not a folder" in reason(path)
    with pytest.raises(OutputError, match="not a folder"):
        check_writable(path, 10, 10)


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    assert "folder of this name" in reason(tmp_path / "a.png", overwrite=True)
    with pytest.raises(OutputError, match="folder of this name"):
        check_writable(tmp_path / "a.png", 10, 10)


def test_a_folder_that_may_not_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # the superuser may write everywhere

        def forbidden(*_: object) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(os, "open", forbidden)
        monkeypatch.setattr(os, "access", lambda *_: False)
    assert "may not be written to" in reason(folder / "a.png")
    with pytest.raises(OutputError, match="may not be written to"):
        check_writable(folder / "a.png", 10, 10)
    assert names(folder) == []


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert "name is too long" in reason(tmp_path / f"{'x' * 300}.png")
    longest = tmp_path / f"{'x' * 251}.png"
    assert write_picture(Picture(COLOURS), longest).is_file()


# ---- formats ----


@pytest.mark.parametrize("name", ["a", "a.svg", "a.exe", ".png"])
def test_unknown_formats_are_refused(tmp_path: Path, name: str) -> None:
    assert "choose png, jpg, webp, avif or tiff" in reason(tmp_path / name)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("format", "width", "height"),
    [("webp", 16_384, 10), ("webp", 10, 16_384), ("jpg", 65_501, 1)],
)
def test_what_a_format_cannot_hold_is_said_before_the_work(
    tmp_path: Path, format: str, width: int, height: int
) -> None:
    path = tmp_path / f"a.{format}"
    with pytest.raises(OutputError, match="choose PNG or TIFF"):
        check_writable(path, width, height)
    check_writable(path, min(width, 16_000), min(height, 16_000))
    check_writable(path, width, height, "png")
    with pytest.raises(OutputError, match="choose PNG or TIFF"):
        write_picture(Picture(np.zeros((height, width, 3), np.uint8)), path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_impossible_qualities_are_refused(tmp_path: Path, quality: int) -> None:
    assert "1 to 100" in reason(tmp_path / "a.jpg", quality=quality)
