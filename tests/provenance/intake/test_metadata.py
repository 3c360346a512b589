"""What files say about themselves: XMP in every format and shape, EXIF, IPTC."""

from __future__ import annotations

import json
import struct

import pytest
from PIL import Image

from provenance.intake.decoding import decode
from provenance.intake.metadata import Embedded, read
from provenance.intake.metadata.embedded import MAX_SIGNALS, bounded, signal
from tests.provenance.intake.embedding import (
    KINDS,
    STANDARD,
    VOCABULARY,
    extended,
    in_jpeg,
    in_png,
    mining,
    packed_in_png,
    packet,
    with_xmp,
)
from tests.provenance.intake.pictures import encoded, scene

FULL = packet(
    """
    <dc:creator><rdf:Seq><rdf:li>Ada Lovelace</rdf:li><rdf:li>Bo  Li</rdf:li></rdf:Seq></dc:creator>
    <dc:rights><rdf:Alt><rdf:li xml:lang="de">Alle Rechte</rdf:li>
      <rdf:li xml:lang="x-default">All rights reserved</rdf:li></rdf:Alt></dc:rights>
    <plus:CopyrightOwner><rdf:Seq><rdf:li rdf:parseType="Resource">
      <plus:CopyrightOwnerName>Studio Nord</plus:CopyrightOwnerName></rdf:li></rdf:Seq>
    </plus:CopyrightOwner>
    <plus:Licensor><rdf:Seq><rdf:li><rdf:Description plus:LicensorName="Agency"/></rdf:li></rdf:Seq>
    </plus:Licensor>
    <iptc:PersonInImage><rdf:Bag><rdf:li>Cleo</rdf:li></rdf:Bag></iptc:PersonInImage>
    <iptc:DigitalSourceType
      rdf:resource="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>
    <plus:ModelReleaseStatus rdf:resource="http://ns.useplus.org/ldf/vocab/MR-NON"/>
    <plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING</plus:DataMining>
    <plus:OtherConstraints><rdf:Alt><rdf:li xml:lang="x-default">Not for machines</rdf:li></rdf:Alt>
    </plus:OtherConstraints>
    """,
    'photoshop:Credit="Ada / Nord" xmpRights:Marked="True" plus:PropertyReleaseStatus="PR-UPR" '
    'plus:MinorModelAgeDisclosure="AG-U15" xmpRights:WebStatement="https://nord.example/r" '
    'xmpRights:UsageTerms="Ask first"',
)


def said(xmp: bytes, kind: str = "PNG") -> Embedded:
    return read(with_xmp(kind, xmp), kind.lower())


def trainings(found: Embedded) -> list[str]:
    return [one.training for one in found.signals]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_each_format_tells_all_that_it_says(kind):
    found = said(FULL, kind)
    assert found.creators == ("Ada Lovelace", "Bo Li")
    assert found.owners == ("Studio Nord",)
    assert found.licensors == ("Agency",)
    assert found.persons == ("Cleo",)
    assert found.credit_line == "Ada / Nord"
    assert found.copyright_notice == "All rights reserved"
    assert found.usage_terms == "Ask first"
    assert found.web_statement == "https://nord.example/r"
    assert found.marked == "true"
    assert found.digital_source_type == "trainedAlgorithmicMedia"
    assert (found.model_release, found.property_release) == ("MR-NON", "PR-UPR")
    assert found.minor_age == "AG-U15"
    assert found.unreadable == ()
    assert [(s.source, s.training) for s in found.signals] == [
        ("xmp:plus:DataMining", "prohibited"),
        ("xmp:plus:OtherConstraints", "conditional"),
    ]
    assert found.signals[1].quote == "Not for machines"


@pytest.mark.parametrize("kind", [*KINDS, "GIF"])
def test_a_picture_that_says_nothing_is_read_and_found_empty(kind):
    found = read(encoded(scene(), kind), kind.lower())
    assert found == Embedded()
    assert found.to_json()


@pytest.mark.parametrize(
    ("code", "training"),
    [
        ("DMI-UNSPECIFIED", None),
        ("DMI-ALLOWED", "allowed"),
        ("DMI-PROHIBITED", "prohibited"),
        ("DMI-PROHIBITED-AIMLTRAINING", "prohibited"),
        ("DMI-PROHIBITED-GENAIMLTRAINING", "prohibited"),
        ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", "prohibited"),
        ("DMI-PROHIBITED-SEECONSTRAINT", "conditional"),
        ("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", "conditional"),
        ("DMI-SOMETHING-NEW", "unreadable"),
        ("", "unreadable"),
    ],
)
@pytest.mark.parametrize("before", ["", VOCABULARY, "plus:"])
def test_each_value_of_data_mining_is_told_as_address_and_as_code(code, training, before):
    wanted = [training] if training else []
    assert trainings(said(mining(before + code))) == wanted
    assert trainings(said(packet(f"<plus:DataMining>{before}{code}</plus:DataMining>"))) == wanted
    resource = packet(f'<plus:DataMining rdf:resource="{before}{code}"/>')
    assert trainings(said(resource)) == wanted


def test_a_prefix_of_ones_own_choice_is_the_same_namespace():
    assert trainings(
        said(
            mining("DMI-PROHIBITED").replace(b"plus:", b"zz:").replace(b"xmlns:plus=", b"xmlns:zz=")
        )
    ) == ["prohibited"]


def test_another_namespace_with_the_same_prefix_says_nothing():
    foreign = mining("DMI-PROHIBITED").replace(b"useplus.org", b"elsewhere.example")
    assert said(foreign) == Embedded()


def test_a_reservation_of_what_a_picture_was_made_from_is_found_and_its_creator_is_not_ours():
    inner = (
        '<photoshop:Pantry><rdf:Bag><rdf:li><rdf:Description plus:DataMining="DMI-PROHIBITED" '
        'dc:creator="Somebody Else"/></rdf:li></rdf:Bag></photoshop:Pantry>'
    )
    found = said(packet(inner))
    assert trainings(found) == ["prohibited"]
    assert found.creators == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_packet_is_read_in_each_encoding_that_xmp_allows(encoding):
    text = mining("DMI-PROHIBITED").decode().partition("?>")[2].rpartition("<?")[0]
    assert trainings(said(text.encode(encoding))) == ["prohibited"]


def test_padding_behind_a_packet_does_no_harm():
    assert trainings(said(mining("DMI-PROHIBITED") + b" \n" * 2000 + b"\0")) == ["prohibited"]


def test_a_compressed_packet_in_a_png_is_read():
    assert trainings(read(packed_in_png(mining("DMI-PROHIBITED")), "png")) == ["prohibited"]


def test_a_packet_as_hexadecimal_text_in_a_png_is_read():
    raw = mining("DMI-PROHIBITED")
    body = b"Raw profile type xmp\0\nxmp\n%8d\n" % len(raw) + raw.hex().encode()
    assert trainings(read(in_png(b"tEXt", body), "png")) == ["prohibited"]


def test_xmp_in_a_gif_is_read():
    data = encoded(scene(), "GIF")
    xmp = mining("DMI-PROHIBITED")
    block = b"\x21\xff\x0bXMP DataXMP" + xmp + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    assert trainings(read(data[:-1] + block + data[-1:], "gif")) == ["prohibited"]


def test_extended_xmp_beyond_64_kilobytes_is_put_together():
    guid = "A" * 32
    long = packet(f"<dc:rights>{'x' * 200_000}</dc:rights>", 'plus:DataMining="DMI-PROHIBITED"')
    head = STANDARD + packet(attributes=f'xmpNote:HasExtendedXMP="{guid}"')
    parts = extended(guid, long)
    assert len(parts) == 4
    found = read(in_jpeg(head, *reversed(parts)), "jpeg")
    assert trainings(found) == ["prohibited"]
    assert found.unreadable == ()
    assert trainings(read(in_jpeg(head, *parts[1:]), "jpeg")) == ["unreadable"]
    assert trainings(read(in_jpeg(head), "jpeg")) == ["unreadable"]


def test_two_packets_in_one_file_both_count():
    both = in_jpeg(STANDARD + mining("DMI-ALLOWED"), STANDARD + mining("DMI-PROHIBITED"))
    assert trainings(read(both, "jpeg")) == ["prohibited", "allowed"]


def test_exif_names_creator_and_copyright_where_xmp_does_not():
    exif = Image.Exif()
    exif[315] = "Zoë; Yuri".encode()
    exif[33432] = "(c) Zoë".encode()
    for kind in KINDS:
        found = read(encoded(scene(), kind, exif=exif), kind.lower())
        assert found.creators == ("Zoë", "Yuri"), kind
        assert found.copyright_notice == "(c) Zoë", kind
    named = encoded(scene(), "JPEG", exif=exif, xmp=packet(attributes='dc:creator="Ada"'))
    assert read(named, "jpeg").creators == ("Ada",)


ARTWORK = packet("""<iptc:ArtworkOrObject><rdf:Bag><rdf:li rdf:parseType="Resource">
  <iptc:AOTitle><rdf:Alt><rdf:li xml:lang="x-default">Mural</rdf:li></rdf:Alt></iptc:AOTitle>
  <iptc:AOCreator><rdf:Seq><rdf:li>Bo Li</rdf:li><rdf:li>Cy</rdf:li></rdf:Seq></iptc:AOCreator>
  <iptc:AOCurrentCopyrightOwnerName>City</iptc:AOCurrentCopyrightOwnerName></rdf:li>
  <rdf:li><rdf:Description iptc:AOCopyrightNotice="(c) Dee"/></rdf:li>
  </rdf:Bag></iptc:ArtworkOrObject>""")


def test_works_that_a_picture_shows_are_told_with_their_people_and_are_not_its_creators():
    found = said(ARTWORK)
    assert found.artworks == ("Mural · Bo Li, Cy · City", "a work of art · (c) Dee")
    assert found.creators == found.owners == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_inside_the_exif_block_counts_like_any_other(kind):
    exif = Image.Exif()
    exif[700] = mining("DMI-PROHIBITED")
    found = read(encoded(scene(), kind, exif=exif), kind.lower())
    assert trainings(found) == ["prohibited"]
    exif[700] = b"<not xmp"
    assert read(encoded(scene(), kind, exif=exif), kind.lower()).unreadable == ("xmp",)


def test_iptc_names_creator_and_copyright_of_a_jpeg():
    fields = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
        for number, text in ((80, b"Ada"), (80, b"Bo"), (116, b"(c) Nord"), (110, b"Nord"))
    )
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(fields)) + fields
    body = b"Photoshop 3.0\0" + resource + b"\0" * (len(fields) % 2)
    segment = b"\xff\xed" + struct.pack(">H", len(body) + 2) + body
    data = encoded(scene(), "JPEG")
    found = read(data[:2] + segment + data[2:], "jpeg")
    assert found.creators == ("Ada", "Bo")
    assert (found.copyright_notice, found.credit_line) == ("(c) Nord", "Nord")


def test_what_was_read_survives_json_to_the_bit():
    found = said(FULL)
    assert Embedded.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("spoilt", [{"signals": None}, {"creators": 7}, {"marked": None}])
def test_json_that_was_not_written_here_is_refused_or_made_text(spoilt):
    body = said(FULL).to_json() | spoilt
    if "marked" in spoilt:
        assert Embedded.from_json(body).marked == "None"
    else:
        with pytest.raises(TypeError):
            Embedded.from_json(body)


def test_no_number_of_permissions_pushes_a_prohibition_out():
    flood = [signal("x", str(at), "allowed") for at in range(100)]
    kept = bounded([*flood, signal("x", "no", "prohibited")])
    assert len(kept) == MAX_SIGNALS
    assert kept[0].training == "prohibited"


def test_quotes_and_names_are_bounded_and_printable():
    inner = "<dc:creator><rdf:Bag>" + "".join(
        f"<rdf:li>\u202e{at}{'n' * 500}</rdf:li>" for at in range(200)
    )
    found = said(packet(f"{inner}</rdf:Bag></dc:creator>", f'plus:DataMining="{"q" * 9000}"'))
    assert len(found.signals[0].quote) == 300
    assert len(found.creators) == 32
    assert all(len(name) <= 120 and name.isprintable() for name in found.creators)


@pytest.mark.parametrize("kind", KINDS)
def test_the_decoder_tells_what_the_file_says(kind):
    decoded = decode(with_xmp(kind, FULL))
    assert decoded.embedded == said(FULL, kind)
    assert decoded.embedded.creators
