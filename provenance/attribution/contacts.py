"""A party's addresses: put on record, answered by a mailed code, checked, ended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.core.validators import DomainNameValidator, RegexValidator, validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.errors import InvalidError, RefusedError
from ledger.outbox import ring
from ledger.services import append
from provenance.attribution import party_events as events
from provenance.attribution.channels import (
    is_independent,
    live_contacts,
    looks_like,
    require_known,
    require_not_theirs,
)
from provenance.attribution.parties import claim_membership
from provenance.clearance.services import mark_stale
from provenance.consent.events import MemberConfirmed
from provenance.models import Contact, ContactCode, Level, Party, PartyMember

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.actors import Actor

SEND: Final = "provenance.attribution.tasks.send_code"
CODE_LASTS: Final = timedelta(hours=1)
CODES_A_DAY: Final = 3
"""Mails that strangers can have sent to one address in a day."""
FORMS: Final[dict[str, Any]] = {
    Contact.Kind.EMAIL: validate_email,
    Contact.Kind.DOMAIN: DomainNameValidator(),
    Contact.Kind.PHONE: RegexValidator(r"\A\+[0-9]{6,15}\Z"),
    Contact.Kind.KEY: RegexValidator(r"\A[0-9a-f]{64}\Z"),
}
SENTENCES: Final = {
    Contact.Kind.EMAIL: "This is not an e-mail address.",
    Contact.Kind.DOMAIN: "This is not a domain: write example.org, without https://.",
    Contact.Kind.PHONE: "This is not a telephone number: begin with + and the country's code.",
    Contact.Kind.KEY: "This is not an Ed25519 public key: write its 64 hex digits.",
}


def add_contact(*, actor: Actor, party: Party, kind: Contact.Kind, value: str) -> Contact:
    """Put an address on record, self-declared; answers the one that is there already."""
    value = _clean(kind, value)
    with transaction.atomic():
        found = live_contacts(party).filter(kind=kind, value=value).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                contact = Contact.objects.create(
                    party=party, kind=kind, value=value, added_by_id=actor.id
                )
        except IntegrityError:  # somebody else was quicker
            return live_contacts(party).get(kind=kind, value=value)
        event = events.ContactAdded(contact=str(contact.pk), contact_kind=kind)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=value)
    return contact


def _clean(kind: Contact.Kind, value: str) -> str:
    value = value.strip().lower()
    if kind == Contact.Kind.PHONE:
        value = re.sub(r"[\s()/.-]", "", value)
    try:
        FORMS[kind](value)
    except ValidationError as error:
        raise InvalidError("bad_contact", SENTENCES[kind]) from error
    return value


def ask_for_code(*, actor: Actor, contact: Contact) -> ContactCode:
    """Have a one-time code mailed to the address; only its reader can give it back."""
    _require_live(contact)
    if contact.kind != Contact.Kind.EMAIL:
        raise InvalidError(
            "not_an_email",
            "A code can only be mailed to an e-mail address.",
            "A domain is confirmed by a token, the others by a reviewer's check.",
        )
    now = timezone.now()
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)  # two at once count one another
        recent = ContactCode.objects.filter(
            contact__value=contact.value, asked_at__gt=now - timedelta(days=1)
        )
        if recent.count() >= CODES_A_DAY:
            raise RefusedError(
                "too_many_codes",
                f"Today {CODES_A_DAY} codes went to this address.",
                "Look into its mail, or try again tomorrow.",
            )
        code = ContactCode.objects.create(
            contact=contact, user_id=actor.id, expires_at=now + CODE_LASTS
        )
        ring(SEND, str(code.pk))
    return code


def text_of(code: ContactCode) -> str:
    """The code itself: derived, so that no copy of it lies in the database or the outbox."""
    return salted_hmac("imprimatur.contact-code", str(code.pk)).hexdigest()[:32]


def send_code(code_id: UUID | str) -> None:
    """Mail a code, once; noted after it is sent."""
    code = ContactCode.objects.filter(pk=code_id, mailed_at=None, used_at=None).first()
    if code is None or code.expires_at < timezone.now():
        return
    contact = code.contact
    body = (
        f"Somebody who uses {settings.SITE_NAME} as “{code.user}” says that they speak for "
        f"{contact.party} and read mail at this address.\n\nIf that is you, open\n"
        f"{settings.SITE_URL}/parties/{contact.party_id}/?contact={contact.pk}\n"
        f"and enter this code within the hour:\n\n    {text_of(code)}\n\n"
        "If it is not you, do nothing, and give the code to nobody: it lets them speak for "
        f"{contact.party}.\n"
    )
    send_mail(
        f"Do you speak for {contact.party}?", body, settings.DEFAULT_FROM_EMAIL, [contact.value]
    )
    ContactCode.objects.filter(pk=code.pk).update(mailed_at=timezone.now())


def answer_code(*, actor: Actor, contact: Contact, text: str) -> Contact:
    """The code that was mailed there is given back, by whoever asked for it.

    1. the code is theirs and used once; 2. the address rises only where it is on record
    independently of them and imitates no other; 3. who answered through such an address is known
    to speak for the party, but of an organisation not yet to sign for it.
    """
    _require_live(contact)
    with transaction.atomic():
        _use(actor, contact, text)  # 1
        return confirm(actor=actor, contact=contact)


def _use(actor: Actor, contact: Contact, text: str) -> None:
    codes = ContactCode.objects.filter(
        contact=contact, user_id=actor.id, used_at=None, expires_at__gt=timezone.now()
    )
    given = [code.pk for code in codes if constant_time_compare(text_of(code), text.strip())]
    # of two requests with one code at the same time only one finds it unused
    if ContactCode.objects.filter(pk__in=given, used_at=None).update(used_at=timezone.now()):
        return
    raise wrong_code()


def wrong_code() -> RefusedError:
    """The one answer to every code that does not fit, whatever the reason."""
    return RefusedError(
        "wrong_code",
        "This code is wrong, was used before or is over; or another account asked for it.",
        "Ask for a new one and enter it from the same account.",
    )


def confirm(*, actor: Actor, contact: Contact) -> Contact:
    """`actor` answered through `contact`; call it inside a transaction. See `answer_code`."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    binds = is_independent(locked) and not looks_like(locked)  # 2
    if binds:
        locked.level = max(locked.level, Level.CONTACT_CONFIRMED)
        locked.save(update_fields=["level"])
        domain_changed(locked)
    event = events.ContactAnswered(
        contact=str(locked.pk), user=actor.id, level=int(Level.CONTACT_CONFIRMED if binds else 0)
    )
    append(actor=actor.id, subject=f"party:{locked.party_id}", event=event)
    if binds:
        _know(actor, locked.party)  # 3
    return locked


def domain_changed(contact: Contact) -> None:
    """What a party reserved at addresses blocks or only flags by whose domain they lie in."""
    if contact.kind == Contact.Kind.DOMAIN:
        mark_stale(kind="party", refs=[str(contact.party_id)])


def _know(actor: Actor, party: Party) -> None:
    member = claim_membership(actor=actor, party=party)
    if member.level >= Level.CONTACT_CONFIRMED:
        return
    PartyMember.objects.filter(pk=member.pk).update(
        level=Level.CONTACT_CONFIRMED, may_sign=party.kind == Party.Kind.PERSON
    )
    event = MemberConfirmed(member=actor.id, level=int(Level.CONTACT_CONFIRMED))
    append(actor=actor.id, subject=f"party:{party.pk}", event=event)
    mark_stale(kind="party", refs=[str(party.pk)])


def warning(contact: Contact) -> str:
    """Why this address binds nobody, as a sentence; empty where it does or may."""
    imitated = looks_like(contact)
    if imitated:
        return (
            f"{contact.value} looks like {imitated}, which is on record for {contact.party}, and "
            "is another address. It stays self-declared until a reviewer has checked it."
        )
    if not is_independent(contact):
        return (
            f"Nobody known to speak for {contact.party} gave this address. An answer through it "
            "is self-declared until a reviewer has checked it by another way."
        )
    return ""


def check_contact(*, actor: Actor, contact: Contact, level: Level, note: str) -> Contact:
    """A reviewer or operator, who neither gave it nor is the party, says how well it is known."""
    if "operator" not in actor.roles:
        actor.require("reviewer")
    _require_live(contact)
    require_not_theirs(actor, contact.party)
    if str(contact.added_by_id) == actor.id:
        raise RefusedError("own_contact", "Nobody checks an address that they gave themselves.")
    if not note.strip():
        raise InvalidError("note_missing", "Say how you checked whose address it is.")
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(level=level)
        event = events.ContactChecked(contact=str(contact.pk), level=int(level))
        append(actor=actor.id, subject=f"party:{contact.party_id}", event=event, statement=note)
        domain_changed(contact)
    contact.level = level
    return contact


def end_contact(*, actor: Actor, contact: Contact) -> None:
    """The address is no longer the party's; what it confirmed before stays on record."""
    if contact.level > Level.SELF_DECLARED or str(contact.added_by_id) != actor.id:
        require_known(actor, contact.party)
    with transaction.atomic():
        if not live_contacts(contact.party).filter(pk=contact.pk).update(ended_at=timezone.now()):
            raise RefusedError("already_ended", "This address was ended before.")
        event = events.ContactEnded(contact=str(contact.pk))
        append(actor=actor.id, subject=f"party:{contact.party_id}", event=event)
        domain_changed(contact)


def _require_live(contact: Contact) -> None:
    if contact.ended_at is not None:
        raise RefusedError("contact_ended", "This address is no longer in use.", "Add it again.")
    if contact.party.merged_into_id is not None:
        raise PermissionDenied("This party was merged with another one.")
