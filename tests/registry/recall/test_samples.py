"""What a released model drew is searched for works that are protected later."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM
from provenance.intake.services import take_in
from provenance.models import Evaluation, Exhibit, Image, Level, Party, Standing
from provenance.screening.protecting import Portrayed, protect
from provenance.screening.services import ensure_screened
from provenance.screening.tasks import search_back
from registry.models import Revision
from registry.recall import services
from registry.recall.tasks import follow
from tests.provenance.records import client_of
from tests.provenance.screening.drawings import drawing
from tests.registry import records

PARTS = {
    "the whole sample": lambda picture: picture,
    "a part of it": lambda picture: picture.crop((80, 60, 520, 400)),
}


def data(picture) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def released(owner, reviewer, base):
    """A model whose samples are large enough to be told apart, released through the API."""
    image_set, party = records.make_set(owner, "open harbours", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run, draw=drawing)
    draft = records.build(run)
    answer = client_of(owner).post(f"/api/v1/revisions/{draft.pk}/release/")
    assert answer.status_code == 200, answer.json()
    return Revision.objects.get(pk=draft.pk)


def standing(revision) -> Standing:
    return Standing.objects.get(pk=f"revision:{revision.pk}")


def after(*_) -> None:
    """What the relay and the workers do then."""
    search_back()
    records.number_entries()
    follow()


@pytest.mark.parametrize("part", PARTS)
def test_a_work_that_a_sample_shows_ends_the_release_and_is_named(released, part):
    assert Exhibit.objects.count() == 2
    studio = Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)
    shown = Portrayed(take_in(data(PARTS[part](drawing(901)))), "Fir in Snow", "fir")
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.DOCUMENT_CHECKED)
    if part == "the whole sample":
        assert standing(released).stale_at, "in the very transaction: no download comes between"
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.QUARANTINED
    assert "Fir in Snow" in released.ended_reason
    assert "samples/00-0.png" in released.ended_reason
    services.notify(released.pk)
    assert "Fir in Snow" in mail.outbox[0].body


def test_a_mere_claim_flags_the_release_and_does_not_end_it(released, stranger):
    claimant = Party.objects.create(kind="person", name="Claimant")
    claimant.members.create(user=stranger)
    file = SimpleUploadedFile("fir.png", data(drawing(902)), "image/png")
    body = {"file": file, "holder": str(claimant.pk), "title": "Fir in Snow"}
    answer = client_of(stranger).post("/api/v1/protections/", body, format="multipart")
    assert answer.status_code == 201, answer.json()
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.RELEASED
    newest = Evaluation.objects.get(pk=standing(released).evaluation_id)
    (finding,) = [f for f in newest.findings if f["code"] == "match_possible"]
    assert finding["subject"] == "sample:samples/00-1.png"
    assert "Fir in Snow" in finding["explanation"]
    assert standing(released).stands


def test_what_a_search_found_before_it_was_killed_ends_the_release_by_the_next_one(released):
    studio = Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)
    part = take_in(data(PARTS["a part of it"](drawing(901))))
    shown = Portrayed(part, "Fir in Snow", "fir")
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.DOCUMENT_CHECKED)
    ensure_screened(Image.objects.all())  # all that a killed search leaves behind
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.QUARANTINED


def test_a_claim_that_is_proven_later_ends_the_release(released):
    studio = Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)
    shown = Portrayed(take_in(data(drawing(901))), "Fir in Snow", "fir")
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.SELF_DECLARED)
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.RELEASED
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.DOCUMENT_CHECKED)
    assert standing(released).stale_at
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.QUARANTINED


def test_a_work_that_no_sample_shows_changes_nothing(released):
    studio = Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)
    shown = Portrayed(take_in(data(drawing(5))), "Harbour", "harbour")
    protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.DOCUMENT_CHECKED)
    after()
    released.refresh_from_db()
    assert released.state == Revision.State.RELEASED
    assert standing(released).stale_at is None


def test_a_model_whose_samples_are_gone_is_not_released(owner, reviewer, base):
    image_set, party = records.make_set(owner, "open harbours", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    output = records.finish(run, draw=drawing)
    draft = records.build(run)
    (output / "samples" / "00-1.png").unlink()
    answer = client_of(owner).post(f"/api/v1/revisions/{draft.pk}/release/")
    assert answer.json()["code"] == "samples_missing"
