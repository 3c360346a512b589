"""PROV-O exports, read back as a stranger's program would: by rdflib."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rdflib import RDF, Literal, URIRef

from accounts.actors import Actor
from provenance.attribution.prov import Activity, Agent, Entity, document, urn
from provenance.consent.services import give_grant
from provenance.models import Delegation, Party, Work
from tests.linked_data import IMP, ODRL, PROV, read, ref, require_closed
from tests.provenance import records
from tests.provenance.rights import TERMS


@pytest.fixture
def grant(rights):
    return give_grant(actor=Actor.of(rights.studio), party=rights.lantern, works=None, terms=TERMS)


def test_a_work_is_told_with_its_people_its_declaration_and_its_grants(rights, grant):
    work = rights.works[0]
    graph = read(records.client_of(rights.studio).get(f"/api/v1/works/{work.pk}/prov/"))
    assert (ref(work), RDF.type, IMP.Work) in graph
    assert (ref(work), PROV.wasAttributedTo, ref(rights.maren)) in graph
    assert (ref(work), IMP.rightsHeldBy, ref(rights.lantern)) in graph
    assert (ref(rights.maren), RDF.type, PROV.Person) in graph
    assert (ref(rights.lantern), RDF.type, PROV.Organization) in graph
    assert (ref(grant), RDF.type, ODRL.Agreement) in graph
    assert (ref(grant), IMP.covers, ref(work)) in graph
    assert set(graph.objects(ref(grant), IMP.permits)) == {
        Literal("train"), Literal("distribute-weights"),
    }  # fmt: skip
    assert (ref(rights.studio), PROV.actedOnBehalfOf, ref(rights.lantern)) in graph
    require_closed(graph)


def test_whoever_decides_for_a_party_today_acts_on_its_behalf(rights):
    today = timezone.now().date()
    days = {
        "Agent": {},
        "Former": {"ends": today - timedelta(1)},
        "Later": {"starts": today + timedelta(1)},
    }
    for name, when in days.items():
        agent = Party.objects.create(name=name, kind="organisation")
        Delegation.objects.create(
            principal=rights.maren, agent=agent, role="agent", actions=["train"], **when
        )
    works = f"/api/v1/works/{rights.works[0].pk}/prov/"
    sets = f"/api/v1/image-sets/{rights.image_set.pk}/prov/"
    for where, user in ((works, rights.studio), (sets, rights.applicant)):
        answer = records.client_of(user).get(where)
        graph = read(answer)
        acting = set(graph.subjects(PROV.actedOnBehalfOf, ref(rights.maren)))
        assert acting == {ref(Party.objects.get(name="Agent"))}
        assert (ref(Party.objects.get(name="Agent")), RDF.type, PROV.Organization) in graph
        require_closed(graph)


def test_a_declared_work_names_who_declared_it_and_when(owner):
    image_set, (item,) = records.a_set(owner, 1)
    client = records.client_of(owner)
    body = {"title": "Quay", "creators": ["Ann Lee"], "holders": ["Lee & Sons"]}
    where = f"/api/v1/image-sets/{image_set.pk}/images/{item.pk}/"
    assert client.patch(where, body).status_code == 200
    item.refresh_from_db()
    answer = client.get(f"/api/v1/works/{item.work_id}/prov/")
    graph = read(answer)
    (told,) = graph.subjects(RDF.type, IMP.Declaration)
    assert (told, PROV.used, URIRef(urn(item.work_id))) in graph
    assert (told, PROV.wasAssociatedWith, ref(owner)) in graph
    assert next(graph.objects(told, PROV.endedAtTime)).toPython().tzinfo is not None
    assert "Ann Lee" not in answer.content.decode()
    require_closed(graph)


def test_a_set_is_told_with_pictures_works_and_decisions(rights, grant):
    client = records.client_of(rights.applicant)
    where = f"/api/v1/image-sets/{rights.image_set.pk}/"
    outcome = client.post(f"{where}verdict/").json()["outcome"]
    graph = read(client.get(f"{where}prov/"))
    members = set(graph.objects(ref(rights.image_set), PROV.hadMember))
    assert members == {ref(item.image) for item in rights.items}
    for item, work in zip(rights.items, rights.works, strict=True):
        assert (ref(item.image), PROV.wasDerivedFrom, ref(work)) in graph
        assert (ref(item.image), IMP.sha256, Literal(item.image.sha256)) in graph
        assert (ref(grant), IMP.covers, ref(work)) in graph
    (decision,) = graph.subjects(RDF.type, IMP.Evaluation)
    assert (decision, IMP.outcome, Literal(outcome)) in graph
    require_closed(graph)


def queries_for(owner, *seeds: int) -> int:
    image_set, items = records.a_set(owner, *seeds)
    for item in items:
        item.work = Work.objects.create(title=item.filename, registered_by=owner)
        item.work.creators.add(Party.objects.create(name=f"P{item.pk}", kind="person"))
        item.save(update_fields=["work"])
    client = records.client_of(owner)
    with CaptureQueriesContext(connection) as seen:
        read(client.get(f"/api/v1/image-sets/{image_set.pk}/prov/"))
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_set(owner):
    assert queries_for(owner, 1, 2) == queries_for(owner, 3, 4, 5, 6, 7)


def test_who_may_not_see_the_object_may_not_see_its_export(rights, stranger):
    client = records.client_of(stranger)
    assert client.get(f"/api/v1/image-sets/{rights.image_set.pk}/prov/").status_code == 404
    assert client.get(f"/api/v1/works/{rights.works[0].pk}/prov/").status_code == 404


def test_a_grant_that_one_may_not_see_is_left_out(rights, grant):
    client = records.client_of(rights.artist)
    graph = read(client.get(f"/api/v1/works/{rights.works[0].pk}/prov/"))
    assert not set(graph.subjects(RDF.type, IMP.Grant))


def test_a_client_that_asks_for_plain_json_gets_the_same_document(rights):
    client = records.client_of(rights.applicant)
    where = f"/api/v1/image-sets/{rights.image_set.pk}/prov/"
    plain = client.get(where, headers={"Accept": "application/json"})
    assert plain["Content-Type"] == "application/json"
    assert plain.json() == json.loads(client.get(where).content)


def test_things_with_one_id_are_told_once_and_delegations_add_up():
    told = document(
        [
            Agent("urn:uuid:a", acts_for=("urn:uuid:p",)),
            Agent("urn:uuid:a", acts_for=("urn:uuid:q",)),
            Entity("urn:uuid:e", "Work", values={"dcterms:title": "", "imp:n": 0}),
            Activity("urn:uuid:z", "Training", used=("urn:uuid:e", "urn:uuid:e")),
        ]
    )
    agent, entity, activity = told["@graph"]
    assert agent["prov:actedOnBehalfOf"] == ["urn:uuid:p", "urn:uuid:q"]
    assert "dcterms:title" not in entity
    assert entity["imp:n"] == 0
    assert activity["prov:used"] == ["urn:uuid:e"]
