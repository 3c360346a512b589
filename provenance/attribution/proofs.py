"""Evidence that comes through a channel of the party: a signature, a call, a domain.

Each names the address on record that it came through. A grant that it is about rises with it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import InvalidError, RefusedError
from ledger.signing import Signature, SignatureRefusedError, verify
from provenance.attribution.channels import is_independent, looks_like, require_not_theirs
from provenance.attribution.contacts import confirm
from provenance.attribution.evidence import keep
from provenance.attribution.wellknown import read_well_known
from provenance.clearance.services import mark_stale
from provenance.models import Contact, Evidence, Grant, Level, Party

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actors import Actor

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def canonical_statement(party: Party, words: str) -> bytes:
    """The bytes that are signed: they name the party, so that no other's statement fits."""
    lines = unicodedata.normalize("NFC", words).strip().splitlines()
    text = "\n".join(line.rstrip() for line in lines)
    return f"Imprimatur statement\nparty: {party.pk}\n\n{text}\n".encode()


def submit_statement(*, actor: Actor, contact: Contact, words: str, signature: str) -> Evidence:
    """Words with a detached Ed25519 signature by a key of the party that was confirmed before.

    Who spoke is then known as well as can be; why they may decide, a reviewer reads. The party's
    own grants whose ids the words name rest on it.
    """
    _require(contact, Contact.Kind.KEY)
    if contact.level < Level.CONTACT_CONFIRMED:
        raise RefusedError(
            "key_unconfirmed",
            "Nobody has checked yet whose key this is.",
            "A reviewer can, by another way than this account.",
        )
    data = canonical_statement(contact.party, words)
    try:
        verify(data, Signature(contact.value, bytes.fromhex(signature)), trusted={contact.value})
    except (SignatureRefusedError, ValueError) as error:
        raise InvalidError(
            "bad_signature",
            "The signature does not fit these words and this key.",
            "Sign the canonical text byte for byte, and write the signature as 128 hex digits.",
        ) from error
    with transaction.atomic():
        evidence = keep(
            actor=actor,
            data=data,
            media_type="text/plain",
            title=f"Signed statement of {contact.party}",
            kind=Evidence.Kind.STATEMENT,
            party=contact.party,
            contact=contact,
            signature=signature.lower(),
            identity_level=Level.SIGNED,
        )
        about = Grant.objects.filter(assigner=contact.party, pk__in=UUID.findall(words.lower()))
        _support(evidence, about)
    return evidence


def record_call(
    *, actor: Actor, contact: Contact, called: str, note: str, grant: Grant | None = None
) -> Evidence:
    """A reviewer called somebody back at an address on record, and notes what they said.

    1. not a reviewer who gave that address, speaks for the party or gave the grant; 2. at an
    address that is on record independently of the applicant. Identity: document checked.
    """
    actor.require("reviewer")
    _require(contact, Contact.Kind.PHONE, Contact.Kind.EMAIL)
    require_not_theirs(actor, contact.party)  # 1
    if actor.id in {str(contact.added_by_id), str(grant.given_by_id if grant else "")}:
        raise RefusedError("own_evidence", "Nobody calls back about what they submitted.")
    if not is_independent(contact) or looks_like(contact):  # 2
        raise RefusedError(
            "contact_not_independent",
            "This address is on record only by the word of somebody who may be the applicant.",
            "Find the party's address by another way, and have an operator add it.",
        )
    if not called.strip() or not note.strip():
        raise InvalidError("note_missing", "Say whom you called and what they said.")
    if grant is not None and grant.assigner_id != contact.party_id:
        raise InvalidError("other_party", f"That permission is not one of {contact.party}.")
    text = f"Called: {called.strip()}\nAt: {contact.value}\n\n{note.strip()}\n"
    with transaction.atomic():
        evidence = keep(
            actor=actor,
            data=text.encode(),
            media_type="text/plain",
            title=f"Call-back to {contact.party}",
            kind=Evidence.Kind.CALL,
            party=contact.party,
            contact=contact,
            identity_level=Level.DOCUMENT_CHECKED,
            checked_by_id=actor.id,
            checked_at=timezone.now(),
            check_note=note.strip(),
        )
        _support(evidence, [grant] if grant else [])
    return evidence


def domain_token(actor: Actor, contact: Contact) -> str:
    """What `actor` puts on the domain: each account its own, so that none can borrow another's."""
    return salted_hmac("imprimatur.domain", f"{contact.pk}:{actor.id}").hexdigest()[:40]


def prove_domain(*, actor: Actor, contact: Contact) -> Evidence:
    """Read the token from the party's domain. The network is asked outside of any transaction.

    It binds the party only if the domain is on record independently of `actor`.
    """
    _require(contact, Contact.Kind.DOMAIN)
    text = read_well_known(contact.value)
    if domain_token(actor, contact) not in text.split():
        raise RefusedError(
            "token_missing",
            f"The file on {contact.value} does not hold your token.",
            "Put the token on a line of its own, and try again.",
        )
    with transaction.atomic():
        confirmed = confirm(actor=actor, contact=contact)
        return keep(
            actor=actor,
            data=text.encode(),
            media_type="text/plain",
            title=f"Token on {contact.value}",
            kind=Evidence.Kind.DOMAIN,
            party=contact.party,
            contact=contact,
            identity_level=min(confirmed.level, Level.CONTACT_CONFIRMED),
        )


def _require(contact: Contact, *kinds: Contact.Kind) -> None:
    if contact.kind not in kinds or contact.ended_at is not None:
        wanted = " or ".join(kind.label for kind in kinds)
        raise InvalidError("other_contact", f"Name one of the party's contacts: {wanted}.")


def _support(evidence: Evidence, grants: Iterable[Grant]) -> None:
    """These grants are known at least as well as the evidence shows who spoke."""
    ids = [grant.pk for grant in grants]
    Grant.objects.filter(pk__in=ids, evidence=None).update(evidence=evidence)
    Grant.objects.filter(
        pk__in=ids, evidence=evidence, identity_level__lt=evidence.identity_level
    ).update(identity_level=evidence.identity_level)
    mark_stale(kind="grant", refs=[str(pk) for pk in ids])
