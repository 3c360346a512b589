"""Messages and what is done with their links, as a party without an account would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core import mail
from django.test import Client

from accounts.actors import Actor
from ledger.models import Doorbell
from provenance.consent import services
from provenance.consent.services import sending
from provenance.consent.services.links import SEND
from provenance.models import Contact, Level, Party

if TYPE_CHECKING:
    from tests.provenance.rights import Rights


def deliver() -> None:
    """What relay and worker do with the doorbells that wait."""
    for bell in Doorbell.objects.filter(task=SEND):
        sending.send(bell.object_id)
        bell.delete()


def last_link(to: str = "") -> str:
    """The path of the link in the newest message (to this address)."""
    newest = [m for m in mail.outbox if not to or m.to == [to]][-1]
    found = re.search(r"(/consent/answer/[\w-]+/)", newest.body)
    assert found is not None
    return found.group(1)


def contact(party: Party, value: str, level: Level = Level.CONTACT_CONFIRMED, **more) -> Contact:
    return Contact.objects.create(party=party, kind="email", value=value, level=level, **more)


def asked(r: Rights, party: Party | None = None, **more):
    """An ask to the studio whose message has gone out."""
    ask = services.ask_party(
        actor=Actor.of(r.applicant),
        image_set=r.image_set,
        party=party or r.lantern,
        **{"purpose": "a small model of lamps", "model_name": "lamp-lines"} | more,
    )
    deliver()
    return ask


def yes(r: Rights, *actions: str, **more) -> dict[str, object]:
    """What the page's form sends for a yes to both works."""
    works = [str(work.pk) for work in r.works]
    return {"do": "grant", "works": works, "actions": actions or ("train",), **more}


def anybody() -> Client:
    return Client(enforce_csrf_checks=False)
