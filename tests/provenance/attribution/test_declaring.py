from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError, RefusedError
from provenance.attribution.evidence import check_evidence, media_type_of, submit_evidence
from provenance.attribution.rules import Look, people, shows_same
from provenance.attribution.services import declare
from provenance.intake.services import take_in
from provenance.models import ImageSet, Level, Licence, Party, Protection, TitleLink, Work
from provenance.screening.protecting import Portrayed, protect
from tests.provenance.records import a_set, picture

pytestmark = pytest.mark.django_db

STATED = {"title": "Cat", "creators": ("Ada",), "holders": ("Ada",), "licence": "CC0-1.0"}


def stated(owner, image_set, item, **changes):
    declare(actor=Actor.of(owner), image_set=image_set, changes={item.pk: changes})
    item.refresh_from_db()
    return item.work


def document(owner, text=b"Offered under CC0."):
    return submit_evidence(actor=Actor.of(owner), data=text, title="Page")


def checked(reviewer, evidence, level=Level.DOCUMENT_CHECKED):
    return check_evidence(
        actor=Actor.of(reviewer),
        evidence=evidence,
        identity=level,
        title=level,
        note="Seen.",
        citations=evidence.citations,
    )


def levels(work: Work) -> set[int]:
    return {holding.level for holding in work.title_links.all()}


def test_what_is_declared_is_self_declared_even_of_a_well_known_party(owner):
    Party.objects.create(kind="person", name="Ada", level=Level.SIGNED)
    image_set, (item,) = a_set(owner, 1)
    work = stated(owner, image_set, item, **STATED)
    assert levels(work) == {Level.SELF_DECLARED}
    assert Party.objects.get(name="Ada").level == Level.SIGNED
    assert work.licence_claims.get().licence_id == "CC0-1.0"


def test_fields_that_are_not_given_stay(owner):
    image_set, (item,) = a_set(owner, 1)
    work = stated(owner, image_set, item, **STATED)
    again = stated(owner, image_set, item, source_url="https://example.org/cat", title="Cats")
    assert again == work
    assert (again.title, item.source_url) == ("Cats", "https://example.org/cat")


def test_without_a_title_the_file_names_the_work(owner):
    image_set, (item,) = a_set(owner, 1)
    assert stated(owner, image_set, item, holders=("Ada",)).title == "1"


def test_only_a_check_raises_levels_and_only_of_what_cites_it_then(owner, reviewer):
    image_set, (one, two) = a_set(owner, 1, 2)
    evidence = document(owner)
    first = stated(owner, image_set, one, **STATED, evidence=str(evidence.pk))
    checked(reviewer, evidence)
    assert levels(first) == {Level.DOCUMENT_CHECKED}
    with pytest.raises(RefusedError, match="has been checked"):
        stated(owner, image_set, two, **STATED, evidence=str(evidence.pk))
    assert not ImageSet.objects.get().items.get(pk=two.pk).work


def test_a_changed_chain_loses_what_was_checked(owner, reviewer):
    image_set, (item,) = a_set(owner, 1)
    evidence = document(owner)
    first = stated(owner, image_set, item, **STATED, evidence=str(evidence.pk))
    checked(reviewer, evidence)
    with pytest.raises(RefusedError, match="has been checked"):
        stated(owner, image_set, item, licence="CC-BY-4.0")
    second = stated(owner, image_set, item, licence="CC-BY-4.0", evidence="")
    assert second != first
    assert levels(second) == {Level.SELF_DECLARED}


def test_a_second_check_that_finds_less_lowers_the_level(owner, reviewer):
    image_set, (item,) = a_set(owner, 1)
    evidence = document(owner)
    work = stated(owner, image_set, item, **STATED, evidence=str(evidence.pk))
    checked(reviewer, evidence)
    checked(reviewer, evidence, Level.SELF_DECLARED)
    assert levels(work) == {Level.SELF_DECLARED}


def test_nobody_checks_their_own_evidence_and_an_applicant_checks_none(owner, stranger, reviewer):
    evidence = document(reviewer)
    with pytest.raises(RefusedError, match="submitted themselves"):
        checked(reviewer, evidence)
    with pytest.raises(PermissionDenied):
        checked(stranger, document(owner))
    with pytest.raises(InvalidError, match="Say what you looked at"):
        check_evidence(
            actor=Actor.of(reviewer),
            evidence=document(owner),
            identity=Level.SIGNED,
            title=Level.SIGNED,
            note=" ",
            citations="",
        )


def test_somebody_elses_evidence_cannot_be_cited(owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    for named in (str(document(stranger).pk), "no id"):
        with pytest.raises(InvalidError, match="have not stored"):
            stated(owner, image_set, item, **STATED, evidence=named)


def protected(seed: int, reference="INV-1", holder="Studio") -> Protection:
    party = Party.objects.create(kind="organisation", name=holder, level=Level.DOCUMENT_CHECKED)
    shown = Portrayed(take_in(picture(seed)), "Harbour", reference)
    return protect(
        actor=SYSTEM, holder=party, pictures=[shown], level=Level.DOCUMENT_CHECKED
    ).added[0]


def test_reference_and_holder_link_the_protected_work_if_the_picture_shows_it(owner):
    protection = protected(1)
    image_set, (item,) = a_set(owner, 1)
    work = stated(owner, image_set, item, holders=("Studio",), reference="INV-1")
    assert work == protection.work
    assert TitleLink.objects.count() == 1


def test_another_picture_cannot_pass_itself_off_as_a_protected_work(owner):
    protection = protected(1)
    image_set, (item,) = a_set(owner, 2)
    work = stated(owner, image_set, item, holders=("Studio",), reference="INV-1")
    assert work != protection.work
    assert levels(work) == {Level.SELF_DECLARED}


def test_nobody_states_a_licence_for_a_registered_work_of_others(owner):
    protection = protected(1)
    image_set, (item,) = a_set(owner, 1)
    with pytest.raises(RefusedError, match="for its holder to state"):
        stated(owner, image_set, item, holders=("Studio",), reference="INV-1", licence="CC0-1.0")
    assert not protection.work.licence_claims.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"licence": "CC0-1.0"}, "no holder is stated"),
        ({"licence": "CC-WHAT", "holders": ("Ada",)}, "is not known here"),
        ({"source_url": "javascript:alert(1)"}, "not an address"),
        ({"made_by": "magic"}, "made_by is one of"),
        ({"title": "x" * 301}, "more than 300"),
        ({"holders": ("x" * 201,)}, "between 1 and 200"),
    ],
)
def test_what_cannot_be_stated_is_refused_and_nothing_is_written(owner, changes, sentence):
    image_set, (item,) = a_set(owner, 1)
    with pytest.raises(InvalidError, match=sentence):
        stated(owner, image_set, item, **changes)
    assert not Work.objects.exists()
    assert not Party.objects.exists()


def test_neither_strangers_nor_anybody_in_a_frozen_set_declare(owner, stranger):
    image_set, (item,) = a_set(owner, 1)
    _, (theirs,) = a_set(stranger, 2)
    with pytest.raises(PermissionDenied):
        stated(stranger, image_set, item, **STATED)
    with pytest.raises(InvalidError, match="not in this set"):
        stated(owner, image_set, theirs, **STATED)
    ImageSet.objects.update(frozen_at=timezone.now())
    with pytest.raises(RefusedError, match="submitted"):
        stated(owner, image_set, item, **STATED)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff...", "image/jpeg"),
        (b"From: a@example.org\nSubject: yes\n\nYes.", "message/rfc822"),
        ("Ja, gerne: für alle.".encode(), "text/plain"),
    ],
)
def test_evidence_is_told_apart_by_its_bytes(data, media_type):
    assert media_type_of(data) == media_type


@pytest.mark.parametrize("data", [b"", b"   ", b"MZ\x90\x00", b"a\x00b", b"\xff\xfe\x00"])
def test_other_files_are_no_evidence(data):
    with pytest.raises(InvalidError, match="not a PDF"):
        media_type_of(data)


def test_evidence_has_a_largest_size(owner, monkeypatch):
    monkeypatch.setattr("provenance.attribution.evidence.MAX_BYTES", 10)
    with pytest.raises(InvalidError, match="MB"):
        document(owner, b"a" * 11)


def test_flat_pictures_do_not_show_the_same_work_by_their_looks():
    flat = Look("a", "0" * 64, ("0" * 64,), quality=0)
    assert not shows_same(flat, Look("b", "0" * 64, ("0" * 64,), quality=100))
    assert shows_same(flat, flat)


def test_names_are_separated_by_semicolons():
    assert people(" Ada  Lovelace ; Bo;Ada Lovelace;;") == ("Ada Lovelace", "Bo")


def test_the_licences_are_there_with_their_doubts(db):
    assert Licence.objects.get(pk="CC0-1.0").training == "yes"
    assert Licence.objects.get(pk="CC-BY-4.0").training == "silent"
    assert not Licence.objects.get(pk="CC-BY-ND-4.0").derivatives
    assert all(licence.note for licence in Licence.objects.all())
