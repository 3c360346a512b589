from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actors import Actor
from ledger.models import Entry
from provenance.attribution.evidence import submit_evidence
from provenance.clearance.services import evaluate_set
from provenance.intake.selectors import plain_use
from provenance.intake.services import add_picture
from provenance.models import Evaluation, Evidence, Grant, ImageSet, Level, Reservation
from tests.provenance.intake.embedding import packet, with_xmp
from tests.provenance.records import a_set, picture

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    return reverse(f"provenance:{name}", args=args)


@pytest.fixture
def mine(client, owner):
    client.force_login(owner)
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_set_is_begun_and_filled_without_a_script(mine):
    made = mine.post(page("set-new"), {"name": "Harbours"}, follow=True)
    assert "Harbours" in text(made)
    image_set = ImageSet.objects.get()
    files = [SimpleUploadedFile("1.png", picture(1)), SimpleUploadedFile("2.jpg", b"text")]
    told = text(mine.post(page("set-upload", image_set.pk), {"file": files}, follow=True))
    assert "1 picture is in." in told
    assert "2.jpg: This file is not a picture" in told
    assert "Harbours" in text(mine.get(page("sets")))


def test_a_script_gets_its_answers_as_json(mine, owner):
    image_set, _ = a_set(owner)
    file = SimpleUploadedFile("2.jpg", b"text")
    answer = mine.post(
        page("set-upload", image_set.pk), {"file": file}, headers={"accept": "application/json"}
    ).json()
    assert answer["added"] == 0
    assert "not a picture" in answer["refused"][0]


def test_a_set_shows_each_verdict_with_reasons_and_is_sifted(mine, owner):
    image_set, items = a_set(owner, 1, 2)
    declared = {"item": items[0].pk, "holders": "Ada", "licence": "CC0-1.0"}
    mine.post(page("set-declare", image_set.pk), declared)
    shown = text(mine.post(page("set-check", image_set.pk), follow=True))
    assert "Nobody has said who holds the rights" in shown
    assert "Blocked (1)" in shown
    flagged = text(mine.get(page("set", image_set.pk) + "?verdict=flagged"))
    assert page("thumbnail", items[0].pk) in flagged
    assert page("thumbnail", items[1].pk) not in flagged


def test_a_change_asks_for_a_new_check(mine, owner):
    image_set, (item,) = a_set(owner, 1)
    mine.post(page("set-check", image_set.pk))
    assert "Changed since" not in text(mine.get(page("set", image_set.pk)))
    mine.post(page("item", item.pk), {"holders": "Ada", "made_by": "human"})
    assert "Changed since" in text(mine.get(page("set", image_set.pk)))


def test_in_bulk_what_is_left_empty_stays_and_pictures_can_be_taken_out(mine, owner):
    image_set, items = a_set(owner, 1, 2)
    path, ids = page("set-declare", image_set.pk), [item.pk for item in items]
    mine.post(path, {"item": ids, "holders": "Ada"})
    mine.post(path, {"item": ids, "collector": "Owner"})
    items[0].refresh_from_db()
    assert items[0].collector == "Owner"
    assert [h.party.name for h in items[0].work.title_links.all()] == ["Ada"]
    mine.post(path, {"item": [ids[0], "no id"], "remove": "1"})
    assert [item.pk for item in image_set.items.all()] == ids[1:]


def test_missing_parties_can_be_asked(mine, owner):
    image_set, items = a_set(owner, 1)
    mine.post(page("set-declare", image_set.pk), {"item": items[0].pk, "holders": "Ada"})
    shown = text(mine.post(page("set-check", image_set.pk), follow=True))
    assert "Permissions that are missing" in shown
    assert page("ask-new", image_set.pk) + "?party=" in shown


def test_a_refusal_is_shown_beside_the_form(mine, owner):
    _, (item,) = a_set(owner, 1)
    shown = text(mine.post(page("item", item.pk), {"licence": "CC0-1.0", "made_by": "human"}))
    assert "no holder is stated" in shown


def test_a_table_is_offered_and_taken(mine, owner):
    image_set, _ = a_set(owner, 1)
    offered = text(mine.get(page("set-template", image_set.pk)))
    assert offered.splitlines()[1] == "1.png,,,,,,,,"
    file = SimpleUploadedFile("t.csv", offered.replace("1.png,", "1.png,First").encode())
    told = text(mine.post(page("set-table", image_set.pk), {"file": file}, follow=True))
    assert "1 pictures are declared" in told
    wrong = SimpleUploadedFile("t.csv", b"path,colour\n")
    told = text(mine.post(page("set-table", image_set.pk), {"file": wrong}, follow=True))
    assert "unknown column" in told


def test_a_stranger_finds_no_page_and_no_picture(client, owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    client.force_login(stranger)
    one, all_ = item.pk, image_set.pk
    for name, key in (("set", all_), ("item", one), ("thumbnail", one), ("picture", one)):
        assert client.get(page(name, key)).status_code == 404
    for name in ("set-upload", "set-check", "set-table", "set-declare"):
        assert client.post(page(name, all_)).status_code == 404
    assert client.post(page("item", one), {"remove": "1"}).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client, owner):
    _, (item,) = a_set(owner, 1)
    assert client.get(page("thumbnail", item.pk)).status_code == 302


def test_a_reviewer_sees_the_picture_but_cannot_take_it_out(client, owner, reviewer):
    _, (item,) = a_set(owner, 1)
    client.force_login(reviewer)
    shown = client.get(page("picture", item.pk))
    assert shown["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert client.post(page("item", item.pk), {"remove": "1"}).status_code == 404


def test_evidence_is_uploaded_and_checked_by_a_reviewer(client, owner, reviewer):
    client.force_login(owner)
    file = SimpleUploadedFile("yes.pdf", b"%PDF-1.7 yes")
    client.post(page("evidence"), {"title": "Letter", "file": file})
    evidence = Evidence.objects.get()
    bad = SimpleUploadedFile("a.exe", b"MZ\x90\x00")
    assert "not a PDF" in text(client.post(page("evidence"), {"title": "X", "file": bad}))
    client.force_login(reviewer)
    body = {"identity": "2", "title": "2", "note": "Read it.", "citations": evidence.citations}
    client.post(page("evidence-check", evidence.pk), body)
    evidence.refresh_from_db()
    assert evidence.title_level == Level.DOCUMENT_CHECKED
    sent = client.get(page("evidence-file", evidence.pk))
    assert "attachment" in sent["Content-Disposition"]
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 yes"


def test_evidence_of_others_is_not_there(client, owner, stranger):
    evidence = submit_evidence(actor=Actor.of(owner), data=b"Yes", title="Letter")
    client.force_login(stranger)
    assert client.get(page("evidence-file", evidence.pk)).status_code == 404
    assert "Letter" not in text(client.get(page("evidence")))


def test_a_pictures_page_quotes_what_the_file_says(mine, owner):
    image_set, _ = a_set(owner)
    says = packet(
        "<dc:creator><rdf:Seq><rdf:li>Ada &lt;b&gt;</rdf:li></rdf:Seq></dc:creator>",
        'plus:DataMining="DMI-PROHIBITED"',
    )
    item = add_picture(
        actor=Actor.of(owner), image_set=image_set, data=with_xmp("PNG", says), filename="1.png"
    )
    told = text(mine.get(page("item", item.pk)))
    assert "Not for training." in told
    assert "“DMI-PROHIBITED”" in told
    assert "the file&#x27;s metadata: plus:DataMining" in told
    assert "Ada &lt;b&gt;" in told
    assert "Nobody has checked this" in told


def test_a_pictures_page_tells_a_file_that_says_nothing_from_one_that_was_not_read(mine, owner):
    _, (item,) = a_set(owner, 1)
    told = text(mine.get(page("item", item.pk)))
    assert "It says nothing about training. That is no permission." in told
    item.image.embedded = {}
    item.image.save()
    assert "taken in before files were read" in text(mine.get(page("item", item.pk)))


def test_a_pictures_page_shows_the_way_to_each_permission(rights, client):
    evaluate_set(image_set=rights.image_set, use=plain_use(rights.image_set),
                 subject=f"set:{rights.image_set.pk}")  # fmt: skip
    client.force_login(rights.applicant)
    page = client.get(f"/sets/pictures/{rights.items[0].pk}/").content.decode()
    assert "held by Lantern Films" in page
    assert "has no permission on record" in page
    assert "<svg" in page


def test_a_party_forbids_imports_and_lifts_on_one_page(rights, client):
    client.force_login(rights.studio)
    page = "/consent/reservations/"
    party = str(rights.lantern.pk)
    assert b"forbids anything yet" in client.get(page).content
    one = {"party": party, "work": str(rights.works[0].pk), "statement": "Never."}
    assert client.post(page, one).status_code == 302
    both = client.post(page, one | {"url_prefix": "https://lantern.example/"})
    assert b"Name a work or an address, not both." in both.content
    lines = (
        b"url_prefix,statement\nhttps://lantern.example/art/,No\nhttps://lantern.example/b/,No\n"
    )
    table = SimpleUploadedFile("list.csv", lines, "text/csv")
    sent = client.post(page, {"party": party, "file": table, "import": "1"}, follow=True)
    assert b"New on record: 2" in sent.content
    wrong = SimpleUploadedFile("list.csv", b"url_prefix\nnowhere\n", "text/csv")
    assert b"Line 2" in client.post(page, {"party": party, "file": wrong, "import": "1"}).content
    assert Reservation.objects.filter(lifted_at=None).count() == 3
    first = Reservation.objects.get(work=rights.works[0])
    assert client.post(f"{page}{first.pk}/lift/").status_code == 302
    first.refresh_from_db()
    assert first.lifted_at is not None
    client.force_login(rights.artist)
    assert b"Never." not in client.get(page).content
    assert client.post(page, one).status_code == 200  # not one of their parties
    other = Reservation.objects.filter(lifted_at=None).first()
    assert client.post(f"{page}{other.pk}/lift/").status_code == 404
    assert Reservation.objects.filter(lifted_at=None).count() == 2


def test_what_if_is_asked_on_a_page_and_nothing_is_recorded(rights, client, stranger):
    client.force_login(rights.applicant)
    page = f"/sets/{rights.image_set.pk}/what-if/"
    before = Entry.objects.count()
    asked = client.get(page)
    assert b"Lantern Films" in asked.content
    assert b'class="verdict blocked"' in asked.content
    then = client.get(page, {"parties": str(rights.lantern.pk)})
    assert b"Nothing would be left to do." in then.content
    too_late = {"parties": str(rights.lantern.pk), "not_after": "2030-01-01", "on": "2030-01-02"}
    assert b"What to do" in client.get(page, too_late).content
    assert (Entry.objects.count(), Grant.objects.count()) == (before, 0)
    assert not Evaluation.objects.exists()
    client.force_login(stranger)
    assert client.get(page).status_code == 404
