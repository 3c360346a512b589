"""Find the XMP, EXIF and IPTC blocks in a file, by its own structure and within bounds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, IptcImagePlugin

from provenance.intake.metadata.embedded import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_XMP: Final = 4 * 1024 * 1024
MAX_BLOCKS: Final = 50_000
XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED: Final = b"http://ns.adobe.com/xmp/extension/\0"
EXIF: Final = b"Exif\0\0"
PNG_XMP: Final = b"XML:com.adobe.xmp"
PNG_RAW_XMP: Final = b"Raw profile type xmp"
TIFF_XMP: Final = 700
RST0, SOI, EOI, SOS, APP1 = 0xD0, 0xD8, 0xD9, 0xDA, 0xE1

Extension = tuple[int, int, bytes]
"""Offset, length of the whole, and a part of it."""


@dataclass
class Blocks:
    """The blocks of a file as bytes, and the kinds of those that cannot be had."""

    xmp: list[bytes] = field(default_factory=list)
    extended: dict[str, list[Extension]] = field(default_factory=dict)
    """Parts of extended XMP by their GUID (JPEG)."""
    exif: list[bytes] = field(default_factory=list)
    image: Image.Image | None = None
    """Where Pillow knows more: the tags of a TIFF, the IPTC block of it and of a JPEG."""
    unreadable: list[str] = field(default_factory=list)

    def add_xmp(self, packet: bytes) -> None:
        if len(packet) > MAX_XMP:
            self.unreadable.append("xmp")
        else:
            self.xmp.append(packet)


def blocks_of(data: bytes, kind: str) -> Blocks:
    """The blocks of a picture of `kind`: jpeg, png, webp, tiff, avif or gif."""
    blocks = Blocks()
    try:
        READERS[kind](data, blocks)
    except Exception:  # noqa: BLE001  # hostile structure; what was found until here still counts
        blocks.unreadable.append("file")
    return blocks


def _jpeg(data: bytes, blocks: Blocks) -> None:
    for marker, body in _segments(data):
        if marker != APP1:
            continue
        if body.startswith(XMP):
            blocks.add_xmp(body[len(XMP) :])
        elif body.startswith(EXTENDED):
            _extension(body[len(EXTENDED) :], blocks)
        elif body.startswith(EXIF):
            blocks.exif.append(body)
    blocks.image = Image.open(BytesIO(data), formats=["JPEG"])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment before the pixels; junk between them is skipped."""
    at = 2
    for _ in range(MAX_BLOCKS):
        at = data.find(b"\xff", at)
        marker = data[at + 1] if 0 <= at < len(data) - 1 else EOI
        if marker in {SOS, EOI}:
            return
        if marker in {0x00, 0xFF}:
            at += 1
        elif marker == 1 or RST0 <= marker <= SOI:  # markers without a body
            at += 2
        else:
            size = int.from_bytes(data[at + 2 : at + 4], "big")
            yield marker, _slice(data, at + 4, size - 2)
            at += 2 + size
    raise UnreadableError("too many segments")


def _extension(body: bytes, blocks: Blocks) -> None:
    guid = body[:32].decode("ascii", "replace")
    whole, offset = (int.from_bytes(body[at : at + 4], "big") for at in (32, 36))
    blocks.extended.setdefault(guid, []).append((offset, whole, body[40:]))


def joined(parts: list[Extension]) -> bytes:
    """Extended XMP put together; UnreadableError where a part is missing, doubled or too long."""
    out = bytearray()
    for offset, whole, body in sorted(parts):
        if offset != len(out) or whole > MAX_XMP or whole != parts[0][1]:
            raise UnreadableError("parts that do not fit together")
        out += body
    if len(out) != parts[0][1]:
        raise UnreadableError("a part is missing")
    return bytes(out)


def _png(data: bytes, blocks: Blocks) -> None:
    for name, body in _chunks(data, 8, order="big", padded=False):
        if name == b"eXIf":
            blocks.exif.append(EXIF + body)
        elif name in {b"iTXt", b"tEXt", b"zTXt"}:
            _png_text(name, body, blocks)
        elif name == b"IEND":
            return


def _png_text(name: bytes, body: bytes, blocks: Blocks) -> None:
    keyword, _, rest = body.partition(b"\0")
    if keyword not in {PNG_XMP, PNG_RAW_XMP}:
        return
    try:
        text = _text_of(name, rest)
        blocks.add_xmp(_from_hex(text) if keyword == PNG_RAW_XMP else text)
    except (UnreadableError, ValueError, IndexError, zlib.error):
        blocks.unreadable.append("xmp")


def _text_of(name: bytes, rest: bytes) -> bytes:
    if name == b"tEXt":
        return rest
    if name == b"zTXt":
        return inflated(rest[1:])
    text = rest[2:].split(b"\0", 2)[2]  # after the language and the translated keyword
    return inflated(text) if rest[0] else text


def _from_hex(text: bytes) -> bytes:
    """ImageMagick's way: a name, a length, and lines of hexadecimal digits."""
    return bytes.fromhex(b"".join(text[: 3 * MAX_XMP].split()[2:]).decode("ascii"))


def inflated(packed: bytes) -> bytes:
    """Unpacked, at most three times `MAX_XMP` bytes of it (hexadecimal doubles them)."""
    machine = zlib.decompressobj()
    out = machine.decompress(packed, 3 * MAX_XMP)
    if not machine.eof:
        raise UnreadableError("too long or cut off")
    return out


def _webp(data: bytes, blocks: Blocks) -> None:
    for name, body in _chunks(data, 12, order="little", padded=True):
        if name == b"XMP ":
            blocks.add_xmp(body)
        elif name == b"EXIF":
            blocks.exif.append(body)


def _chunks(data: bytes, at: int, *, order: str, padded: bool) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk of a PNG (big, CRC after each) or a RIFF file (little)."""
    for _ in range(MAX_BLOCKS):
        if at + 8 > len(data):
            return
        first, second = data[at : at + 4], data[at + 4 : at + 8]
        name, length = (second, first) if order == "big" else (first, second)
        size = int.from_bytes(length, "big" if order == "big" else "little")
        yield name, _slice(data, at + 8, size)
        at += 8 + size + (size % 2 if padded else 4)
    raise UnreadableError("too many chunks")


def _slice(data: bytes, at: int, size: int) -> bytes:
    if size < 0 or at + size > len(data):
        raise UnreadableError("a block reaches beyond the file")
    return data[at : at + size]


def _tiff(data: bytes, blocks: Blocks) -> None:
    blocks.image = Image.open(BytesIO(data), formats=["TIFF"])
    packet = getattr(blocks.image, "tag_v2", {}).get(TIFF_XMP)
    if packet is not None:
        blocks.add_xmp(packet if isinstance(packet, bytes) else bytes(packet))


def _avif(data: bytes, blocks: Blocks) -> None:
    info = Image.open(BytesIO(data), formats=["AVIF"]).info
    if info.get("xmp"):
        blocks.add_xmp(info["xmp"])
    if info.get("exif"):
        blocks.exif.append(info["exif"])


def _gif(data: bytes, blocks: Blocks) -> None:
    """XMP lies in a GIF in one piece, made to be found by its text."""
    begin = data.find(b"<x:xmpmeta")
    end = data.rfind(b"</x:xmpmeta>")
    if begin >= 0:
        blocks.add_xmp(data[begin : end + 12 if end > begin else None])


def iptc_of(image: Image.Image) -> dict[tuple[int, int], bytes | list[bytes]]:
    """The IPTC-IIM fields of a JPEG or TIFF by record and number."""
    return IptcImagePlugin.getiptcinfo(image) or {}  # type: ignore[arg-type]


READERS: Final[dict[str, Callable[[bytes, Blocks], None]]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "tiff": _tiff,
    "avif": _avif,
    "gif": _gif,
}
