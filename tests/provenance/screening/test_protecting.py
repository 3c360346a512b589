from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError
from ledger.models import Entry
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.clearance.services import evaluate_set
from provenance.intake.selectors import plain_use, subject_of
from provenance.intake.services import take_in
from provenance.models import (
    Bank,
    Image,
    Level,
    Match,
    Party,
    Protection,
    Screening,
    Standing,
)
from provenance.screening import bank, services
from provenance.screening.protecting import Portrayed, protect
from tests.provenance.records import a_set, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio(db):
    return Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)


def shield(studio, *seeds, **more):
    shown = [Portrayed(take_in(picture(seed)), f"Work {seed}", f"w-{seed}") for seed in seeds]
    return protect(**{"actor": SYSTEM, "holder": studio, "pictures": shown} | more)


def decided(image_set):
    return evaluate_set(
        image_set=image_set, use=plain_use(image_set), subject=subject_of(image_set)
    )


def codes(image_set) -> set[str]:
    return {finding["code"] for finding in decided(image_set).findings}


def test_a_batch_is_one_version_of_the_bank(studio):
    assert len(shield(studio, 1, 2).added) == 2
    assert Bank.current().version == 1
    assert len(shield(studio, 1, 2).unchanged) == 2
    assert Bank.current().version == 1


def test_decisions_about_resembling_pictures_go_stale_and_no_others(owner, studio):
    alike, _ = a_set(owner, 1)
    other, _ = a_set(owner, 9, name="Other")
    decided(alike)
    decided(other)
    assert shield(studio, 1, level=Level.DOCUMENT_CHECKED).reopened == (subject_of(alike),)
    assert Standing.objects.get(pk=subject_of(alike)).stale_at is not None
    assert Standing.objects.get(pk=subject_of(other)).stale_at is None


def test_a_mere_claim_has_decisions_made_anew_but_holds_nothing_up(owner, studio):
    alike, _ = a_set(owner, 1)
    decided(alike)
    assert shield(studio, 1).reopened == (subject_of(alike),)
    assert Standing.objects.get(pk=subject_of(alike)).stale_at is None
    assert Entry.objects.filter(kind="standing.questioned").count() == 1


def test_a_protection_without_evidence_flags_and_blocks_once_it_is_checked(owner, studio, reviewer):
    evidence = submit_evidence(actor=Actor.of(owner), data=b"Register", title="Register")
    shield(studio, 1, evidence=evidence)
    image_set, _ = a_set(owner, 1)
    assert codes(image_set) >= {"rights_holder_unknown"}
    assert Match.objects.get(image__items__image_set=image_set).outcome == "match"
    check_evidence(
        actor=Actor.of(reviewer),
        evidence=evidence,
        identity=Level.DOCUMENT_CHECKED,
        title=Level.DOCUMENT_CHECKED,
        note="The register lists it.",
        citations=evidence.citations,
    )
    assert Protection.objects.get().level == Level.DOCUMENT_CHECKED
    assert Standing.objects.get(pk=subject_of(image_set)).stale_at is not None
    assert "match_protected" in codes(image_set)


def test_only_an_operator_protects_above_self_declared(owner, studio):
    with pytest.raises(PermissionDenied):
        shield(studio, 1, actor=Actor.of(owner), level=Level.SIGNED)
    assert not Protection.objects.exists()


@pytest.mark.parametrize(("title", "reference"), [("Work", ""), ("", "w"), ("Work", "x" * 201)])
def test_a_protected_work_needs_a_title_and_a_reference(studio, title, reference):
    with pytest.raises(InvalidError):
        shield(studio, pictures=[Portrayed(take_in(picture(1)), title, reference)])


def test_images_are_screened_once_a_bank_version(owner, studio):
    _, (item,) = a_set(owner, 1)
    services.ensure_screened(Image.objects.all())
    first = Screening.objects.get()
    services.ensure_screened(Image.objects.all())
    assert Screening.objects.get().screened_at == first.screened_at
    shield(studio, 1)
    services.ensure_screened(Image.objects.filter(pk=item.image_id))
    again = Screening.objects.get(image=item.image)
    assert again.bank_version == 1
    assert Match.objects.get(image=item.image).outcome == "match"


def test_without_the_index_pictures_stay_unscreened(owner, monkeypatch):
    a_set(owner, 1)

    def gone() -> bank.Banks:
        raise OSError("the index is gone")

    monkeypatch.setattr(bank, "current", gone)
    with pytest.raises(OSError, match="gone"):
        services.ensure_screened(Image.objects.all())
    assert not Screening.objects.exists()


def test_bytes_are_screened_without_being_kept(studio):
    shield(studio, 1)
    before = Image.objects.count()
    result = services.screen_picture(picture(1, kind="JPEG", size=(200, 150)))
    assert result.outcome == "match"
    assert result.found[0].entry.label == "w-1"
    assert services.screen_picture(b"text").outcome == "unreadable"
    assert Image.objects.count() == before
