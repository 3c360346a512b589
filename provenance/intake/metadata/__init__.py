"""Read what a picture file says about itself: opt-outs, names, rights, how it was made.

Pure, and fit for hostile bytes within the decoder's child: `read` never raises, and what is there
but cannot be read is said to be unreadable. Which statement counts is decided by clearance.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

from PIL import Image

from provenance.intake.metadata import containers, xmp
from provenance.intake.metadata.credentials import Credentials, credentials_of
from provenance.intake.metadata.embedded import (
    NAMES,
    Embedded,
    Signal,
    UnreadableError,
    bounded,
    cleaned,
    names,
    signal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Embedded", "Signal", "read"]

ARTIST, COPYRIGHT = 315, 33432
BYLINE, IPTC_COPYRIGHT, IPTC_CREDIT = (2, 80), (2, 116), (2, 110)
CODE = re.compile(r"[A-Za-z0-9-]{1,60}")
DAMAGE = re.compile(r"corrupt|truncated|too large|larger than file|out of", re.IGNORECASE)


class _Reading:
    """One file being read: the names and texts found, and why something was not."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self.names: dict[str, list[str]] = {field: [] for field in NAMES}
        self.texts: dict[str, str] = {}
        self.unreadable: dict[str, str] = {}

    def text(self, field: str, value: str) -> None:
        """The first that is not blank stays."""
        if not self.texts.get(field):
            self.texts[field] = cleaned(value)

    def failed(self, source: str, why: object) -> None:
        self.unreadable.setdefault(source, str(why))

    def embedded(self) -> Embedded:
        unread = [signal(source, why, "unreadable") for source, why in self.unreadable.items()]
        fields: dict[str, Any] = {**self.texts}
        fields |= {field: names(found) for field, found in self.names.items()}
        return Embedded(
            signals=bounded([*self.signals, *unread]), unreadable=tuple(self.unreadable), **fields
        )


def read(data: bytes, kind: str) -> Embedded:
    """What the file of `kind` (as `rules.format_of` tells it) says about itself."""
    reading = _Reading()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _read_all(data, kind, reading)
        if any(DAMAGE.search(str(one.message)) for one in caught):
            reading.failed("exif", "damaged")
        return reading.embedded()
    except Exception as error:  # noqa: BLE001  # MemoryError included; the file may be hostile
        unread = signal("file", type(error).__name__, "unreadable")
        return Embedded(signals=(unread,), unreadable=("file",))


def _read_all(data: bytes, kind: str, reading: _Reading) -> None:
    blocks = containers.blocks_of(data, kind)
    for source in blocks.unreadable:
        reading.failed(source, "damaged or too long")
    _find_xmp_in_exif(blocks, reading)
    packets = _packets(blocks, reading)
    for packet in packets:
        _take_xmp(packet, reading)
    _take_older(blocks, reading)  # only where XMP says nothing
    _take_credentials(data, kind, packets, reading)


def _find_xmp_in_exif(blocks: containers.Blocks, reading: _Reading) -> None:
    """TIFF's tag for XMP, which some programs write into the EXIF block of other formats."""
    for raw in blocks.exif:
        try:
            exif = Image.Exif()
            exif.load(raw)
            packet = exif.get(containers.TIFF_XMP)
        except Exception as error:  # noqa: BLE001  # Pillow raises nearly everything
            reading.failed("exif", type(error).__name__)
            continue
        if packet is not None:
            blocks.add_xmp(packet if isinstance(packet, bytes) else bytes(packet))


def _packets(blocks: containers.Blocks, reading: _Reading) -> list[xmp.Packet]:
    """Every packet that can be read; extended ones must be there whole when they are announced."""
    packets = [packet for raw in blocks.xmp if (packet := _packet(raw, reading))]
    for packet in tuple(packets):
        if packet.extended and packet.extended not in blocks.extended:
            reading.failed("xmp", "extended XMP is missing")
    for parts in blocks.extended.values():
        try:
            extended = _packet(containers.joined(parts), reading)
        except UnreadableError as error:
            reading.failed("xmp", error)
            continue
        if extended:
            packets.append(extended)
    return packets


def _packet(raw: bytes, reading: _Reading) -> xmp.Packet | None:
    try:
        return xmp.Packet(raw)
    except Exception as error:  # noqa: BLE001  # parsers raise nearly everything
        reading.failed("xmp", f"{type(error).__name__}: {error}")
        return None


def _take_xmp(packet: xmp.Packet, reading: _Reading) -> None:
    reading.signals += packet.signals()
    for field in xmp.NAMES:
        reading.names[field] += packet.names(field)
    reading.names["artworks"] += packet.artworks()
    for field, name in xmp.TEXTS.items():
        reading.text(field, packet.text(name))
    for field, name in xmp.CODES.items():
        reading.text(field, _code(packet.code(name)))
    marked = packet.text(f"{xmp.RIGHTS}Marked").strip().lower()
    reading.text("marked", marked if marked in {"true", "false"} else "")


def _code(text: str) -> str:
    return text if CODE.fullmatch(text) else ""


def _take_older(blocks: containers.Blocks, reading: _Reading) -> None:
    """EXIF and IPTC-IIM."""
    creators: list[str] = []
    try:
        for exif in _exifs(blocks):
            creators += _plain(exif.get(ARTIST, "")).split(";")
            reading.text("copyright_notice", _plain(exif.get(COPYRIGHT, "")))
    except Exception as error:  # noqa: BLE001  # Pillow raises nearly everything
        reading.failed("exif", type(error).__name__)
    try:
        fields = containers.iptc_of(blocks.image) if blocks.image else {}
        creators += _fields(fields.get(BYLINE, []))
        reading.text("copyright_notice", " ".join(_fields(fields.get(IPTC_COPYRIGHT, []))))
        reading.text("credit_line", " ".join(_fields(fields.get(IPTC_CREDIT, []))))
    except Exception as error:  # noqa: BLE001
        reading.failed("iptc", type(error).__name__)
    if not names(reading.names["creators"]):
        reading.names["creators"] = creators


def _exifs(blocks: containers.Blocks) -> Iterable[Any]:
    """The tags of each EXIF block, and of a TIFF itself."""
    for raw in blocks.exif:
        exif = Image.Exif()
        exif.load(raw)
        yield exif
    if blocks.image is not None and blocks.image.format == "TIFF":
        yield getattr(blocks.image, "tag_v2", {})


def _plain(value: object) -> str:
    """EXIF text, which Pillow takes for Latin-1 and which is mostly UTF-8."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    try:
        return text.encode("latin-1").decode("utf-8").replace("\0", " ")
    except UnicodeError:
        return text.replace("\0", " ")


def _fields(value: bytes | list[bytes]) -> list[str]:
    return [_plain(one) for one in (value if isinstance(value, list) else [value])]


def _take_credentials(data: bytes, kind: str, packets: list[xmp.Packet], reading: _Reading) -> None:
    try:
        found = credentials_of(data, kind)
    except Exception as error:  # noqa: BLE001  # a native library's, too
        reading.failed("c2pa", error)
        return
    elsewhere = next((p.provenance for p in packets if "://" in p.provenance), "")
    if found is None and elsewhere:
        reading.failed("c2pa", f"the manifest is elsewhere: {elsewhere}")
    found = found or Credentials()
    reading.signals += found.signals
    made = _code(found.digital_source_type)
    if "lgorithmic" in made:  # a generator's signed word counts more than what others wrote
        reading.texts["digital_source_type"] = made
    reading.text("digital_source_type", made)
