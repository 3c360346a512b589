"""Evidence through a party's own channels, evidence that ends, and evidence that is no evidence."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.signing import public_hex
from provenance.attribution import tasks
from provenance.attribution.contacts import add_contact
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.attribution.proofs import (
    canonical_statement,
    domain_token,
    prove_domain,
    record_call,
    submit_statement,
)
from provenance.attribution.wellknown import PATH, read_well_known
from provenance.clearance.services import evaluate_set, holds
from provenance.consent.services import give_grant
from provenance.models import Contact, Evidence, Grant, Level, PartyMember, TitleLink
from tests.provenance import records
from tests.provenance.records import actor, client_of
from tests.provenance.rights import TERMS, Rights

pytestmark = pytest.mark.django_db

DOCUMENT = Level.DOCUMENT_CHECKED


def contact(rights: Rights, kind: str, value: str, **more) -> Contact:
    values = {"party": rights.lantern, "added_by": rights.operator} | more
    return Contact.objects.create(kind=kind, value=value, **values)


# A signature


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def statement(rights: Rights, key, words="Yes.", *, level=Level.CONTACT_CONFIRMED, signed=None):
    by = contact(rights, "key", public_hex(key), level=level)
    signature = key.sign(canonical_statement(rights.lantern, signed or words)).hex()
    return submit_statement(
        actor=actor(rights.applicant), contact=by, words=words, signature=signature
    )


def test_a_signature_by_a_confirmed_key_shows_who_spoke_and_not_why_they_may(rights: Rights, key):
    evidence = statement(rights, key, "Yes,\r\nwe  agree. \n", signed="Yes,\nwe  agree.")
    assert (evidence.identity_level, evidence.title_level) == (Level.SIGNED, Level.SELF_DECLARED)
    assert evidence.party == rights.lantern


def test_a_key_that_nobody_checked_signs_nothing(rights: Rights, key):
    with pytest.raises(RefusedError, match="whose key this is"):
        statement(rights, key, level=Level.SELF_DECLARED)


def test_other_words_or_another_partys_statement_do_not_fit_a_signature(rights: Rights, key):
    with pytest.raises(InvalidError, match="does not fit"):
        statement(rights, key, "Yes to all.", signed="Yes.")
    by = Contact.objects.create(
        party=rights.maren, kind="key", value=public_hex(key), level=Level.SIGNED
    )
    for signature in (key.sign(canonical_statement(rights.lantern, "Yes.")).hex(), "zz", ""):
        with pytest.raises(InvalidError, match="does not fit"):
            submit_statement(
                actor=actor(rights.artist), contact=by, words="Yes.", signature=signature
            )


def test_a_statement_that_names_a_grant_carries_it(rights: Rights, key):
    clerk = records.user("clerk")
    PartyMember.objects.create(party=rights.lantern, user=clerk, level=1, may_sign=False)
    grant = give_grant(actor=actor(clerk), party=rights.lantern, terms=TERMS, works=None)
    other = give_grant(actor=actor(clerk), party=rights.lantern, terms=TERMS, works=None)
    evidence = statement(rights, key, f"We stand by permission {grant.pk}.")
    assert Grant.objects.get(pk=grant.pk).evidence == evidence
    assert Grant.objects.get(pk=grant.pk).identity_level == Level.SIGNED
    assert Grant.objects.get(pk=other.pk).identity_level == Level.SELF_DECLARED


# A call


def called(rights: Rights, by, number: Contact, grant=None) -> Evidence:
    return record_call(
        actor=actor(by), contact=number, called="Ms Vik, rights desk", note="Agrees.", grant=grant
    )


def test_a_call_back_shows_identity_and_carries_the_permission_it_was_about(
    rights: Rights, reviewer
):
    clerk = records.user("clerk")
    PartyMember.objects.create(party=rights.lantern, user=clerk, level=1, may_sign=False)
    grant = give_grant(actor=actor(clerk), party=rights.lantern, terms=TERMS, works=None)
    evidence = called(rights, reviewer, contact(rights, "phone", "+4930123456"), grant)
    assert (evidence.identity_level, evidence.title_level) == (DOCUMENT, Level.SELF_DECLARED)
    grant.refresh_from_db()
    assert (grant.evidence, grant.identity_level) == (evidence, DOCUMENT)


def test_a_call_is_a_reviewers_who_has_no_part_in_it(rights: Rights, reviewer):
    number = contact(rights, "phone", "+4930123456")
    with pytest.raises(PermissionDenied):
        called(rights, rights.artist, number)
    with pytest.raises(RefusedError, match="what they submitted"):
        called(rights, reviewer, contact(rights, "phone", "+4930999999", added_by=reviewer))
    PartyMember.objects.create(party=rights.lantern, user=reviewer)
    with pytest.raises(PermissionDenied, match="speak for themselves"):
        called(rights, reviewer, number)


def test_a_number_that_the_applicant_gave_is_not_called(rights: Rights, reviewer):
    number = contact(rights, "phone", "+4930123456", added_by=rights.applicant)
    with pytest.raises(RefusedError, match="may be the applicant"):
        called(rights, reviewer, number)


# A token on a domain


@contextmanager
def site(settings, answer: bytes, status=200, location=""):
    """A web server on this machine that `settings` allow to be read by http."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == PATH else 404)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1"]
        yield host
        server.shutdown()


def test_a_token_on_a_domain_on_record_makes_its_account_known(rights: Rights, settings, stranger):
    domain = contact(rights, "domain", "lantern.example")
    token = domain_token(actor(stranger), domain)
    with site(settings, f"imprimatur\n{token}\n".encode()) as host:
        Contact.objects.filter(pk=domain.pk).update(value=host)
        domain.refresh_from_db()
        evidence = prove_domain(actor=actor(stranger), contact=domain)
    assert evidence.identity_level == Level.CONTACT_CONFIRMED
    member = PartyMember.objects.get(party=rights.lantern, user=stranger)
    assert (member.level, member.may_sign) == (Level.CONTACT_CONFIRMED, False)


def test_a_token_on_a_domain_that_the_account_gave_itself_binds_nobody(
    rights: Rights, settings, stranger
):
    domain = contact(rights, "domain", "mine.example", added_by=stranger)
    with site(settings, domain_token(actor(stranger), domain).encode()) as host:
        Contact.objects.filter(pk=domain.pk).update(value=host)
        domain.refresh_from_db()
        evidence = prove_domain(actor=actor(stranger), contact=domain)
    assert evidence.identity_level == Level.SELF_DECLARED
    assert not PartyMember.objects.filter(user=stranger).exists()


def test_another_accounts_token_does_not_do(rights: Rights, settings, stranger):
    domain = contact(rights, "domain", "lantern.example")
    with site(settings, domain_token(actor(rights.studio), domain).encode()) as host:
        Contact.objects.filter(pk=domain.pk).update(value=host)
        domain.refresh_from_db()
        with pytest.raises(RefusedError, match="does not hold your token"):
            prove_domain(actor=actor(stranger), contact=domain)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"answer": b"", "status": 302, "location": "http://127.0.0.1:9/"}, "leads on to another"),
        ({"answer": b"x" * 5000}, "more than 4,096"),
        ({"answer": b"", "status": 500}, "answered 500"),
    ],
)
def test_redirects_long_files_and_errors_are_not_read(settings, how, sentence):
    with site(settings, **how) as host, pytest.raises(RefusedError, match=sentence):
        read_well_known(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_private_addresses_are_not_read(host):
    with pytest.raises(RefusedError, match="public internet"):
        read_well_known(host)


def test_a_server_that_dribbles_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr("provenance.attribution.wellknown.SECONDS", 0.3)
    stop = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            while not stop.wait(0.1):
                self.wfile.write(b"x")
                self.wfile.flush()

        def log_message(self, *_):
            pass

        def finish(self):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    with Quiet(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1"]
        begun = timezone.now()
        with pytest.raises(RefusedError, match="too long"):
            read_well_known(f"127.0.0.1:{server.server_port}")
        stop.set()
        server.shutdown()
    assert timezone.now() - begun < timedelta(seconds=5)


# Mails and pages


def test_a_mail_must_be_one_and_a_page_needs_its_address_and_day(owner):
    mail = Evidence.Kind.MAIL
    with pytest.raises(InvalidError, match="not a mail"):
        submit_evidence(actor=actor(owner), data=b"Yes.", title="Mail", kind=mail)
    message = submit_evidence(
        actor=actor(owner), data=b"From: a@example.org\n\nYes.", title="Mail", kind=mail
    )
    assert message.identity_level == Level.SELF_DECLARED
    page = {"actor": actor(owner), "data": b"%PDF-1", "title": "Page", "kind": Evidence.Kind.LINK}
    with pytest.raises(InvalidError, match="whole address"):
        submit_evidence(**page, captured_on=date(2026, 1, 1))
    url = "https://example.org/terms"
    for day in (None, timezone.now().date() + timedelta(days=1)):
        with pytest.raises(InvalidError, match="on which day"):
            submit_evidence(**page, source_url=url, captured_on=day)
    assert submit_evidence(**page, source_url=url, captured_on=date(2026, 1, 1)).source_url == url


def test_kinds_over_the_api(owner):
    client = client_of(owner)
    sent = {
        "kind": "link", "source_url": "https://example.org/a", "captured_on": "2026-01-02",
        "file": SimpleUploadedFile("a.pdf", b"%PDF-1"),
    }  # fmt: skip
    made = client.post("/api/v1/evidence/", sent, format="multipart").json()
    assert (made["kind"], made["captured_on"], made["title"]) == ("link", "2026-01-02", "a.pdf")
    refused = client.post("/api/v1/evidence/", {"kind": "call"}, format="json")
    assert refused.json()["errors"] == {"contact": ["This kind of evidence needs it."]}


def test_five_gigabytes_are_refused_before_they_are_read(owner):
    class Unread:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    length = str(5 * 2**30)
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.generic(
        "POST", "/api/v1/evidence/", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=length, **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "evidence_too_large")
    page = client.generic(
        "POST", "/sets/evidence/", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=length, **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert page.status_code == 400
    assert "evidence may have 20 MB" in page.content.decode()


# The end of evidence


def test_evidence_counts_until_its_day_is_over_and_again_once_it_is_checked_anew(
    rights: Rights, reviewer, monkeypatch
):
    paper = submit_evidence(actor=actor(rights.applicant), data=b"deed", title="Deed")
    TitleLink.objects.filter(party=rights.lantern).update(level=0, evidence=paper)
    give_grant(actor=actor(rights.studio), party=rights.lantern, terms=TERMS, works=None)
    today = timezone.now().date()

    def check(until):
        check_evidence(
            actor=actor(reviewer), evidence=paper, identity=DOCUMENT, title=DOCUMENT, note="Read.",
            citations=Evidence.objects.get().citations, expires_on=until,
        )  # fmt: skip
        evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
        return holds(rights.subject)

    with pytest.raises(InvalidError, match="before today"):
        check(today - timedelta(days=1))
    assert check(today)
    tasks.expire()
    assert holds(rights.subject)
    Evidence.objects.update(expires_on=today - timedelta(days=1))
    tasks.expire()
    assert not holds(rights.subject)
    assert set(TitleLink.objects.values_list("level", flat=True)) == {Level.SELF_DECLARED}
    tasks.expire()
    assert check(today + timedelta(days=365))
    assert set(TitleLink.objects.values_list("level", flat=True)) == {DOCUMENT}


def test_contacts_need_not_be_independent_to_be_given(rights: Rights):
    given = add_contact(
        actor=actor(rights.applicant), party=rights.lantern, kind=Contact.Kind.PHONE,
        value="+49 (30) 123-456",
    )  # fmt: skip
    assert (given.value, given.level) == ("+4930123456", Level.SELF_DECLARED)
