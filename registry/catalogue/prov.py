"""Reads where a model comes from: its revisions, their runs, and what the signed manifests list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ledger.rules import timestamp
from provenance.attribution import lineage
from provenance.attribution.prov import OWN, Activity, Agent, Entity, urn
from provenance.models import Grant, Image, Work
from registry.release.selectors import subject_of, visible
from training.datasets.rules import Manifest
from training.review.selectors import subject_of as subject_of_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.actors import Actor
    from provenance.attribution.lineage import Thing
    from registry.models import Model, Revision
    from training.models import Run


def trace_model(actor: Actor | None, model: Model) -> Iterator[Thing]:
    """The model and those of its revisions that `actor` may see, back to the works and permissions.

    What a revision was made from is read from its signed manifest, not from what is on record now.
    """
    owner = urn(model.owner_id)
    yield Agent(owner)
    values = {"dcterms:title": str(model), "prov:generatedAtTime": timestamp(model.created_at)}
    yield Entity(urn(model.pk), "Model", {"prov:wasAttributedTo": (owner,)}, values)
    for revision in visible(actor).filter(model=model).order_by("created_at"):
        yield from trace_revision(revision)


def trace_revision(revision: Revision, *, packaged: bool = False) -> Iterator[Thing]:
    """One revision back to its works and permissions.

    `packaged`: for the file inside of the package, which cannot know its own commit, nor what
    becomes of the revision.
    """
    manifest = Manifest.from_bytes(revision.run.manifest.body.encode())
    if packaged:
        yield _entity(revision, manifest, {})
        yield from lineage.trace_decisions(subject_of(revision), urn(revision.pk))
        yield Entity(urn(revision.model_id), "Model", {}, {"dcterms:title": str(revision.model)})
    else:
        yield from _revision(revision, manifest)
    yield from _training(revision.run, manifest)
    yield from _materials(manifest)


def _revision(revision: Revision, manifest: Manifest) -> Iterator[Thing]:
    values = {
        "imp:commit": revision.commit,
        "imp:licence": revision.licence,
        "imp:state": revision.state,
        "prov:invalidatedAtTime": timestamp(revision.ended_at) if revision.ended_at else None,
    }
    yield _entity(revision, manifest, values)
    subject = subject_of(revision)
    yield from lineage.activities({subject: urn(revision.pk)}, ("revision.released",), "Release")
    yield from lineage.trace_decisions(subject, urn(revision.pk))


def _entity(revision: Revision, manifest: Manifest, values: dict[str, str | None]) -> Entity:
    pictures = tuple(urn(image.image) for image in manifest.images)
    return Entity(
        urn(revision.pk),
        "Revision",
        {
            "prov:specializationOf": (urn(revision.model_id),),
            "prov:wasGeneratedBy": (urn(revision.run_id),),
            "prov:wasDerivedFrom": (*pictures, _base(manifest)),
        },
        values,
    )


def _training(run: Run, manifest: Manifest) -> Iterator[Thing]:
    request = run.request
    pictures = tuple(urn(image.image) for image in manifest.images)
    yield Activity(
        urn(run.pk),
        "Training",
        by=urn(request.applicant_id),
        started=timestamp(run.started_at) if run.started_at else None,
        ended=timestamp(run.ended_at) if run.ended_at else None,
        used=(*pictures, _base(manifest), urn(request.image_set_id)),
        values={"imp:manifestSha256": run.manifest_id},
    )
    yield Agent(urn(request.applicant_id))
    yield Entity(
        urn(request.image_set_id),
        "ImageSet",
        {"prov:hadMember": pictures},
        types=("prov:Collection",),
    )
    values = {"dcterms:title": manifest.base, "imp:sha256": manifest.base_sha256}
    yield Entity(_base(manifest), "Base", values=values)
    yield from lineage.trace_decisions(subject_of_request(request), urn(request.image_set_id))


def _materials(manifest: Manifest) -> Iterator[Thing]:
    """The pictures, works and grants that the manifest lists, people by their ids."""
    listed = {UUID(image.image): image for image in manifest.images}
    for image in Image.objects.filter(pk__in=list(listed)):
        work = listed[image.pk].work
        yield lineage.picture(image, UUID(work) if work else None)
    ids = {image.work for image in manifest.images if image.work}
    works = list(lineage.with_people(Work.objects.filter(pk__in=ids)))
    yield from lineage.trace_works(works)
    grants = {grant for image in manifest.images for grant in image.grants}
    yield from lineage.trace_grants(Grant.objects.filter(pk__in=grants), works)


def _base(manifest: Manifest) -> str:
    return f"{OWN}base:{manifest.base_sha256}"
