"""Metadata made to harm: said to be unreadable, quickly, in bounded memory, and never raised."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc
import zlib

import pytest
from PIL import Image

from provenance.intake.decoding import decode
from provenance.intake.metadata import Embedded, containers, read
from tests.provenance.intake.embedding import (
    KINDS,
    STANDARD,
    credentialed,
    extended,
    in_jpeg,
    in_png,
    mining,
    no_training,
    packed_in_png,
    packet,
    with_xmp,
)
from tests.provenance.intake.pictures import encoded, scene

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 20) for at in range(10))
    + b"]><x>&k;</x>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
HOSTILE = {
    "an entity bomb": LAUGHS,
    "an entity from a file": OUTSIDE,
    "a thousand levels": packet("<a>" * 1000 + "</a>" * 1000),
    "a million levels": packet("<a>" * 1_000_000),
    "a flood of elements": packet("<a/>" * 500_000),
    "a flood of attributes": packet(attributes=" ".join(f'a{at}=""' for at in range(100_000))),
    "five megabytes": mining("DMI-ALLOWED") + b" " * 5_000_000,
    "another encoding": mining("DMI-ALLOWED").decode().replace("\ufeff", "").encode("cp037"),
    "no UTF-8": mining("DMI-ALLOWED").replace(b"DMI", b"\xff\xfe"),
    "a zero byte within": mining("DMI-\0ALLOWED"),
    "cut off": mining("DMI-ALLOWED")[:-40],
    "no RDF": b"<x/>",
    "nothing": b" ",
    "an unknown prefix": b"<rdf:RDF/>",
}


@pytest.mark.parametrize("xmp", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xmp_is_unreadable_and_soon_done_with(xmp):
    data = in_png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    tracemalloc.start()
    begun = time.process_time()
    found = read(data, "png")
    seconds, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.unreadable == ("xmp",)
    assert [one.training for one in found.signals] == ["unreadable"]
    assert seconds < 3  # under tracemalloc; a tenth of a second without
    assert peak < 150_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_an_entity_bomb_in_any_format_is_unreadable_and_the_picture_is_taken(kind):
    decoded = decode(with_xmp(kind, LAUGHS))
    assert decoded.embedded.unreadable == ("xmp",)


def test_a_packet_that_inflates_to_gigabytes_is_unreadable():
    body = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b" " * 300_000_000)
    tracemalloc.start()
    found = read(in_png(b"iTXt", body), "png")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.unreadable == ("xmp",)
    assert peak < 60_000_000


def test_a_cut_off_or_wrongly_packed_packet_is_unreadable():
    whole = packed_in_png(mining("DMI-PROHIBITED"))
    body = zlib.compress(mining("DMI-PROHIBITED"))
    for spoilt in (body[:-9], b"no zlib at all", b""):
        data = in_png(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + spoilt)
        assert read(data, "png").unreadable == ("xmp",)
    assert read(whole, "png").unreadable == ()


def test_one_packet_that_cannot_be_read_hides_no_other():
    both = in_jpeg(STANDARD + LAUGHS, STANDARD + mining("DMI-PROHIBITED"))
    found = read(both, "jpeg")
    assert [one.training for one in found.signals] == ["prohibited", "unreadable"]


def test_extended_xmp_with_a_lie_about_its_length_is_unreadable():
    part = extended("B" * 32, mining("DMI-ALLOWED"))[0]
    for whole, offset in ((5_000_000, 0), (10, 0), (2**32 - 1, 7), (0, 0)):
        lie = part[:67] + struct.pack(">II", whole, offset) + part[75:]
        assert read(in_jpeg(lie), "jpeg").unreadable == ("xmp",)


def test_a_block_that_reaches_beyond_the_file_is_unreadable():
    data = encoded(scene(), "WEBP", xmp=mining("DMI-ALLOWED"), lossless=True)
    assert read(data[:-20], "webp").unreadable == ("file",)
    png = encoded(scene(), "PNG")
    assert read(png[:-12] + b"\xff\xff\xff\xffiTXtXML", "png").unreadable == ("file",)


def test_more_blocks_than_any_picture_has_are_unreadable(monkeypatch):
    monkeypatch.setattr(containers, "MAX_BLOCKS", 50)
    assert read(in_jpeg(*[b"x"] * 100), "jpeg").unreadable == ("file",)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_that_loops_lies_or_is_cut_off_raises_nothing(kind):
    ifd = struct.pack("<2sHIH", b"II", 42, 8, 2)
    loop = ifd + struct.pack("<HHII", 315, 2, 2**31, 8) * 2 + struct.pack("<I", 8)
    for hostile in (loop, loop[:-9], b"II*\0\xff\xff\xff\xff", b"MM\0*" + b"\xff" * 900, b"\0"):
        data = encoded(scene(), kind, exif=b"Exif\0\0" + hostile)
        found = read(data, kind.lower())
        assert set(found.unreadable) <= {"exif"}
        assert found.creators == ()
    assert read(encoded(scene(), kind, exif=b"Exif\0\0" + loop), kind.lower()).unreadable


def test_a_manifest_box_with_nonsense_in_it_is_unreadable():
    nonsense = struct.pack(">I", 60) + b"jumb\0\0\0\x30jumdc2pa" + b"\xff" * 40
    segment = b"JP\0\1\0\0\0\1" + nonsense
    data = encoded(scene(), "JPEG")
    app11 = b"\xff\xeb" + struct.pack(">H", len(segment) + 2) + segment
    assert read(data[:2] + app11 + data[2:], "jpeg").unreadable == ("c2pa",)


@pytest.mark.parametrize("kind", [*KINDS, "GIF"])
def test_random_damage_and_truncation_raise_nothing(kind):
    chance = random.Random(kind)
    exif = Image.Exif()
    exif[315] = "Ada"
    how = {} if kind in {"GIF", "TIFF"} else {"exif": exif, "xmp": mining("DMI-PROHIBITED")}
    plain = encoded(scene(), kind, **how)
    whole = plain if kind == "GIF" else credentialed(kind, no_training(), data=plain)
    for _ in range(60):
        spoilt = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        assert isinstance(read(bytes(spoilt), kind.lower()), Embedded)
        assert isinstance(read(whole[: chance.randrange(len(whole))], kind.lower()), Embedded)


def test_a_kind_that_is_not_known_is_unreadable():
    assert read(b"", "bmp").unreadable == ("file",)


def test_the_largest_that_a_file_can_say_fits_into_the_childs_answer():
    def many(tag: str) -> str:
        names = "".join(f"<rdf:li>{at:02}{chr(0x1F600) * 200}</rdf:li>" for at in range(99))
        return f"<{tag}><rdf:Bag>{names}</rdf:Bag></{tag}>"

    def one(tag: str) -> str:
        return f"<{tag}>{chr(0x1F600) * 900}</{tag}>"

    inner = "".join(map(many, ("dc:creator", "xmpRights:Owner", "iptc:PersonInImage")))
    inner += "".join(
        map(one, ("photoshop:Credit", "dc:rights", "xmpRights:UsageTerms", "plus:DataMining"))
    )
    inner += "".join(
        f"<plus:OtherConstraints>{at}{chr(0x1F600) * 400}</plus:OtherConstraints>"
        for at in range(40)
    )
    found = decode(with_xmp("PNG", packet(inner))).embedded
    assert len(found.creators) == 32
    assert found.signals[0].training == "unreadable"
