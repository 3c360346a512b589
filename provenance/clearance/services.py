"""Ask for a decision, keep it, and mark it stale when what it rests on changes."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.actors import SYSTEM
from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance import rules, selectors
from provenance.clearance.events import (
    ClearanceEvaluated,
    FindingResolved,
    StandingQuestioned,
    StandingWentStale,
)
from provenance.clearance.rules.encoding import encode
from provenance.clearance.rules.horizon import last_day
from provenance.models import (
    Bank,
    Evaluation,
    FactsRecord,
    Image,
    Resolution,
    Standing,
    StandingBasis,
)
from provenance.screening.exact import IndexBroken
from provenance.screening.services import ensure_screened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.actors import Actor
    from provenance.models import ImageSet

logger = logging.getLogger(__name__)
ATTEMPTS = 5
"""Times a decision is made again because the rights changed while it was made."""


RAISED_BY_ANYBODY = frozenset({"match_listed", "match_possible", "match_unavailable"})
"""Flags that a claim without evidence, or a list of others, brings about.

They wait for a reviewer, and undo nothing
that was approved: otherwise anybody could stop any run and any download.
"""


def evaluate_set(
    *, image_set: ImageSet, use: rules.Use, subject: str, base: rules.BaseFact | None = None
) -> Evaluation:
    """Decide about `image_set` and register the answer as the standing of `subject`.

    Screens first whatever has not been compared with all protected works. Slow: call it outside
    of transactions. Raises RefusedError when the rights keep changing meanwhile.
    """
    for _ in range(ATTEMPTS):
        version = Bank.current().rights_version
        facts = facts_now(image_set, use, base, subject)
        verdict = rules.evaluate(facts, use)
        evaluation = _record(subject, facts, use, verdict, version)
        if evaluation is not None:
            return evaluation
    raise RefusedError(
        "rights_changing",
        "The records that this decision rests on keep changing.",
        "Try again in a minute.",
    )


def facts_now(
    image_set: ImageSet, use: rules.Use, base: rules.BaseFact | None = None, subject: str = ""
) -> rules.Facts:
    """All that is on record at this moment, once every picture has been compared with the bank."""
    for shown in (Q(items__image_set=image_set), Q(exhibits__subject=subject)):
        try:
            ensure_screened(Image.objects.filter(shown))
        except (IndexBroken, OSError):  # what stays uncompared is flagged
            logger.exception("Pictures could not be compared with the banks.")
    today = timezone.now().date()
    return selectors.gather(image_set, use, today=today, base=base, subject=subject)


def preview(*, image_set: ImageSet, use: rules.Use, subject: str) -> Evaluation:
    """The decision as it would be now, which nothing rests on: it is not kept and has no id."""
    found = _evaluation(subject, rules.evaluate(facts_now(image_set, use), use))
    found.pk = None
    return found


def _evaluation(subject: str, verdict: rules.Verdict) -> Evaluation:
    return Evaluation(
        subject=subject,
        policy_version=verdict.policy_version,
        outcome=verdict.outcome,
        findings=[asdict(finding) for finding in verdict.findings],
        pictures=verdict.pictures,
    )


@transaction.atomic
def _record(
    subject: str, facts: rules.Facts, use: rules.Use, verdict: rules.Verdict, version: int
) -> Evaluation | None:
    """None when a right was withdrawn after the facts were read.

    A withdrawal that has not committed yet waits for the bank's row, and then finds the standing
    that is registered here; so none can fall between the reading and the writing.
    """
    if Bank.locked().rights_version != version:
        return None
    body = encode(facts, use, _salt_of)
    record, _ = FactsRecord.objects.get_or_create(
        digest=hashlib.sha256(body).hexdigest(), defaults={"body": body.decode()}
    )
    evaluation = _evaluation(subject, verdict)
    evaluation.facts = record
    evaluation.save(force_insert=True)
    _register(subject, evaluation, facts)
    event = ClearanceEvaluated(
        evaluation=str(evaluation.pk),
        outcome=str(verdict.outcome),
        facts=record.digest,
        policy=verdict.policy_version,
    )
    append(actor=SYSTEM.id, subject=subject, event=event)
    return evaluation


def _salt_of(body: bytes) -> str:
    """Known only to this site, and gone with the body once that is erased."""
    return salted_hmac("provenance.clearance.facts", body, algorithm="sha256").hexdigest()


def _register(subject: str, evaluation: Evaluation, facts: rules.Facts) -> None:
    standing, _ = Standing.objects.update_or_create(
        subject=subject,
        defaults={
            "evaluation": evaluation,
            "outcome": evaluation.outcome,
            "stands": stands(evaluation),
            "valid_until": last_day(facts),
            "stale_at": None,
        },
    )
    standing.bases.all().delete()
    StandingBasis.objects.bulk_create(
        StandingBasis(standing=standing, kind=kind, ref=ref) for kind, ref in _bases(facts)
    )


def _bases(facts: rules.Facts) -> set[tuple[str, str]]:
    found = {("work", work.id) for work in facts.works}
    found |= {("work", whole) for work in facts.works for whole in work.part_of}
    found |= {("party", link.party) for work in facts.works for link in work.links}
    found |= {("licence", licence.code) for work in facts.works for licence in work.licences}
    found |= {("party", p.party) for picture in facts.pictures for p in picture.shown if p.party}
    found |= {("party", delegation.agent) for delegation in facts.delegations}
    found |= {("party", creator) for work in facts.works for creator in work.creators}
    found |= {("party", reservation.party) for reservation in facts.reservations}
    found |= {("party", name.party) for name in facts.names if name.party}
    found |= {("grant", grant.id) for grant in facts.grants} | {("policy", "site")}
    found |= {("image", picture.sha256) for picture in (*facts.pictures, *facts.exhibits)}
    if facts.base is not None:
        found.add(("base", facts.base.name))
    return found


def open_findings(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What still speaks against it: neither mere information nor resolved."""
    return [f for f in evaluation.findings if f["severity"] != "info" and not f["resolved"]]


def stands(evaluation: Evaluation) -> bool:
    """Is this decision good enough for a run or a release that was approved before it?"""
    left = open_findings(evaluation)
    return all(f["severity"] == "flag" and f["code"] in RAISED_BY_ANYBODY for f in left)


def holds(subject: str, *, approved: bool = False) -> bool:
    """Does the decision that `subject` rests on still hold? One query; no record means no.

    With `approved`, for what a reviewer let pass before, as `stands` tells.
    """
    today = timezone.now().date()
    good = Q(stands=True) if approved else Q(outcome=rules.Outcome.CLEARED)
    return (
        Standing.objects.filter(good, pk=subject, stale_at=None)
        .filter(Q(valid_until=None) | Q(valid_until__gte=today))
        .exists()
    )


def mark_stale(
    *, kind: str, refs: Iterable[str], merely_claimed: bool = False, improves: bool = False
) -> list[str]:
    """Mark every standing stale that rests on these records; returns their subjects.

    Call it in the transaction that changes the records: after its commit no gate lets them pass.
    What is `merely_claimed`, without evidence, has them decided anew but holds nothing up. What
    only `improves`, such as a permission, leaves alone whatever passes some gate already.
    """
    wanted = sorted(set(refs))
    Bank.current()
    Bank.objects.filter(pk=1).update(rights_version=F("rights_version") + 1)
    touched = StandingBasis.objects.filter(kind=kind, ref__in=wanted, standing__stale_at=None)
    if improves:
        touched = touched.filter(standing__stands=False)
    hits = dict(touched.order_by("-ref").values_list("standing_id", "ref"))
    if not merely_claimed:
        Standing.objects.filter(pk__in=hits).update(stale_at=timezone.now())
    event = StandingQuestioned if merely_claimed else StandingWentStale
    for subject in sorted(hits):
        append(actor=SYSTEM.id, subject=subject, event=event(basis=kind, ref=hits[subject]))
    return sorted(hits)


@transaction.atomic
def resolve(
    *,
    actor: Actor,
    image_set: ImageSet,
    findings: Iterable[Mapping[str, Any]],
    how: Resolution.How,
    reason: str,
) -> list[Resolution]:
    """Record that a reviewer cleared these flags, each for exactly its evidence and the policy."""
    actor.require("reviewer")
    if str(image_set.owner_id) == actor.id:
        raise RefusedError(
            "own_request",
            "Nobody clears the flags of their own pictures.",
            "Another reviewer has to look at them.",
        )
    chosen = [dict(finding) for finding in findings]
    if not chosen or not reason.strip():
        raise InvalidError(
            "reason_missing", "A resolution needs findings and a reason.", "Write why it is fine."
        )
    blocks = {finding["code"] for finding in chosen if finding["severity"] != rules.Severity.FLAG}
    if blocks:
        raise RefusedError(
            "not_a_flag",
            f"Only flags can be resolved, and {', '.join(sorted(blocks))} is none.",
            "What blocks needs a permission or has to be taken out.",
        )
    return [_resolution(actor, image_set, finding, how, reason) for finding in chosen]


def _resolution(
    actor: Actor, image_set: ImageSet, finding: Mapping[str, Any], how: Resolution.How, reason: str
) -> Resolution:
    resolution = Resolution.objects.create(
        code=finding["code"],
        subject=selectors.scoped(image_set, finding["subject"]),
        evidence_digest=finding["evidence_digest"],
        policy_version=rules.POLICY_VERSION,
        how=how,
        reviewer_id=actor.id,
        reason=reason.strip(),
    )
    event = FindingResolved(
        resolution=str(resolution.pk),
        code=resolution.code,
        picture=finding["subject"],
        how=how,
    )
    words = f"{resolution.evidence_digest} {resolution.reason}"
    append(actor=actor.id, subject=f"set:{image_set.pk}", event=event, statement=words)
    return resolution
