"""From a trained run to an audited, sealed revision; every step can be done again.

A worker may be killed anywhere: rows and folder appear only at the end, and `sweep` finds what
was left.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from accounts.reserved import OWNER_FORM, RESERVED_OWNERS
from ledger.outbox import ring
from ledger.services import append
from registry.audit.reports import keep
from registry.audit.services import audit
from registry.cards.rules import CardRefusedError
from registry.cards.services import texts_of
from registry.events import RevisionBuilt, RevisionDrafted
from registry.models import Audit, Model, ReleaseFile, Revision
from registry.release.headers import ReleaseRefusedError
from registry.release.package import assemble, only_one
from registry.release.selectors import latest_audit, subject_of
from registry.release.services import BUILD
from training.models import Run

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from registry.cards.services import Texts
    from registry.release.package import Sealed

logger = logging.getLogger(__name__)


def build(run_id: UUID | str, *, audit_anew: bool = False) -> Revision | None:
    """Make, audit and seal the revision of a trained run, as far as that is not done yet.

    None where there is nothing to build, or another worker is at it. A revision that did not
    pass stays a draft; its audit says what to do.
    """
    with only_one(str(run_id)) as alone:
        if not alone:
            return None
        run = Run.objects.select_related("request__applicant").filter(pk=run_id).first()
        if run is None or run.state != Run.State.TRAINED:
            return None
        revision = _draft(run)
        if revision.state != Revision.State.DRAFT:
            return revision
        found = latest_audit(revision)
        if found is None or audit_anew:
            found = audit(revision)
        if found.outcome == Audit.Outcome.PASSED:
            _seal(revision, found)
        revision.refresh_from_db()
    return revision


def _draft(run: Run) -> Revision:
    """The run's revision, made on first use, with its model."""
    existing = _with_records().filter(run=run).first()
    if existing is not None:
        return existing
    owner = run.request.applicant
    _require_owner(owner.username)
    with transaction.atomic():
        model, made = Model.objects.get_or_create(
            owner=owner, name=run.request.model_name, defaults={"gated": run.request.gated}
        )
        if not made and run.request.gated and not model.gated:  # never opened again by a rebuild
            Model.objects.filter(pk=model.pk).update(gated=True)
        revision, drafted = Revision.objects.get_or_create(run=run, defaults={"model": model})
        if drafted:
            event = RevisionDrafted(model=str(model.pk), run=str(run.pk), manifest=run.manifest_id)
            append(actor=SYSTEM.id, subject=subject_of(revision), event=event)
    return _with_records().get(pk=revision.pk)


def _with_records() -> QuerySet[Revision]:
    return Revision.objects.select_related(
        "model__owner", "run__request__base", "run__request__image_set", "run__manifest"
    )


def _require_owner(username: str) -> None:
    if username.lower() in RESERVED_OWNERS or not re.fullmatch(OWNER_FORM, username):
        raise RefusedError(
            "owner_name",
            f"“{username}” cannot be part of a model's address.",
            "Have an operator change the user name to letters, digits, “-”, “_” and “.”.",
        )


def _seal(revision: Revision, passed: Audit) -> None:
    """Render, assemble, seal; then all rows at once. A refusal is logged and stays a draft."""
    try:
        texts = texts_of(revision, passed)
        sealed = assemble(revision, passed, texts)
    except (CardRefusedError, ReleaseRefusedError) as refusal:
        _refuse(revision, passed, str(refusal))
        return
    _record(revision, passed, texts, sealed)


def _refuse(revision: Revision, passed: Audit, why: str) -> None:
    """Keep why a package could not be made as a failed audit, where its owner reads it."""
    logger.warning("Revision %s cannot be packaged: %s", revision.pk, why)
    check = {"name": "package", "outcome": Audit.Outcome.FAILED, "explanation": why, "remedy": ""}
    report = {
        **passed.report,
        "outcome": Audit.Outcome.FAILED,
        "explanation": why,
        "remedy": "Mend the record that it names, then have it audited again.",
        "checks": [*passed.report["checks"], check],
    }
    keep(revision, report)


@transaction.atomic
def _record(revision: Revision, passed: Audit, texts: Texts, sealed: Sealed) -> None:
    fresh = Revision.objects.filter(pk=revision.pk, state=Revision.State.DRAFT, commit="")
    changed = fresh.update(
        state=Revision.State.AUDITED,
        commit=sealed.commit,
        card=texts.card,
        licence=texts.licence,
        terms=texts.terms,
    )
    if not changed:
        return  # on a second machine somebody was quicker
    ReleaseFile.objects.bulk_create(
        ReleaseFile(revision=revision, path=f.path, size=f.size, sha256=f.sha256, git_oid=f.git_oid)
        for f in sealed.files
    )
    event = RevisionBuilt(commit=sealed.commit, audit=passed.pk, files=len(sealed.files))
    append(actor=SYSTEM.id, subject=subject_of(revision), event=event)


def sweep() -> int:
    """Ring for trained runs without a revision and drafts that wait for their audit or package."""
    forgotten = set(
        Run.objects.filter(state=Run.State.TRAINED, revision=None).values_list("pk", flat=True)
    )
    drafts = Revision.objects.filter(state=Revision.State.DRAFT).filter(
        Q(audits=None) | Q(audits__outcome=Audit.Outcome.PASSED)
    )
    for draft in drafts.distinct():
        newest = latest_audit(draft)
        if newest is None or newest.outcome == Audit.Outcome.PASSED:
            forgotten.add(draft.run_id)
    for run_id in sorted(forgotten, key=str):
        with transaction.atomic():
            ring(BUILD, str(run_id))
    return len(forgotten)
