from __future__ import annotations

from rdflib import RDF, Literal, URIRef

from provenance.attribution.prov import urn
from tests.linked_data import IMP, PROV, read, ref, require_closed
from tests.registry import records
from training.datasets.rules import Manifest


def where(revision) -> str:
    return f"/api/v1/models/{revision.model}/prov/"


def test_a_released_model_is_traced_back_to_works_and_permissions_by_anybody(
    client, gated, grant_and_run
):
    grant, run = grant_and_run
    graph = read(client.get(where(gated)))
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    assert (ref(gated), PROV.specializationOf, ref(gated.model)) in graph
    assert (ref(gated), PROV.wasGeneratedBy, ref(run)) in graph
    assert (ref(run), RDF.type, IMP.Training) in graph
    assert (ref(run), IMP.manifestSha256, Literal(run.manifest_id)) in graph
    for image in manifest.images:
        picture, work = URIRef(urn(image.image)), URIRef(urn(image.work))
        assert (ref(run), PROV.used, picture) in graph
        assert (ref(gated), PROV.wasDerivedFrom, picture) in graph
        assert (picture, PROV.wasDerivedFrom, work) in graph
        assert (ref(grant), IMP.covers, work) in graph
    (release,) = graph.subjects(RDF.type, IMP.Release)
    assert (release, PROV.used, ref(gated)) in graph
    assert (release, PROV.wasAssociatedWith, URIRef(urn(gated.model.owner_id))) in graph
    assert list(graph.subjects(RDF.type, IMP.Evaluation))
    (base,) = graph.subjects(RDF.type, IMP.Base)
    assert (ref(gated), PROV.wasDerivedFrom, base) in graph
    require_closed(graph)


def test_nobody_is_named(client, gated):
    text = client.get(where(gated)).content.decode()
    assert "Marrowby" not in text
    assert "Lantern House" not in text


def test_a_model_that_was_never_released_is_for_its_owner_alone(client, owner, open_run):
    revision = records.build(open_run)
    assert client.get(where(revision)).status_code == 404
    client.force_login(owner)
    assert (ref(revision), RDF.type, IMP.Revision) in read(client.get(where(revision)))


def test_a_draft_beside_a_released_revision_is_told_to_its_owner_alone(
    client, owner, reviewer, base, released
):
    image_set, party = records.make_set(owner, "more harbours", range(31, 35))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run)
    draft = records.build(run)
    assert draft.model == released.model
    told = read(client.get(where(released)))
    assert (ref(released), RDF.type, IMP.Revision) in told
    assert (ref(draft), None, None) not in told
    client.force_login(owner)
    assert (ref(draft), RDF.type, IMP.Revision) in read(client.get(where(released)))
