"""XMP: a photo's metadata as XML, with new sizes, without places, with a note on its making."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

_NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "xmpGImg": "http://ns.adobe.com/xap/1.0/g/img/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
for _prefix, _uri in _NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def _named(prefix: str, name: str) -> str:
    return f"{{{_NAMESPACES[prefix]}}}{name}"


_WIDTHS: Final = {
    _named("tiff", "ImageWidth"),
    _named("exif", "PixelXDimension"),
    _named("exifEX", "PixelXDimension"),
}
_HEIGHTS: Final = {
    _named("tiff", "ImageLength"),
    _named("exif", "PixelYDimension"),
    _named("exifEX", "PixelYDimension"),
}
_ORIENTATION: Final = _named("tiff", "Orientation")
_DROPPED: Final = {
    _named("xmp", "Thumbnails"),
    # It names a second part of the metadata, which is not read.
    _named("xmpNote", "HasExtendedXMP"),
}
_PLACES: Final = {
    _named("photoshop", "City"),
    _named("photoshop", "State"),
    _named("photoshop", "Country"),
    _named("Iptc4xmpCore", "Location"),
    _named("Iptc4xmpCore", "CountryCode"),
    _named("Iptc4xmpExt", "LocationCreated"),
    _named("Iptc4xmpExt", "LocationShown"),
}
_GPS: Final = re.compile(re.escape(_named("exif", "GPS")) + ".*")
_DESCRIPTION: Final = _named("rdf", "Description")
_SOURCE_TYPE: Final = _named("Iptc4xmpExt", "DigitalSourceType")
_SOURCE_TYPE_URI: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
_PACKET_START: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_PACKET_END: Final = '\n<?xpacket end="w"?>'
_MOST_BYTES: Final = 8_000_000


def kept_xmp(packet: bytes) -> bytes | None:
    """The packet as it goes with the upright picture: orientation 1, no thumbnails.

    None where it is damaged or too large.
    """
    root = _parsed(packet)
    if root is None:
        return None
    for holder, name in _properties(root):
        if name in _DROPPED:
            _remove(holder, name)
        elif name == _ORIENTATION:
            _put(holder, name, "1")
    return _packed(root)


def with_size(packet: bytes, width: int, height: int) -> bytes:
    """The packet, where it names the picture's size, with this size in pixels."""
    root = _parsed(packet)
    if root is None:
        return packet
    for holder, name in _properties(root):
        if name in _WIDTHS:
            _put(holder, name, str(width))
        elif name in _HEIGHTS:
            _put(holder, name, str(height))
    return _packed(root)


def without_places(packet: bytes) -> bytes:
    """The packet without coordinates and names of places."""
    root = _parsed(packet)
    if root is None:
        return packet
    for holder, name in _properties(root):
        if name in _PLACES or _GPS.fullmatch(name):
            _remove(holder, name)
    return _packed(root)


def with_provenance(packet: bytes | None, maker: str, what: str) -> bytes:
    """The packet, or a new one, with a note that `maker` derived the picture by `what`.

    The note is an entry of the history, and the source type that IPTC defines for photos to which
    a trained model added content.
    """
    root = None if packet is None else _parsed(packet)
    if root is None:
        root = ET.Element(_named("x", "xmpmeta"))
        ET.SubElement(root, _named("rdf", "RDF"))
    rdf = root if root.tag == _named("rdf", "RDF") else root.find(_named("rdf", "RDF"))
    if rdf is None:
        rdf = ET.SubElement(root, _named("rdf", "RDF"))
    for holder, name in _properties(root):
        if name == _SOURCE_TYPE:
            _remove(holder, name)
    description = rdf.find(_DESCRIPTION)
    if description is None:
        description = ET.SubElement(rdf, _DESCRIPTION, {_named("rdf", "about"): ""})
    description.set(_SOURCE_TYPE, _SOURCE_TYPE_URI)
    if not any(name == _named("xmp", "CreatorTool") for _, name in _properties(root)):
        description.set(_named("xmp", "CreatorTool"), maker)
    history = root.find(f".//{_named('xmpMM', 'History')}/{_named('rdf', 'Seq')}")
    if history is None:
        holder = ET.SubElement(description, _named("xmpMM", "History"))
        history = ET.SubElement(holder, _named("rdf", "Seq"))
    ET.SubElement(
        history,
        _named("rdf", "li"),
        {
            _named("stEvt", "action"): "derived",
            _named("stEvt", "softwareAgent"): maker,
            _named("stEvt", "parameters"): what,
        },
    )
    return _packed(root)


def _parsed(packet: bytes) -> ET.Element | None:
    if len(packet) > _MOST_BYTES or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return None
    try:
        root = ET.fromstring(packet.strip(b"\0 \r\n\t"))
    except (ET.ParseError, ValueError, LookupError):
        return None
    return root if root.tag in (_named("x", "xmpmeta"), _named("rdf", "RDF")) else None


def _packed(root: ET.Element) -> bytes:
    return (_PACKET_START + ET.tostring(root, encoding="unicode") + _PACKET_END).encode()


def _properties(root: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    """Each property with the description that holds it, as an attribute or as a child."""
    for holder in list(root.iter(_DESCRIPTION)):
        for name in [*holder.attrib, *(child.tag for child in list(holder))]:
            yield holder, name


def _remove(holder: ET.Element, name: str) -> None:
    holder.attrib.pop(name, None)
    for child in holder.findall(name):
        holder.remove(child)


def _put(holder: ET.Element, name: str, value: str) -> None:
    if name in holder.attrib:
        holder.set(name, value)
    for child in holder.findall(name):
        child.text = value
