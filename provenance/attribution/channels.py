"""Which addresses bind a party: those on record independently of whoever answers through them.

An address that an applicant supplied shows that somebody reads there, not that it is the party.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from rapidfuzz.distance import Levenshtein

from provenance.models import Contact, Level, Party, PartyMember
from provenance.naming.rules.folding import fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.actors import Actor

SHORTEST = 6
"""Folded names of fewer letters are too short for one differing letter to mean anything."""


def known_member(actor: Actor, party: Party) -> PartyMember | None:
    """`actor` as a member who is known, not merely says so, to speak for `party`."""
    if actor.kind != "user":
        return None
    return PartyMember.objects.filter(
        party=party, user_id=actor.id, level__gte=Level.CONTACT_CONFIRMED
    ).first()


def require_known(actor: Actor, party: Party) -> PartyMember | None:
    """Refuse whoever is neither a known member of `party` nor an operator (for whom: None)."""
    member = known_member(actor, party)
    if member is None and "operator" not in actor.roles:
        raise PermissionDenied(
            f"Only somebody known to speak for {party} can do this. Answer through one of its "
            "addresses on record, or ask an operator to check who you are."
        )
    return member


def require_not_theirs(actor: Actor, *parties: Party) -> None:
    """Refuse whoever speaks, or says that they speak, for one of `parties`."""
    if (
        actor.kind == "user"
        and PartyMember.objects.filter(party__in=parties, user_id=actor.id).exists()
    ):
        raise PermissionDenied("Nobody decides this for a party that they speak for themselves.")


def domain_of(contact: Contact) -> str:
    """The domain of a web or mail address, in lower case; empty for other kinds."""
    if contact.kind not in {Contact.Kind.EMAIL, Contact.Kind.DOMAIN}:
        return ""
    return contact.value.rpartition("@")[2].lower()


def is_independent(contact: Contact) -> bool:
    """Whether the address came on record, or is bound, otherwise than by an unknown's word.

    1. it was confirmed before; 2. an operator, or somebody known to speak and sign for the
    party, put it there; 3. it is at a domain of the party that was confirmed before. An address
    given by anybody else stays what they say, whichever account then answers through it.
    """
    if contact.level >= Level.CONTACT_CONFIRMED:  # 1
        return True
    by = contact.added_by
    if by is None or "operator" in by.roles:  # 2
        return True
    if PartyMember.objects.filter(
        party=contact.party, user=by, level__gte=Level.CONTACT_CONFIRMED, may_sign=True
    ).exists():
        return True
    confirmed = live_contacts(contact.party).filter(  # 3
        kind=Contact.Kind.DOMAIN, level__gte=Level.CONTACT_CONFIRMED
    )
    return any(domain_of(contact) == other.value.lower() for other in confirmed)


def looks_like(contact: Contact) -> str:
    """The party's domain on record that this address imitates; empty where it imitates none.

    An address that was checked, or that an operator gave, was looked at: it may resemble another.
    """
    by = contact.added_by
    if contact.level >= Level.CONTACT_CONFIRMED or by is None or "operator" in by.roles:
        return ""
    domain = domain_of(contact)
    others = live_contacts(contact.party).exclude(pk=contact.pk).select_related("added_by")
    for other in others.order_by("added_at", "pk"):
        theirs = domain_of(other)
        if is_independent(other) and is_look_alike(domain, theirs):
            return theirs
    return ""


def is_look_alike(domain: str, known: str) -> bool:
    """Whether somebody may take `domain` for `known`: like letters, one letter, another ending."""
    if not domain or not known or domain == known:
        return False
    if domain.endswith("." + known) or known.endswith("." + domain):
        return False
    if domain.rpartition(".")[0] == known.rpartition(".")[0]:
        return True
    one, two = fold(domain, coarse=True).text, fold(known, coarse=True).text
    long_enough = min(len(one), len(two)) >= SHORTEST
    return one == two or (long_enough and Levenshtein.distance(one, two) <= 1)


def live_contacts(party: Party) -> QuerySet[Contact]:
    """The party's addresses that were not ended."""
    return Contact.objects.filter(party=party, ended_at=None)
