"""The people of the story: all of them fictional, each with a log-in for the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.actors import SYSTEM
from accounts.models import AccessToken, User
from accounts.tokens import create_token
from provenance.consent.services import confirm_member
from provenance.models import Level, Party

PASSWORD = "let-it-be-printed"
"""For the demo only, which refuses to run anywhere but at 127.0.0.1."""
TOKEN_LABEL = "story"


@dataclass(frozen=True)
class Person:
    """A user and, where they have rights, the party they speak for."""

    username: str
    who: str
    party: str = ""
    kind: str = Party.Kind.PERSON
    reviewer: bool = False
    operator: bool = False


ARTIST = "Maren Solvik"
STUDIO = "Lanternfish Studio"
PUBLISHER = "Quill and Harbour Press"
PEOPLE = (
    Person("artist", "an illustrator", ARTIST),
    Person("studio", "rights manager of a studio", STUDIO, Party.Kind.ORGANISATION),
    Person("publisher", "rights manager of a press", PUBLISHER, Party.Kind.ORGANISATION),
    Person("stranger", "somebody who collects pictures"),
    Person("curator", "somebody who asks first", "Ines Okafor-Lindqvist"),
    Person("reviewer", "looks at other people's requests", reviewer=True),
    Person("downloader", "wants a model"),
    Person("operator", "runs the site", operator=True),
)


def settle() -> dict[str, str]:
    """Make whoever is not here yet; returns a fresh API token for each, the older ones revoked."""
    return {person.username: _settle(person) for person in PEOPLE}


@transaction.atomic
def _settle(person: Person) -> str:
    user, is_new = User.objects.get_or_create(
        username=person.username,
        defaults={
            "email": f"{person.username}@example.org",
            "is_reviewer": person.reviewer,
            "is_operator": person.operator,
            "is_staff": person.operator,
            "is_superuser": person.operator,
        },
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save()
    if person.party:
        party, _ = Party.objects.get_or_create(
            name=person.party, kind=person.kind, defaults={"level": Level.DOCUMENT_CHECKED}
        )
        if not party.members.filter(user=user).exists():
            confirm_member(actor=SYSTEM, party=party, user=user, level=Level.DOCUMENT_CHECKED)
    AccessToken.objects.filter(user=user, label=TOKEN_LABEL).delete()
    return create_token(user, label=TOKEN_LABEL)
