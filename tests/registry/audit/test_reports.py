"""Reports are never changed, and what everybody may read of them is signed and tells no secret."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction
from django.db.utils import DatabaseError

from accounts.actors import SYSTEM
from provenance.models import Level, Party
from provenance.screening.looks import Look
from provenance.screening.protecting import Portrayed, protect
from registry.audit.reports import keep, report_sha256
from registry.cards.selectors import signer
from registry.models import Audit
from registry.release.selectors import latest_audit
from tests.registry import records


def test_no_report_is_changed_or_removed(released):
    audit = latest_audit(released)
    for command in (
        lambda: Audit.objects.filter(pk=audit.pk).update(outcome="failed"),
        lambda: Audit.objects.filter(pk=audit.pk).delete(),
        lambda: Audit.objects.filter(pk=audit.pk)._raw_delete("default"),
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
        ):
            command()
    assert latest_audit(released) == audit


def test_the_summary_is_signed_and_names_the_whole_report(client, released):
    (told,) = client.get(f"/api/v1/revisions/{released.pk}/audits/").json()
    signature = b64decode(told["signature"]["signature"])
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["signature"]["key"]))
    assert told["signature"]["key"] == signer()
    key.verify(signature, told["signed"].encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature, told["signed"].replace("passed", "failed").encode())
    body = json.loads(told["signed"])
    assert body["report_sha256"] == report_sha256(latest_audit(released).report)
    assert body["model"] == str(released.model)


def test_a_stranger_reads_outcomes_and_no_picture_file_or_word(client, released, owner, reviewer):
    report = latest_audit(released).report
    words = "“Mirelle Okonvask” in a file's name"
    checks = [*report["checks"], {"name": "x", "outcome": "flagged", "explanation": words}]
    leaks = {"names": [{"party": "secret-party", "shift": 0.1}]}
    keep(released, report | {"outcome": "flagged", "checks": checks, "leakage": leaks})
    for url in (f"/api/v1/revisions/{released.pk}/audits/", f"/{released.model}"):
        told = client.get(url).content.decode()
        for secret in ("Mirelle", "secret-party", "training:", "protected:"):
            assert secret not in told
    for person in (owner, reviewer):
        client.force_login(person)
        found = client.get(f"/api/v1/revisions/{released.pk}/audits/").json()[0]["report"]
        assert found["checks"][-1]["explanation"] == words
        assert "Mirelle" in client.get(f"/{released.model}").content.decode()


def test_audits_of_what_was_never_released_are_not_told(client, open_run):
    from tests.registry import records

    revision = records.build(open_run)
    assert client.get(f"/api/v1/revisions/{revision.pk}/audits/").status_code == 404


def test_works_known_by_a_code_alone_are_counted_where_samples_are_too_small_for_codes(open_run):
    studio = Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)
    shown = Portrayed(None, "Harbour", "harbour", Look(("ab" * 32,), 90))
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.DOCUMENT_CHECKED)
    audit = latest_audit(records.build(open_run))
    assert audit.report["memorisation"]["known_by_code_alone"] == 1
    assert json.loads(audit.summary)["memorisation"]["known_by_code_alone"] == 1
