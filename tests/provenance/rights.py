"""Two pictures held by a studio, an applicant who has them in a set, and the use they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from provenance.clearance.rules import Use
from provenance.consent.rules import Terms
from provenance.consent.services import confirm_member
from provenance.models import ImageSet, Level, Party, PartyMember, SetImage, TitleLink, Work
from tests.provenance import records

if TYPE_CHECKING:
    from accounts.models import User

CHECKED = Level.DOCUMENT_CHECKED
TERMS = Terms(actions=("train", "distribute-weights"))


@dataclass
class Rights:
    applicant: User
    artist: User
    studio: User
    operator: User
    maren: Party
    lantern: Party
    image_set: ImageSet
    items: list[SetImage]
    works: list[Work]

    @property
    def use(self) -> Use:
        return Use(str(self.applicant.pk), ("train", "distribute-weights"), "a test")

    @property
    def subject(self) -> str:
        return f"set:{self.image_set.pk}"


@pytest.fixture
def rights(db: None) -> Rights:
    """Maren made both works, Lantern holds them; nobody has permitted anything."""
    people = {name: records.user(name) for name in ("applicant", "artist", "studio")}
    operator = records.user("site-operator", is_operator=True)
    maren = Party.objects.create(name="Maren Solvik", kind="person", level=CHECKED)
    lantern = Party.objects.create(name="Lantern Films", kind="organisation", level=CHECKED)
    for party, name in ((maren, "artist"), (lantern, "studio")):
        confirm_member(actor=records.actor(operator), party=party, user=people[name], level=CHECKED)
    image_set, items = records.a_set(people["applicant"], 1, 2)
    works = []
    for item in items:
        work = Work.objects.create(title=f"Work {item.filename}")
        work.creators.add(maren)
        TitleLink.objects.create(work=work, party=lantern, level=CHECKED)
        SetImage.objects.filter(pk=item.pk).update(
            work=work,
            collector="Me",
            source_url="https://example.org/a",
            persons=SetImage.Persons.NONE,
        )
        works.append(work)
    return Rights(*people.values(), operator, maren, lantern, image_set, items, works)


def self_declared(user: User, party: Party) -> PartyMember:
    return PartyMember.objects.create(user=user, party=party, level=Level.SELF_DECLARED)
