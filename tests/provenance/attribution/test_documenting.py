"""A document for what rested on a word: on the page of protections, on a work's page, over REST."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from ledger.models import Entry
from provenance.attribution.documenting import document_links, show_title
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.models import Evidence, Level, Party, PartyMember, Protection, TitleLink
from provenance.screening import views
from tests.provenance import records
from tests.provenance.records import actor, client_of, picture

pytestmark = pytest.mark.django_db
CONTRACT = b"%PDF-1.7 a contract"


@pytest.fixture
def artist(db):
    made = records.user("artist")
    party = Party.objects.create(kind="person", name="Maren Solvik")
    PartyMember.objects.create(party=party, user=made, level=Level.SELF_DECLARED)
    return made


@pytest.fixture
def page(client, artist):
    client.force_login(artist)
    return reverse("provenance:protections")


def upload(*seeds: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"work-{n}.png", picture(n), "image/png") for n in seeds]


def contract() -> SimpleUploadedFile:
    return SimpleUploadedFile("contract.pdf", CONTRACT)


def protect(client, page, *seeds, **more):
    holder = Party.objects.get(name="Maren Solvik")
    return client.post(page, {"holder": holder.pk, "file": upload(*seeds)} | more, follow=True)


def check(evidence: Evidence) -> None:
    check_evidence(
        actor=actor(records.user("checks", is_reviewer=True)),
        evidence=evidence,
        identity=Level.DOCUMENT_CHECKED,
        title=Level.DOCUMENT_CHECKED,
        note="It names both works.",
        citations=evidence.citations,
    )


def test_a_document_that_comes_with_the_pictures_makes_them_block_once_checked(client, page):
    shown = protect(client, page, 1, 2, document=contract()).content.decode()
    assert "2 protected" in shown
    assert "waits for a reviewer: contract.pdf" in shown
    assert {p.level for p in Protection.objects.all()} == {Level.SELF_DECLARED}
    check(Evidence.objects.get())
    assert {p.level for p in Protection.objects.all()} == {Level.DOCUMENT_CHECKED}
    assert "Show that they are yours" not in client.get(page).content.decode()


def test_a_reviewers_desk_tells_of_it_until_it_is_checked(client, page):
    protect(client, page, 1, document=contract())
    client.force_login(records.user("reads", is_reviewer=True))
    assert "1\n  document or address</a> waits to be checked" in client.get("/").content.decode()
    document = Evidence.objects.get()
    answer = client.get(reverse("provenance:evidence-file", args=[document.pk]))
    assert answer["Content-Disposition"].endswith('.pdf"')
    assert answer.getvalue() == CONTRACT
    check(document)
    assert "to be checked" not in client.get("/").content.decode()


def test_what_nobody_checked_stands_before_what_was_checked(client, page):
    protect(client, page, 1, document=contract())
    first = Evidence.objects.get()
    protect(client, page, 2, document=SimpleUploadedFile("second.pdf", CONTRACT + b"2"))
    check(Evidence.objects.exclude(pk=first.pk).get())
    shown = client.get(reverse("provenance:evidence")).content.decode()
    assert shown.index("contract.pdf") < shown.index("second.pdf")


def test_who_makes_pictures_is_their_creator_unless_they_say_otherwise(client, page):
    assert 'name="made"' in client.get(page).content.decode()
    protect(client, page, 1, made="on")
    made = TitleLink.objects.get()
    assert (made.kind, made.work.creators.get().name) == ("authored", "Maren Solvik")
    protect(client, page, 2)
    assert not TitleLink.objects.get(work__title="work-2").work.creators.exists()


def test_a_bad_document_protects_nothing(client, page):
    shown = protect(client, page, 1, document=SimpleUploadedFile("x.bin", b"\0\1")).content.decode()
    assert "Save the document as a PDF" in shown
    assert not Protection.objects.exists()


def test_one_document_for_several_works_later(client, page):
    protect(client, page, 1, 2, 3)
    chosen = list(TitleLink.objects.filter(work__title__in=["work-1", "work-2"]))
    sent = {"links": [link.pk for link in chosen], "file": contract()}
    shown = client.post(reverse("provenance:protections-document"), sent, follow=True)
    assert "Added for 2 works" in shown.content.decode()
    assert TitleLink.objects.filter(evidence=None).get().work.title == "work-3"
    assert Entry.objects.filter(kind="title.documented").count() == 2
    nothing = client.post(reverse("provenance:protections-document"), {}, follow=True)
    assert "Choose the works, and a document" in nothing.content.decode()


def test_more_works_than_a_form_has_boxes_are_shown_by_one_document(
    client, page, artist, monkeypatch
):
    monkeypatch.setattr(views, "SHOWN", 1)
    protect(client, page, 1, 2, 3)
    shown = client.get(page).content.decode()
    assert shown.count('name="links"') == 1
    assert "all 3 that no document was added to" in shown
    sent = {"every": "on", "file": contract()}
    client.post(reverse("provenance:protections-document"), sent, follow=True)
    assert not TitleLink.objects.filter(evidence=None).exists()
    assert 'name="every"' not in client.get(page).content.decode()


def test_another_party_of_the_same_person_is_not_shown_by_it(client, page, artist):
    other = Party.objects.create(kind="organisation", name="Solvik Prints")
    PartyMember.objects.create(party=other, user=artist, level=Level.SELF_DECLARED)
    protect(client, page, 1)
    work = TitleLink.objects.get().work
    TitleLink.objects.create(work=work, party=other, declared_by=artist)
    protect(client, page, 1, document=contract())
    assert TitleLink.objects.exclude(evidence=None).get().party.name == "Maren Solvik"


def test_a_document_without_end_is_refused_before_it_is_read(client, page, artist):
    protect(client, page, 1)
    work = reverse("provenance:work", args=[TitleLink.objects.get().work_id])
    for address in (reverse("provenance:protections-document"), work):
        answer = client.post(address, {}, CONTENT_LENGTH=str(2**40))
        assert answer.status_code == 400
        assert "evidence may have 20 MB" in answer.content.decode()


def test_on_the_page_of_the_work_and_over_rest(client, page, artist):
    protect(client, page, 1)
    link = TitleLink.objects.get()
    work = reverse("provenance:work", args=[link.work_id])
    assert "Show it by a document" in client.get(work).content.decode()
    client.post(work, {"do": "document", "link": link.pk, "file": contract()})
    assert "Show it by another document" in client.get(work).content.decode()
    second = submit_evidence(actor=actor(artist), data=CONTRACT + b"2", title="Second")
    address = f"/api/v1/works/{link.work_id}/chain/{link.pk}/"
    answer = client_of(artist).patch(address, {"evidence": str(second.pk)}, format="json")
    assert answer.data["evidence"] == second.pk


def test_nobody_shows_somebody_elses_title_nor_what_was_checked(client, page, artist):
    protect(client, page, 1)
    link, stranger = TitleLink.objects.get(), records.user("stranger")
    with pytest.raises(PermissionDenied, match="Only who speaks for Maren Solvik"):
        show_title(actor=actor(stranger), links=[link], data=CONTRACT, title="Mine")
    assert not Evidence.objects.exists(), "neither is kept without the other"
    theirs = submit_evidence(actor=actor(stranger), data=CONTRACT, title="Theirs")
    with pytest.raises(RefusedError, match="have not stored"):
        document_links(actor=actor(artist), links=[link], evidence=str(theirs.pk))
    with pytest.raises(RefusedError, match="Choose a document"):
        document_links(actor=SYSTEM, links=[link], evidence="")
    show_title(actor=actor(artist), links=[link], data=CONTRACT, title="Mine")
    check(Evidence.objects.get(title="Mine"))
    with pytest.raises(RefusedError, match="checked or ended before"):
        show_title(actor=actor(artist), links=[link], data=CONTRACT, title="Again")


def test_who_checks_a_document_sees_the_pictures_and_who_merely_says_so_does_not(client, page):
    protect(client, page, 1)
    protection = Protection.objects.get()
    small = reverse("provenance:protection-thumbnail", args=[protection.pk])
    work = reverse("provenance:work", args=[protection.work_id])
    assert small in client.get(page).content.decode()
    answer = client.get(small)
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    client.force_login(records.user("checks", is_reviewer=True))
    assert small in client.get(work).content.decode()
    assert b"".join(client.get(small).streaming_content)
    impostor = records.user("impostor")
    PartyMember.objects.create(party=protection.holder, user=impostor, level=Level.SELF_DECLARED)
    client.force_login(impostor)
    assert client.get(small).status_code == 404
    assert small not in client.get(page).content.decode()
