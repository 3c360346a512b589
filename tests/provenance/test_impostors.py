"""Somebody who merely says that they speak for a party, and what that must not lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import InvalidError, RefusedError
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.attribution.parties import claim_membership
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set, holds
from provenance.consent import selectors, services
from provenance.consent.rules import Terms
from provenance.intake.services import take_in
from provenance.models import Level, Party, Work
from provenance.screening.protecting import Portrayed, protect
from tests.provenance import records
from tests.provenance.rights import TERMS, Rights

if TYPE_CHECKING:
    from provenance.clearance.rules import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def impostor(rights: Rights):
    """A stranger who claims the studio."""
    user = records.user("impostor")
    claim_membership(actor=records.actor(user), party=rights.lantern)
    return user


def findings(r: Rights) -> set[str]:
    found = evaluate_set(image_set=r.image_set, use=r.use, subject=r.subject)
    return {f["code"] for f in found.findings if not f["resolved"]}


def test_grants_nothing_in_the_name_of_a_known_party(rights: Rights, impostor) -> None:
    with pytest.raises(PermissionDenied):
        services.give_grant(
            actor=records.actor(impostor), party=rights.lantern, terms=TERMS, works=None
        )
    assert findings(rights) == {"licence_missing"}


def test_forbids_and_lifts_nothing(rights: Rights, impostor) -> None:
    services.give_grant(
        actor=records.actor(rights.studio), party=rights.lantern, terms=TERMS, works=None
    )
    assert findings(rights) == set()
    with pytest.raises(PermissionDenied):
        services.reserve(actor=records.actor(impostor), party=rights.lantern)
    assert holds(rights.subject)
    reserved = services.reserve(
        actor=records.actor(rights.studio), party=rights.lantern, work=rights.works[0]
    )
    with pytest.raises(PermissionDenied):
        services.lift_reservation(actor=records.actor(impostor), reservation=reserved)


def test_forbids_nothing_that_their_own_invented_party_has_no_part_in(rights: Rights) -> None:
    user = records.user("somebody")
    invented = Party.objects.create(name="Nobody Inc", kind="organisation")
    claim_membership(actor=records.actor(user), party=invented)
    with pytest.raises(InvalidError, match="neither holds nor made"):
        services.reserve(actor=records.actor(user), party=invented, work=rights.works[0])


def test_answers_and_reads_nothing(rights: Rights, impostor) -> None:
    ask = services.ask_party(
        actor=records.actor(rights.applicant),
        image_set=rights.image_set,
        party=rights.lantern,
        purpose="a model",
        model_name="lamp-lines",
    )
    for answer in (services.refuse, lambda **more: services.grant(terms=TERMS, **more)):
        with pytest.raises(PermissionDenied):
            answer(actor=records.actor(impostor), ask=ask)
    services.grant(actor=records.actor(rights.studio), ask=ask, terms=TERMS)
    assert not selectors.asks_to(impostor).exists()
    assert not selectors.grants_of(impostor).exists()


def test_gives_themselves_nobody_elses_name(rights: Rights) -> None:
    claim_membership(actor=records.actor(rights.applicant), party=rights.maren)
    terms = Terms(actions=("use-name",), name_forms=("Maren Solvik",))
    with pytest.raises(PermissionDenied):
        services.give_grant(
            actor=records.actor(rights.applicant), party=rights.maren, terms=terms, works=[]
        )


def test_adds_no_picture_to_a_work_that_is_better_known_than_they_are(rights: Rights) -> None:
    shown = [Portrayed(take_in(records.picture(1)), "Open Sky", "LF-12")]
    known = protect(
        actor=records.actor(rights.operator), holder=rights.lantern, pictures=shown,
        level=Level.DOCUMENT_CHECKED,
    ).added[0]  # fmt: skip
    other = [Portrayed(take_in(records.picture(7)), "Stolen", "LF-12")]
    claimed = protect(
        actor=records.actor(rights.operator), holder=rights.lantern, pictures=other,
        level=Level.SELF_DECLARED,
    ).added[0]  # fmt: skip
    assert claimed.work != known.work


def test_a_resolution_does_not_survive_another_rights_holder(rights: Rights) -> None:
    for changes in ({}, {"holders": ("disney",)}, {"creators": ("walt",)}, {"id": "other"}):
        assert (digest_of(changes) == digest_of({})) == (not changes)


def digest_of(changes: dict[str, object]) -> str:
    from provenance.clearance.rules import Known, LinkFact, evaluate
    from tests.provenance.clearance.build import CC_BY, USE, facts, picture, work

    values = dict(changes)
    holder = str(values.pop("holders", ("mira",))[0])
    licence = replace(CC_BY, licensor=holder)
    made = replace(work("mira", licences=(licence,)), **values)
    made = replace(made, links=(LinkFact(holder, Known.DOCUMENT_CHECKED, "deed"),))
    finding: Finding = evaluate(facts(made, picture(work=made.id)), USE).findings[0]
    assert finding.code == "licence_silent"
    return finding.evidence_digest


def test_a_check_covers_only_what_was_looked_at(rights: Rights) -> None:
    owner, reviewer = rights.applicant, records.user("a-reviewer", is_reviewer=True)
    evidence = submit_evidence(actor=records.actor(owner), data=b"a page", title="Page")
    looked = evidence.citations
    declare(
        actor=records.actor(owner),
        image_set=rights.image_set,
        changes={
            rights.items[0].pk: {
                "title": "Castle", "creators": ["Walt"], "holders": ["Some Company"],
                "licence": "CC0-1.0", "evidence": str(evidence.pk),
            }
        },
    )  # fmt: skip
    with pytest.raises(RefusedError, match="Since you looked"):
        check_evidence(
            actor=records.actor(reviewer),
            evidence=evidence,
            identity=Level.DOCUMENT_CHECKED,
            title=Level.DOCUMENT_CHECKED,
            note="fine",
            citations=looked,
        )
    assert not Work.objects.filter(
        title_links__level__gte=1, title_links__evidence=evidence
    ).exists()
