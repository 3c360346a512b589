"""The desk of a holder: the models that were made with their works, and what became of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from provenance.models import Level, PartyMember
from registry.catalogue.using import models_using, works_of
from registry.models import Revision
from tests.provenance import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(client, gated, grant_and_run):
    made = records.user("rights-manager")
    studio = grant_and_run[0].assigner
    PartyMember.objects.filter(party=studio).delete()
    PartyMember.objects.create(party=studio, user=made, level=Level.DOCUMENT_CHECKED)
    client.force_login(made)
    return made


def desk(client) -> str:
    return " ".join(client.get("/").content.decode().split())


def test_a_holder_sees_the_models_made_with_their_works(client, gated, holder):
    shown = desk(client)
    assert f'href="/{gated.model}"' in shown
    assert "of them" in shown
    Revision.objects.filter(pk=gated.pk).update(state=Revision.State.WITHDRAWN)
    assert "withdrawn" in desk(client)


def test_what_was_never_released_and_others_works_are_not_told(client, gated, holder, stranger):
    Revision.objects.filter(pk=gated.pk).update(released_at=None)
    assert "No model that was released here was made with them" in desk(client)
    client.force_login(stranger)
    assert "Your works" not in desk(client)


def test_three_queries_tell_them_and_none_reads_cards_or_manifests(gated, holder):
    actor = Actor.of(holder)
    with CaptureQueriesContext(connection) as queries:
        (one,) = models_using(actor, works_of(actor))
        assert (str(one.revision.model), one.revision.state) == (str(gated.model), gated.state)
    assert len(queries) == 3
    assert not [q for q in queries if '"card"' in q["sql"] or '"body"' in q["sql"]]


def test_a_visitor_finds_three_doors_and_the_newest_models(client, released):
    shown = desk(client)
    assert "Protect your works" in shown
    assert f'href="/{released.model}"' in shown
    assert "Your desk" not in shown
