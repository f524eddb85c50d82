"""Nothing of a photo is lost on the way: checked by programs that share no code with ours.

Each input goes through the whole program but for the network, in whose place stands a bicubic
enlargement, and is written in every format.
"""

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base

from bimaco_gui.engine.upscale import Upscaler
from bimaco_gui.services.engine_tools import EngineTools, engine_tools
from bimaco_gui.services.events import Done, Event
from bimaco_gui.services.jobs import Job, JobOptions
from bimaco_gui.services.runner import Runner
from tests.fixtures_models import BicubicModel
from tests.independent import exiftool, magick, magick_facts, magick_pixels, read_metadata
from tests.profiles import grey_profile, rgb_profile

WIDTH, HEIGHT, SCALE = 80, 48, 4
FORMATS = ("png", "jpg", "webp", "avif", "tiff")
LOSSLESS = ("png", "tiff")
HEIC = Path(__file__).resolve().parents[1] / "data" / "pictures" / "p3_turned.heic"

TAGS = [
    "-IFD0:Make=Camera",
    "-IFD0:Model=M1",
    "-IFD0:Copyright=Somebody",
    "-ExifIFD:ExposureTime=1/250",
    "-ExifIFD:DateTimeOriginal=2026:01:02 03:04:05",
    f"-ExifIFD:ExifImageWidth={HEIGHT}",
    f"-ExifIFD:ExifImageHeight={WIDTH}",
    "-GPS:GPSLatitude=48.137",
    "-GPS:GPSLatitudeRef=N",
    "-GPS:GPSLongitude=11.575",
    "-GPS:GPSLongitudeRef=E",
    "-XMP-dc:Title=Müller's garden",
    "-XMP-exif:GPSLatitude=48.137",
    "-XMP-photoshop:City=Munich",
    f"-XMP-tiff:ImageWidth={HEIGHT}",
    "-XMP-tiff:Orientation#=6",
    "-XMP-xmpMM:History={action=captured}",
]
IPTC = ["-IPTC:Caption-Abstract=A garden", "-IPTC:City=Munich", "-IPTC:Keywords=green"]


def drawn() -> np.ndarray:
    """[HEIGHT, WIDTH, 3] uint8: slopes, and a red field at the top left to tell what is up."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    pixels = np.stack([3 * x, 5 * y, 255 - 3 * x], -1).clip(0, 255).astype(np.uint8)
    pixels[: HEIGHT // 2, : WIDTH // 2] = (230, 40, 40)
    return pixels


def drawn_deep() -> np.ndarray:
    """The same in 16 bits, with values between those of 8 bits."""
    deep = drawn().astype(np.uint16) * 257
    return deep + np.random.default_rng(4).integers(-100, 100, deep.shape).astype(np.int16).astype(
        np.uint16
    ) * (deep > 200) * (deep < 65000)


@dataclass(frozen=True)
class Source:
    """An input, and what is known of it."""

    path: Path
    bits: int = 8
    profile: str | None = None
    metadata: bool = True
    iptc: bool = False
    alpha: bool = False


def with_bicubic() -> EngineTools:
    return replace(
        engine_tools(), load=lambda model, device, cancel: Upscaler(BicubicModel(), "cpu")
    )


def upscaled(source: Path, output: Path, **options: Any) -> Done:
    events: list[Event] = []
    options = {"fidelity": 1.0, "quality": 97, **options}
    job = Job(source, output, JobOptions(**options))
    Runner(with_bicubic).run_job(job, events.append, threading.Event())
    done = events[-1]
    assert isinstance(done, Done), done
    return done


def made_sources(folder: Path) -> Iterator[Source]:
    upright = Image.fromarray(drawn())
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    p3 = rgb_profile("Display P3")
    for name, options in (
        ("a.jpg", {"quality": 97, "subsampling": 0}),
        ("b.png", {}),
        ("c.webp", {"lossless": True}),
        ("d.tif", {"compression": "tiff_lzw"}),
    ):
        turned.save(folder / name, icc_profile=p3, **options)
        iptc = name[2:] in ("jpg", "tif")
        exiftool(*TAGS, *(IPTC if iptc else []), "-IFD0:Orientation#=6", files=[folder / name])
        yield Source(folder / name, profile="Display P3", iptc=iptc)
    upright.save(folder / "e.avif", quality=100, subsampling="4:4:4", icc_profile=p3)
    yield Source(folder / "e.avif", profile="Display P3", metadata=False)
    (folder / "f.heic").write_bytes(HEIC.read_bytes())
    yield Source(folder / "f.heic", profile="Display P3", metadata=False)
    deep = np.rot90(drawn_deep())
    (folder / "raw.rgb").write_bytes(np.ascontiguousarray(deep).astype(">u2").tobytes())
    (folder / "adobe.icc").write_bytes(rgb_profile("Adobe RGB"))
    raw = ["-depth", "16", "-endian", "MSB", "-size", f"{HEIGHT}x{WIDTH}", folder / "raw.rgb"]
    raw = [*raw[:-1], f"rgb:{folder / 'raw.rgb'}", "-set", "colorspace", "sRGB"]
    adobe = ["-profile", folder / "adobe.icc"]
    for name, how in (
        ("g.png", []),
        ("h.png", ["-interlace", "PNG"]),
        ("i.tif", ["-compress", "Zip"]),
        ("j.tif", ["-compress", "None", "-define", "tiff:endian=msb"]),
    ):
        magick(*raw, *adobe, *how, folder / name)
        exiftool(*TAGS, "-IFD0:Orientation#=6", files=[folder / name])
        yield Source(folder / name, bits=16, profile="Adobe RGB")


@dataclass(frozen=True)
class Results:
    """All that came out, and what the independent programs say of it."""

    done: dict[str, tuple[Source, Done]]
    metadata: dict[str, dict[str, Any]]
    facts: dict[str, list[str]]

    def of(self, format: str) -> list[tuple[str, Source, Done]]:
        suffix = f".{format}"
        return [(name, *both) for name, both in self.done.items() if name.endswith(suffix)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("round_trip")
    (folder / "out").mkdir()
    done = {}
    for source in made_sources(folder):
        for format in FORMATS:
            output = folder / "out" / f"{source.path.name}.{format}"
            done[output.name] = (source, upscaled(source.path, output, provenance=False))
    files = [one.output for _, one in done.values()]
    # AVIF is read by exiftool alone: not every ImageMagick knows it.
    known = [file for file in files if file.suffix != ".avif"]
    return Results(done, read_metadata(files), magick_facts(known))


@pytest.mark.parametrize("format", FORMATS)
def test_size_and_bits_are_right(results: Results, format: str) -> None:
    for name, source, _ in results.of(format):
        tags = results.metadata[name]
        assert tags["Composite:ImageSize"] == f"{WIDTH * SCALE} {HEIGHT * SCALE}", name
        if format == "avif":
            continue
        width, height, bits, kind, alpha = results.facts[name]
        assert (int(width), int(height)) == (WIDTH * SCALE, HEIGHT * SCALE), name
        assert int(bits) == (source.bits if format in LOSSLESS else 8), name
        assert kind == "TrueColor", name
        assert alpha in ("Undefined", "False", "Off"), name


@pytest.mark.parametrize("format", FORMATS)
def test_exif_is_kept_with_new_sizes_and_upright(results: Results, format: str) -> None:
    for name, source, _ in results.of(format):
        if not source.metadata:
            continue
        tags = results.metadata[name]
        assert tags["IFD0:Make"] == "Camera", name
        assert tags["IFD0:Copyright"] == "Somebody", name
        assert tags.get("IFD0:Orientation", 1) == 1, name
        assert tags["ExifIFD:ExposureTime"] == pytest.approx(1 / 250), name
        assert tags["ExifIFD:DateTimeOriginal"] == "2026:01:02 03:04:05", name
        assert tags["ExifIFD:ExifImageWidth"] == WIDTH * SCALE, name
        assert tags["ExifIFD:ExifImageHeight"] == HEIGHT * SCALE, name
        assert tags["GPS:GPSLatitude"] == pytest.approx(48.137), name
        assert tags["GPS:GPSLongitude"] == pytest.approx(11.575), name
        assert not [tag for tag in tags if tag.startswith("IFD1:") or "Thumbnail" in tag], name


@pytest.mark.parametrize("format", FORMATS)
def test_xmp_is_kept_with_new_sizes_and_upright(results: Results, format: str) -> None:
    for name, source, _ in results.of(format):
        if not source.metadata:
            continue
        tags = results.metadata[name]
        assert tags["XMP-dc:Title"] == "Müller's garden", name
        assert tags["XMP-photoshop:City"] == "Munich", name
        assert tags["XMP-tiff:ImageWidth"] == WIDTH * SCALE, name
        assert tags.get("XMP-tiff:Orientation", 1) == 1, name
        assert tags["XMP-exif:GPSLatitude"] == pytest.approx(48.137, abs=1e-4), name
        assert tags["XMP-xmpMM:HistoryAction"] == "captured", name


@pytest.mark.parametrize("format", ["jpg", "tiff"])
def test_iptc_is_kept_where_the_format_has_it(results: Results, format: str) -> None:
    with_iptc = [(name, source) for name, source, _ in results.of(format) if source.iptc]
    assert len(with_iptc) == 2
    for name, _ in with_iptc:
        assert results.metadata[name]["IPTC:Caption-Abstract"] == "A garden", name
        assert results.metadata[name]["IPTC:Keywords"] == "green", name


@pytest.mark.parametrize("format", FORMATS)
def test_the_profile_is_kept(results: Results, format: str) -> None:
    for name, source, _ in results.of(format):
        tags = results.metadata[name]
        assert tags.get("ICC_Profile:ProfileDescription") == source.profile, name


@pytest.mark.parametrize("format", ["png", "jpg", "webp", "tiff"])
def test_colours_are_right_in_srgb(results: Results, format: str, tmp_path: Path) -> None:
    """Input and result, each by way of its profile, look the same to ImageMagick."""
    srgb = tmp_path / "srgb.icc"
    srgb.write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for name, source, done in results.of(format):
        assert source.profile is not None
        # Alike in both: ImageMagick converts the field of one colour, and what is beside it.
        result = magick_pixels(done.output, "rgb", "-profile", str(srgb)) / 257
        profile = ImageCms.ImageCmsProfile(io.BytesIO(rgb_profile(source.profile)))
        expected = ImageCms.profileToProfile(
            Image.fromarray(drawn()), profile, ImageCms.createProfile("sRGB"), renderingIntent=1
        )
        large = np.asarray(
            expected.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.BICUBIC)
        )
        inside = (slice(20, 76), slice(20, 140))
        assert np.abs(result[inside] - large[inside]).max() < 9, name
        assert np.abs(result - large).mean() < 4, name


@pytest.mark.parametrize("format", LOSSLESS)
def test_sixteen_bits_are_more_than_eight(results: Results, format: str) -> None:
    for name, source, done in results.of(format):
        pixels = magick_pixels(done.output, "rgb")
        between = np.count_nonzero(pixels % 257)
        assert (between > pixels.size / 2) == (source.bits == 16), name


def test_places_are_left_out_on_request_and_nothing_else(results: Results, tmp_path: Path) -> None:
    files = []
    for name, (source, _) in results.done.items():
        if source.metadata and name[2:].split(".")[0] == name[2:].split(".")[1].replace(
            "tiff", "tif"
        ):
            output = tmp_path / name
            upscaled(source.path, output, strip_gps=True, provenance=False)
            files.append(output)
    assert len(files) >= 4
    for name, tags in read_metadata(files).items():
        assert not [tag for tag in tags if "GPS" in tag or tag.endswith(":City")], name
        assert tags["IFD0:Make"] == "Camera", name
        assert tags["XMP-dc:Title"] == "Müller's garden", name
        if "IPTC:Keywords" in results.metadata[name]:
            assert tags["IPTC:Keywords"] == "green", name


@pytest.mark.parametrize("format", FORMATS)
def test_the_result_says_how_it_was_made_unless_told_not_to(
    results: Results, format: str, tmp_path: Path
) -> None:
    source = next(source for source, _ in results.done.values() if source.path.suffix == ".jpg")
    bare = tmp_path / "bare.png"
    Image.fromarray(drawn()).save(bare)
    outputs = [tmp_path / f"{name}.{format}" for name in ("rich", "poor")]
    for path, output in zip((source.path, bare), outputs, strict=True):
        upscaled(path, output, scale=2.0)
    for tags in read_metadata(outputs).values():
        actions = tags["XMP-xmpMM:HistoryAction"]
        assert "derived" in (actions if isinstance(actions, list) else [actions])
        assert "BiMaCo" in str(tags["XMP-xmpMM:HistorySoftwareAgent"])
        assert "2 times by the model photo" in str(tags["XMP-xmpMM:HistoryParameters"])
        assert tags["XMP-iptcExt:DigitalSourceType"].endswith("TrainedAlgorithmicMedia")
    without = results.metadata[f"a.jpg.{format}"]
    assert "BiMaCo" not in str(without)


# ---- alpha ----


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("format", ["png", "tiff", "webp", "avif"])
def test_opacity_comes_through_and_edges_have_no_fringes(
    tmp_path: Path, format: str, bits: int
) -> None:
    """A blue disc on nothing, whose invisible pixels are green: no green may show."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    inside = (y - HEIGHT / 2) ** 2 + (x - WIDTH / 2) ** 2 < (HEIGHT / 3) ** 2
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[..., 1] = 255
    pixels[inside] = (20, 40, 220, 255)
    source = tmp_path / "disc.png"
    Image.fromarray(pixels).save(source)
    if bits == 16:
        magick(source, "-depth", "16", "-define", "png:bit-depth=16", tmp_path / "deep.png")
        source = tmp_path / "deep.png"
    output = tmp_path / f"out.{format}"
    upscaled(source, output, quality=100)
    if format == "avif":
        with Image.open(output) as image:
            result = np.asarray(image.convert("RGBA")).astype(float)
    else:
        result = magick_pixels(output, "rgba") / 257
    alpha = result[..., 3]
    assert alpha[HEIGHT * 2, WIDTH * 2] > 250
    assert alpha[:8].max() < 3
    edge = (alpha > 10) & (alpha < 245)
    assert np.count_nonzero(edge) > 300
    assert np.abs(result[edge][:, :3] - (20, 40, 220)).max() < (12 if format == "webp" else 8)


# ---- modes ----


def test_grey_with_opacity_in_sixteen_bits(tmp_path: Path) -> None:
    values = np.zeros((HEIGHT, WIDTH, 2), ">u2")
    values[..., 0] = np.arange(WIDTH) * 800 + 77
    values[..., 1] = (np.arange(HEIGHT) * 1300 + 55)[:, None]
    (tmp_path / "raw.graya").write_bytes(values.tobytes())
    raw = ["-depth", "16", "-endian", "MSB", "-size", f"{WIDTH}x{HEIGHT}"]
    for name in ("a.png", "a.tif"):
        magick(*raw, f"graya:{tmp_path / 'raw.graya'}", tmp_path / name)
        upscaled(tmp_path / name, tmp_path / f"out-{name}")
        facts = magick_facts([tmp_path / f"out-{name}"])[f"out-{name}"]
        assert facts[2] == "16", name
        result = magick_pixels(tmp_path / f"out-{name}", "graya")
        centre = result[SCALE * 20 : SCALE * 28, SCALE * 36 : SCALE * 44]
        assert np.abs(centre[..., 0].mean() - values[20:28, 36:44, 0].mean()) < 5, name
        assert np.abs(centre[..., 1].mean() - values[20:28, 36:44, 1].mean()) < 5, name


def test_a_grey_profile_is_kept(tmp_path: Path) -> None:
    Image.fromarray(drawn()).convert("L").save(tmp_path / "a.png", icc_profile=grey_profile(1.8))
    upscaled(tmp_path / "a.png", tmp_path / "b.tiff")
    (tags,) = read_metadata([tmp_path / "b.tiff"]).values()
    assert tags["ICC_Profile:ProfileDescription"] == "Grey 1.8"
    assert magick_facts([tmp_path / "b.tiff"])["b.tiff"][3] == "Grayscale"


_MODES = ("1", "L", "P", "CMYK", "LA", "PA")


@pytest.mark.parametrize("format", ["png", "jpg", "webp", "tiff"])
@pytest.mark.parametrize("mode", _MODES)
def test_other_modes_look_as_imagemagick_sees_them(tmp_path: Path, mode: str, format: str) -> None:
    image = Image.fromarray(drawn())
    if mode in ("LA", "PA"):
        image = image.convert(mode[0])
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    else:
        image = image.convert(mode)
    source = tmp_path / ("a.tif" if mode in ("CMYK", "PA") else "a.png")
    if mode == "PA":
        image = image.convert("RGBA")
    image.save(source)
    done = upscaled(source, tmp_path / f"b.{format}", quality=100)
    has_alpha = mode in ("LA", "PA")
    # JPEG has no opacity: there the picture lies on white.
    flat = ["-background", "white", "-flatten"] if has_alpha and format == "jpg" else []
    channels = "rgba" if has_alpha and format != "jpg" else "rgb"
    before = magick_pixels(source, channels, "-colorspace", "sRGB", *flat) / 257
    after = magick_pixels(done.output, channels) / 257
    assert after.shape[:2] == (HEIGHT * SCALE, WIDTH * SCALE)
    blocks = after.reshape(HEIGHT, SCALE, WIDTH, SCALE, -1).mean(axis=(1, 3))
    inner = (slice(4, 20), slice(4, 36))
    tolerance = {"1": 60, "P": 12, "PA": 12}.get(mode, 3)  # dots of few colours
    if channels == "rgba":
        assert np.abs(blocks[inner][..., 3] - before[inner][..., 3]).max() < 6
    assert np.abs((blocks - before)[inner][..., :3]).mean() < tolerance
    if mode in ("1", "L", "LA"):
        colours = after[..., :3]
        assert np.abs(colours - colours.mean(axis=2, keepdims=True)).max() < 1, "grey stays grey"
    if mode == "CMYK":
        assert done.notes == ("Its colours were converted to sRGB.",)


def test_ten_bits_of_heic_come_through(tmp_path: Path) -> None:
    """One step of 10 bits a column: 96 of them, where 8 bits have 24."""
    for format in LOSSLESS:
        output = tmp_path / f"a.{format}"
        upscaled(HEIC.with_name("ramp_10_bit.heic"), output, scale=1.0)
        assert magick_facts([output])[output.name][2] == "16"
        pixels = magick_pixels(output, "rgb")
        expected = np.arange(400, 496) * 65535 / 1023
        assert np.abs(pixels[16, :, 0] - expected).max() < 2 * 65535 / 1023
        assert len(np.unique(pixels[16, :, 0])) > 80


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif", "avif"])
def test_of_several_frames_the_first_is_used_and_said(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (24, 16), colour) for colour in ("red", "blue", "lime")]
    source = tmp_path / f"a.{suffix}"
    frames[0].save(source, save_all=True, append_images=frames[1:])
    done = upscaled(source, tmp_path / "b.png")
    part = "pages" if suffix == "tif" else "frames"
    assert done.notes == (f"Only the first of its 3 {part} was used.",)
    assert np.abs(magick_pixels(done.output, "rgb") / 257 - (255, 0, 0)).max() < 6


def test_the_bits_can_be_chosen(tmp_path: Path) -> None:
    Image.fromarray(drawn()).save(tmp_path / "a.png")
    upscaled(tmp_path / "a.png", tmp_path / "b.png", bits=16)
    assert magick_facts([tmp_path / "b.png"])["b.png"][2] == "16"
    assert np.count_nonzero(magick_pixels(tmp_path / "b.png", "rgb") % 257) > 1000
    upscaled(tmp_path / "b.png", tmp_path / "c.tiff", bits=8, scale=1.0)
    assert magick_facts([tmp_path / "c.tiff"])["c.tiff"][2] == "8"


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    image = Image.fromarray(drawn())
    image.putalpha(100)
    image.save(tmp_path / "a.png")
    done = upscaled(tmp_path / "a.png", tmp_path / "b.jpg", bits=16)
    assert len(done.notes) == 2
    assert "laid on white" in done.notes[0]
    assert "8 bits" in done.notes[1]


def test_a_thumbnail_is_dropped(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[Base.Make] = "Camera"
    exif[IFD.Exif] = {Base.ExposureTime: 0.01}
    small = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(small, "JPEG")
    source = tmp_path / "a.jpg"
    Image.fromarray(drawn()).save(source, exif=exif)
    (tmp_path / "thumb.jpg").write_bytes(small.getvalue())
    exiftool(f"-ThumbnailImage<={tmp_path / 'thumb.jpg'}", files=[source])
    assert "IFD1:ThumbnailLength" in read_metadata([source])["a.jpg"]
    upscaled(source, tmp_path / "b.jpg")
    tags = read_metadata([tmp_path / "b.jpg"])["b.jpg"]
    assert tags["IFD0:Make"] == "Camera"
    assert not [tag for tag in tags if "IFD1" in tag or "Thumbnail" in tag]
