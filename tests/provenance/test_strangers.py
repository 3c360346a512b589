"""Whoever has nothing to do with a record learns nothing of it and changes nothing in it."""

from __future__ import annotations

import uuid

import pytest
from django.contrib import admin
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from rest_framework.test import APIClient

from accounts.actors import Actor
from ledger.models import Entry
from provenance.attribution.delegation import Scope, declare_delegation
from provenance.attribution.disputes import open_dispute
from provenance.attribution.evidence import submit_evidence
from provenance.clearance.services import evaluate_set
from provenance.consent import services
from provenance.intake.services import add_picture, create_set
from provenance.models import (
    Ask,
    BankEntry,
    Contact,
    CreatorNotice,
    Delegation,
    Grant,
    MatchBank,
    Party,
    Protection,
    Reservation,
    SetImage,
    Work,
)
from tests.provenance import records
from tests.provenance.consent.letters import asked, contact, deliver
from tests.provenance.records import picture
from tests.provenance.rights import CHECKED, TERMS, self_declared

pytestmark = pytest.mark.django_db
SECRET = "zebrafish"  # stands in every private text


def _addresses(patterns, before: str = ""):
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield path


ALL = [
    path
    for path in _addresses(get_resolver("tests.provenance.addresses").url_patterns)
    if path.startswith(("api/v1/", "sets/", "consent/", "works/", "parties/"))
]


@pytest.fixture
def known(rights) -> dict[str, object]:
    return _private_records(rights)


def _private_records(rights) -> dict[str, object]:
    """A private record of every kind, by the name that an address has for it."""
    artist, studio = records.actor(rights.artist), records.actor(rights.studio)
    Work.objects.update(title=f"{SECRET} title", reference=f"{SECRET}-1")
    SetImage.objects.update(filename=f"{SECRET}.png", collector=SECRET[:200])
    type(rights.image_set).objects.update(name=f"{SECRET} set")
    rights.image_set.refresh_from_db()
    address = contact(rights.lantern, "zebrafish@lantern.example")
    ask = asked(rights, message=SECRET)
    services.refuse(actor=studio, ask=ask, note=SECRET)
    other = asked(rights)
    grant = services.give_grant(
        actor=studio, party=rights.lantern, works=rights.works, terms=TERMS,
        assignee=rights.applicant,
    )  # fmt: skip
    notice = CreatorNotice.objects.create(grant=Grant.objects.exclude(pk=grant.pk).first() or grant,
                                          creator=rights.lantern, words=SECRET)  # fmt: skip
    evidence = submit_evidence(actor=artist, data=SECRET.encode(), title=SECRET)
    link = rights.works[0].title_links.get()
    layer = rights.works[0].layers.create(kind="logo", state="unsure")
    identifier = rights.works[0].identifiers.create(scheme="doi", value="10.1234/zebrafish")
    claimant = records.user("claimant")
    old = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(claimant, old)
    dispute = open_dispute(
        actor=Actor.of(claimant), work=rights.works[0], party=old, statement=SECRET
    )
    delegation = declare_delegation(
        actor=studio, principal=rights.lantern, agent=rights.maren, role=Delegation.Role.AGENT,
        scope=Scope(("train",)),
    )  # fmt: skip
    reservation = services.reserve(actor=studio, party=rights.lantern, statement=SECRET)
    block = services.block(actor=studio, party=rights.lantern, applicant=None)
    entry = BankEntry.objects.create(
        bank=MatchBank.of_kind(MatchBank.Kind.WATCH), quality=90, label="watched", bank_version=1
    )
    match = entry.matches.create(
        image=rights.items[0].image, outcome="possible", score=0.6, method="features",
        explanation="Alike.",
    )  # fmt: skip
    shield = Protection.objects.create(
        work=Work.objects.create(title="In the open"), holder=rights.lantern,
        image=rights.items[0].image, entry=entry, reference="shield", level=CHECKED,
        registered_by=rights.studio,
    )  # fmt: skip
    return {
        "match_id": match.pk, "bank_id": entry.bank_id, "protection_id": shield.pk,
        "set_id": rights.image_set.pk, "item_id": rights.items[0].pk, "work_id": rights.works[0].pk,
        "party_id": rights.lantern.pk, "contact_id": address.pk, "ask_id": other.pk,
        "grant_id": grant.pk, "notice_id": notice.pk, "evidence_id": evidence.pk,
        "link_id": link.pk, "layer": layer.pk, "number": identifier.pk, "dispute_id": dispute.pk,
        "delegation_id": delegation.pk, "reservation_id": reservation.pk, "block_id": block.pk,
        "entry_id": Entry.objects.exclude(statement=None).first().pk, "code": "CC0-1.0",
        "merge_id": uuid.uuid4(), "name_id": 1, "token": "guess", "act": "end-contact",
    }  # fmt: skip


BODY = {
    "name": "Taken", "title": "Taken", "reason": "mine", "note": "mine", "words": "mine",
    "statement": "mine", "actions": ["train"], "answer": "never", "level": "signed",
    "identity": "signed", "user": "", "may_sign": True, "choice": "none", "purpose": "x",
    "model_name": "x", "kind": "artwork", "state": "none", "territory": "DE", "status": "unknown",
    "role": "agent", "sentence": "mine", "who": "me", "do": "grant", "url": "https://[::1/",
}  # fmt: skip
OWN = {
    "parties/<uuid:party_id>/claim/": "anybody may say that they speak for a party",
    "parties/<uuid:party_id>/contacts/": "anybody may give an address, self-declared",
    "contacts/<uuid:contact_id>/code/": "a code goes to the party's own address",
    "sets/new/": "one's own",
    "image-sets/": "one's own",
    "parties/": "anybody may put a party on record",
    "parties/<uuid:party_id>/<slug:act>/": "see each act",
}
"""What a stranger may post, and why that is harmless."""


def filled(path: str, known: dict[str, object]) -> str:
    def part(text: str) -> str:
        if not text.startswith("<"):
            return text
        return str(known[text.strip("<>").rpartition(":")[2]])

    return "/" + "/".join(map(part, path.split("/")))


def text_of(answer) -> str:
    """Read whole; its file is closed, and the connection to the database, as a test's, is not."""
    text = answer.getvalue().decode(errors="replace")
    for close in answer._resource_closers:
        close()
    return text


def watched() -> list[object]:
    """All that a stranger must not change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Ask, Contact, CreatorNotice, Delegation, Grant, Reservation, SetImage, Work)
    ]


@pytest.mark.parametrize("who", ["stranger", "nobody", "creator"])
def test_no_address_tells_or_changes_what_is_private(rights, known, client, who) -> None:
    person = {"stranger": records.user("stranger"), "nobody": None, "creator": None}[who]
    if who == "creator":  # speaks for another party, which is known
        person = records.user("other-studio")
        party = Party.objects.create(name="Other Studio", kind="organisation")
        services.confirm_member(
            actor=records.actor(rights.operator), party=party, user=person, level=CHECKED
        )
    api = APIClient()
    if person is not None:
        api.force_authenticate(person)
        client.force_login(person)
    before, told = watched(), []
    for path in ALL:
        address = filled(path, known)
        browser = api if path.startswith("api/") else client
        how = {"format": "json"} if browser is api else {}
        body = BODY | {"party": str(rights.lantern.pk), "set": str(rights.image_set.pk)}
        for send in (browser.get, browser.post, *([api.patch, api.delete] if how else [])):
            if send == browser.get:
                answer = send(address)
            elif path.removeprefix("api/v1/") in OWN:
                continue
            else:
                file = {} if how else {"file": SimpleUploadedFile("x.png", b"x")}
                answer = send(address, body | file, **how)
            assert answer.status_code < 500, (path, answer.content)
            if SECRET in text_of(answer):
                told.append((path, answer.status_code))
    assert told == []
    assert watched() == before


def test_whoever_it_concerns_does_read_it(rights, known, client) -> None:
    """Else the test above would see nothing because there is nothing to see."""
    told = set()
    for user in (rights.applicant, rights.studio, rights.artist):
        client.force_login(user)
        api = records.client_of(user)
        for path in ALL:
            answer = (api if path.startswith("api/") else client).get(filled(path, known))
            if SECRET in text_of(answer):
                told.add(path)
    assert len(told) > 25, told


def test_markup_in_what_people_write_stays_text_on_every_page(rights, monkeypatch, reviewer):
    """Names, titles, refusals and file names, on pages, in drawings and behind private links."""
    markup = f"{SECRET}<b title='\"><svg onload=alert(1)>"
    monkeypatch.setitem(globals(), "SECRET", markup)
    for party in (rights.lantern, rights.maren):
        Party.objects.filter(pk=party.pk).update(name=f"{markup} {party.name}")
        party.refresh_from_db()
    known = _private_records(rights)
    said = {"fetched": {"signals": [{"source": "xmp", "quote": markup, "training": "conditional"}]}}
    SetImage.objects.update(**said)
    use = {"image_set": rights.image_set, "use": rights.use, "subject": rights.subject}
    evaluate_set(**use)
    deliver()
    links = {m.body.split("/consent/answer/")[1].split("/")[0] for m in mail.outbox}
    shown = 0
    for user in (rights.applicant, rights.studio, rights.artist, reviewer, rights.operator):
        browser = Client()
        browser.force_login(user)
        for path in ALL:
            if path.startswith("api/"):
                continue
            for token in links if "<str:token>" in path else [""]:
                answer = browser.get(filled(path, known | {"token": token}))
                content = text_of(answer)
                if answer.headers["Content-Type"].startswith("text/html"):
                    assert "<svg onload" not in content, path
                    assert "<b title" not in content, path
                    shown += "&lt;svg onload" in content
    assert shown > 20


def test_a_form_of_another_site_posts_nothing(rights, known) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rights.studio)
    before = Entry.objects.count()
    for path in ALL:
        if path.startswith("api/") or "<str:token>" in path:
            continue
        answer = client.post(filled(path, known), BODY)
        assert answer.status_code in (302, 403, 404, 405), (path, answer.status_code)
    for path in ALL:
        if path.startswith("api/"):
            answer = client.post(filled(path, known), BODY, content_type="application/json")
            assert answer.status_code in (400, 403, 404, 405, 415), (path, answer.status_code)
    assert Entry.objects.count() == before


def test_the_admin_changes_nothing_of_rights_but_by_a_command(rights, admin_client, rf, settings):
    settings.ROOT_URLCONF = "config.urls"
    request = rf.get("/")
    request.user = records.user("root", is_superuser=True, is_staff=True)
    mine = [m for m in admin.site._registry if m._meta.app_label == "provenance"]
    for model in mine:
        page = admin.site._registry[model]
        assert not page.has_add_permission(request)
        assert not page.has_delete_permission(request)
        assert page.has_change_permission(request) == (model is Party)
    where = f"/admin/provenance/party/{rights.maren.pk}/change/"
    names = {"other_names-TOTAL_FORMS": 0, "other_names-INITIAL_FORMS": 0}
    forged = {"name": "Taken", "level": 3, "merged_into": str(rights.lantern.pk), "died": 1901}
    assert admin_client.post(where, forged | names).status_code == 302
    kept = Party.objects.get(pk=rights.maren.pk)
    assert (kept.name, kept.merged_into, kept.died) == ("Maren Solvik", None, 1901)
    assert Entry.objects.filter(kind="death.recorded").count() == 1


def test_nothing_but_what_is_documented_can_be_set_by_posting_more(rights, operator) -> None:
    """Mass assignment: columns of the record that the body does not name stay as they are."""
    client = records.client_of(rights.applicant)
    more = {
        "level": 3, "identity_level": 3, "title_level": 3, "state": "granted", "owner": 1,
        "id": str(uuid.uuid4()), "applicant": str(operator.pk), "registered_by": 1, "died": 1,
        "merged_into": str(rights.maren.pk), "revoked_at": None, "given_by": 1, "evidenced": True,
        "resolved_at": "2026-01-01T00:00:00Z", "checked_by": 1, "frozen_at": "2026-01-01T00:00:00Z",
        "is_staff": True, "may_sign": True, "added_by": 1,
    }  # fmt: skip
    made = client.post("/api/v1/parties/", {"name": "New", "kind": "person"} | more).json()
    party = Party.objects.get(pk=made["id"])
    assert (party.level, party.merged_into_id, party.registered_by) == (0, None, rights.applicant)
    sets = client.post("/api/v1/image-sets/", {"name": "New"} | more).json()
    found = type(rights.image_set).objects.get(pk=sets["id"])
    assert (found.owner, found.frozen_at) == (rights.applicant, None)
    said = {"kind": "email", "value": "a@new.example"} | more
    where = f"/api/v1/parties/{made['id']}/contacts/"
    kept = Contact.objects.get(pk=client.post(where, said).json()["id"])
    assert (kept.level, kept.added_by) == (0, rights.applicant)
    file = SimpleUploadedFile("x.txt", b"A contract.")
    answer = client.post(
        "/api/v1/evidence/", {"file": file} | dict.fromkeys(more, "3"), "multipart"
    )
    assert answer.json()["identity_level"] == "self_declared"
    ask = {"image_set": str(rights.image_set.pk), "party": str(rights.lantern.pk), "purpose": "x"}
    asked_for = client.post("/api/v1/asks/", ask | {"model_name": "x"} | more).json()
    assert (asked_for["state"], asked_for["applicant_name"]) == ("asked", "applicant")


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.4\n<script>alert(1)</script>",
        b"\xff\xd8\xff<html><script>alert(1)</script>",
    ],
    ids=["html", "svg", "pdf and html", "jpeg and html"],
)
def test_a_document_is_downloaded_and_never_opened_as_a_page(client, owner, data) -> None:
    evidence = submit_evidence(actor=Actor.of(owner), data=data, title="x")
    client.force_login(owner)
    answer = client.get(f"/sets/evidence/{evidence.pk}/")
    text_of(answer)
    assert answer.headers["Content-Type"] in ("text/plain", "application/pdf", "image/jpeg")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_hides_in_a_picture_is_not_served_with_it(client, owner) -> None:
    image_set = create_set(actor=Actor.of(owner), name="x")
    data = picture(1) + b"<script>alert(1)</script>"
    item = add_picture(actor=Actor.of(owner), image_set=image_set, data=data, filename="x.html")
    client.force_login(owner)
    for what in ("thumbnail", "picture"):
        answer = client.get(f"/sets/pictures/{item.pk}/{what}/")
        assert "<script>" not in text_of(answer)
        assert answer.headers["Content-Type"] in ("image/png", "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
