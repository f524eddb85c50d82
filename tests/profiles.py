"""ICC profiles made from their published numbers: matrices for D50 and a tone curve."""

import struct

_D50 = (0.9642, 1.0, 0.8249)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

Matrix = tuple[tuple[float, float, float], ...]

_PRIMARIES: dict[str, tuple[Matrix, float | None]] = {
    "Display P3": (
        ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)),
        None,
    ),
    "Adobe RGB": (
        ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
        2.19921875,
    ),
    "ProPhoto RGB": (
        ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491)),
        1.8,
    ),
    "Linear sRGB": (
        ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)),
        1.0,
    ),
}
NAMES = tuple(_PRIMARIES)


def rgb_profile(name: str) -> bytes:
    """A matrix profile, of version 4; the curve is sRGB's where the table has no gamma."""
    columns, gamma = _PRIMARIES[name]
    curve = _curve(gamma)
    tags = [
        (b"desc", _text(name)),
        (b"cprt", _text("CC0")),
        (b"wtpt", _xyz(_D50)),
        *zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, columns), strict=True),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    return _profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """A profile for grey."""
    return _profile(
        b"GRAY",
        [
            (b"desc", _text(f"Grey {gamma:g}")),
            (b"cprt", _text("CC0")),
            (b"wtpt", _xyz(_D50)),
            (b"kTRC", _curve(gamma)),
        ],
    )


def _profile(space: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags:
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += padded
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x04300000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += b"".join(_fixed(value) for value in _D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _curve(gamma: float | None) -> bytes:
    if gamma is None:
        numbers = b"".join(map(_fixed, _SRGB_CURVE))
        return b"para" + bytes(4) + struct.pack(">HH", 3, 0) + numbers
    return b"para" + bytes(4) + struct.pack(">HH", 0, 0) + _fixed(gamma)


def _text(text: str) -> bytes:
    coded = text.encode("utf-16-be")
    return (
        b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(coded), 28) + coded
    )


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
