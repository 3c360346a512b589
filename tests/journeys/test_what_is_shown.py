"""Stories of what else a picture shows: other works, people, and what its file says."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from tests.provenance import records

if TYPE_CHECKING:
    from tests.journeys.cast import Cast


def permitted(cast: Cast, **stated: object) -> str:
    """A picture of Mira's that she permits; its work."""
    work = cast.held("Mira", **stated)
    cast.person("Mira").grants()
    return work


def test_a_photo_of_a_mural_needs_the_painter_too(cast: Cast) -> None:
    """The photographer is glad; the painter of the wall was not asked."""
    work = permitted(cast)
    layer = {"kind": "artwork", "state": "known", "title": "Mural", "holder": "Paula"}
    cast.operator.post(f"works/{work}/layers/", **layer)
    assert cast.finds("underlying_holder_missing", "shows a work of art, “Mural”")


def test_fan_art_of_a_character(cast: Cast) -> None:
    """Drawn by Mira, out of a studio's film."""
    work = permitted(cast)
    layer = {"kind": "character", "state": "known", "title": "Moth", "holder": "Lantern Films"}
    cast.operator.post(f"works/{work}/layers/", **layer)
    assert cast.finds("underlying_holder_missing", "Ask Lantern Films as well")


def test_a_logo_that_may_be_somebodys(cast: Cast) -> None:
    """A sign over a shop; nobody is sure."""
    work = permitted(cast)
    cast.operator.post(f"works/{work}/layers/", kind="logo", state="unsure")
    assert cast.finds("underlying_unsure", "may show a logo")


def test_nobody_has_said_whether_people_are_shown(cast: Cast) -> None:
    """Silence about people is a question, and a crowd is an answer."""
    paper = cast.document("Mira holds it")
    item = cast.upload()
    said = {"title": "Square", "creators": ["Mira"], "holders": ["Mira"], "evidence": paper,
            "collector": "me", "source_url": "https://pictures.example/a.png"}  # fmt: skip
    cast.state(item, **said)
    cast.check(paper)
    cast.person("Mira").grants()
    assert cast.finds("persons_undeclared", "whether people can be recognised")
    cast.state(item, persons="crowd")
    assert cast.cleared


def test_a_portrait_needs_the_person_and_not_the_photographer(cast: Cast) -> None:
    """Mira took it and holds it; Ada is the one who is seen."""
    ada = cast.person("Ada")
    permitted(cast, persons="identifiable", persons_shown=[{"name": "Ada"}])
    assert cast.finds("likeness_release_missing", "permission of Ada on record")
    ada.grants(actions=["use-likeness"], works=[])
    assert cast.cleared


def test_a_childs_own_yes_is_none(cast: Cast) -> None:
    """A portrait of a minor: the guardian decides."""
    child, mother = cast.person("Kim"), cast.person("Kims Mother")
    permitted(cast, persons="identifiable", persons_shown=[{"name": "Kim", "minor": True}])
    child.grants(actions=["use-likeness"], works=[])
    assert cast.finds("minor_shown", "permission of a guardian")
    paper = cast.document("Birth certificate", by=mother)
    mother.post(
        f"parties/{child.party}/delegations/",
        agent=mother.party,
        role="guardian",
        actions=["use-likeness"],
        evidence=paper,
    )
    mother.grants(actions=["use-likeness"], works=[])
    assert cast.outcome == "blocked"
    cast.check(paper)
    assert cast.cleared


def xmp(body: str) -> bytes:
    """A PNG whose XMP says this."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f'<rdf:Description rdf:about="">{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", packet)
    out = io.BytesIO()
    Image.open(io.BytesIO(records.picture(4711))).save(out, "PNG", pnginfo=told)
    return out.getvalue()


NO = "<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>"


def test_the_file_itself_forbids_training(cast: Cast) -> None:
    """A general permission does not lift what the file says; one for this picture does."""
    work = cast.held("Mira", data=xmp(NO))
    mira = cast.person("Mira")
    mira.grants()
    assert cast.finds("reservation_embedded", "DMI-PROHIBITED")
    mira.grants(works=[work])
    assert cast.cleared


def test_the_file_names_another_creator(cast: Cast) -> None:
    """The upload says Mira, the file says Tom."""
    permitted(
        cast, data=xmp("<dc:creator><rdf:Seq><rdf:li>Tom Other</rdf:li></rdf:Seq></dc:creator>")
    )
    assert cast.finds("metadata_contradicts", "Tom Other as creator; here is stated: Mira")


def test_the_file_names_a_person_and_the_upload_says_nobody(cast: Cast) -> None:
    """PersonInImage: Ada."""
    shown = (
        "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ada</rdf:li></rdf:Bag>"
        "</Iptc4xmpExt:PersonInImage>"
    )
    permitted(cast, data=xmp(shown))
    assert cast.finds("metadata_contradicts", "that it shows Ada")


def test_a_bomb_in_the_file_is_a_question_and_no_crash(cast: Cast) -> None:
    """Entities that would grow without end."""
    told = PngImagePlugin.PngInfo()
    told.add_itxt(
        "XML:com.adobe.xmp",
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    )
    out = io.BytesIO()
    Image.open(io.BytesIO(records.picture(4712))).save(out, "PNG", pnginfo=told)
    permitted(cast, data=out.getvalue())
    assert cast.finds("metadata_unreadable", "could not be read (xmp")
