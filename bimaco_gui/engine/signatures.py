"""What a file is by its first bytes, to say why it cannot be opened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """A kind of file.

    Attributes:
        name: As in "this file is ...", or in "a damaged ... picture".
        readable: A sound file of this kind can be opened.
    """

    name: str
    readable: bool


_BY_START = (
    (b"\x89PNG\r\n\x1a\n", Content("PNG", True)),
    (b"\xff\xd8", Content("JPEG", True)),
    (b"GIF8", Content("GIF", True)),
    (b"BM", Content("BMP", True)),
    (b"II*\0", Content("TIFF", True)),
    (b"MM\0*", Content("TIFF", True)),
    (b"%PDF", Content("a PDF document", False)),
    (b"%!PS", Content("a PostScript document", False)),
    (b"8BPS", Content("a Photoshop document", False)),
    (b"gimp xcf", Content("a GIMP document", False)),
    (b"PK\x03\x04", Content("an archive or a document", False)),
    (b"\xff\x0a", Content("a JPEG XL picture", False)),
    (b"\0\0\0\x0cJXL ", Content("a JPEG XL picture", False)),
    (b"\0\0\0\x0cjP  ", Content("a JPEG 2000 picture", False)),
)
_TEXT = Content("a text file", False)
_SVG = Content("an SVG drawing", False)
_ISO_BRANDS = {
    b"heic": Content("HEIC", True),
    b"heix": Content("HEIC", True),
    b"mif1": Content("HEIF", True),
    b"avif": Content("AVIF", True),
}
_VIDEO = Content("a video", False)


def guess_content(start: bytes) -> Content | None:
    """Guess from the first bytes of a file; None where nothing is known of it."""
    for signature, content in _BY_START:
        if start.startswith(signature):
            return content
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Content("WebP", True)
    if start[4:8] == b"ftyp":
        return _ISO_BRANDS.get(start[8:12], _VIDEO)
    if _is_text(start):
        return _SVG if b"<svg" in start.lower() else _TEXT
    return None


def _is_text(start: bytes) -> bool:
    """Whether it is UTF-8 without control characters, apart from a character cut at the end."""
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text)
