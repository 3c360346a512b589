"""Who asked is told of the answer, once, whoever gave it and whatever was lost on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actors import Actor
from ledger.models import Doorbell
from provenance.consent import services, tasks
from provenance.consent.services.closing import TELL
from provenance.models import Ask
from tests.provenance.consent.letters import anybody, asked, contact, last_link

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(rights: Rights) -> Ask:
    contact(rights.lantern, "desk@lantern.example")
    return asked(rights)


def told() -> list[mail.EmailMessage]:
    """What the applicant gets from the doorbells that wait."""
    before = len(mail.outbox)
    for bell in Doorbell.objects.filter(task=TELL):
        tasks.tell(bell.object_id)
        bell.delete()
    return mail.outbox[before:]


def test_a_refusal_is_told_with_its_words_and_once(ask: Ask, rights: Rights) -> None:
    anybody().post(last_link(), {"do": "refuse", "words": "Not for\nthis."})
    [letter] = told()
    assert letter.to == [rights.applicant.email]
    assert letter.subject == "Lantern Films has refused what you asked"
    assert "    Not for this.\n" in letter.body
    assert f"/consent/{ask.pk}/" in letter.body
    tasks.tell(str(ask.pk))
    assert told() == []


def test_silence_is_told_too_also_where_the_doorbell_was_lost(ask: Ask) -> None:
    Ask.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    tasks.due()
    Doorbell.objects.all().delete()
    tasks.due()
    assert ["has not answered in time" in letter.subject for letter in told()] == [True]


def test_nobody_is_told_of_what_they_took_back_themselves(ask: Ask, rights: Rights) -> None:
    services.withdraw_ask(actor=Actor.of(rights.applicant), ask=ask)
    assert told() == []
    assert not Ask.objects.filter(told_at=None).exists()
