"""The audit before a release: near copies, bytes, consent and names, all looked at again.

Reports are rows that never change. What was found goes into one report, whatever the outcome.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import SYSTEM
from ledger.services import append
from provenance.clearance.rules import Outcome as Clearance
from registry.audit.leakage import leakage
from registry.audit.memorisation import compare
from registry.audit.naming import names_of
from registry.audit.reports import keep, report_sha256
from registry.audit.rules import AuditRefusedError, Outcome
from registry.audit.weights import tensors_sha256, withdrawn_with
from registry.events import RevisionAudited
from registry.models import Revision
from registry.release.headers import ReleaseRefusedError
from registry.release.rules import (
    UNET,
    require_data_only,
    require_metadata,
)
from registry.release.selectors import (
    evaluate,
    latest_audit,
    open_findings,
    request_of,
    subject_of,
)
from training.datasets.rules import Manifest
from training.datasets.services import run_folder
from training.models import Request

if TYPE_CHECKING:
    from provenance.models import Evaluation
    from registry.models import Audit

WORST = (Outcome.FAILED, Outcome.FLAGGED, Outcome.PASSED)
REPORT_VERSION = 1
Headers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Check:
    """One part of the audit: what it found, in a sentence, and how to go on."""

    name: str
    outcome: Outcome
    explanation: str
    remedy: str = ""

    def body(self) -> dict[str, str]:
        return {
            "name": self.name,
            "outcome": str(self.outcome),
            "explanation": self.explanation,
            "remedy": self.remedy,
        }


def audit(revision: Revision) -> Audit:
    """Audit a draft now and keep the report. Slow; call it outside of transactions.

    1. memorisation: all that it drew against training pictures and protected works; 2. bytes:
    plain data, metadata that agree with the records, tensors of no withdrawn model; 3. consent
    and 4. names, also those in files and metadata, decided anew. Leakage is measured beside them.
    Of two audits made at once, the first to end is kept.
    """
    before = latest_audit(revision)
    copies, figures = _memorisation(revision)  # 1
    plain, weights, headers = _bytes(revision)  # 2
    evaluation = evaluate(revision)
    names = _names(revision, evaluation, headers)
    leaks = _leakage(revision)
    checks = [copies, plain, _consent(revision, evaluation), names]  # 3, 4
    outcome = next(o for o in WORST if any(check.outcome is o for check in checks))
    decisive = next(check for check in checks if check.outcome is outcome)
    report = {
        "version": REPORT_VERSION,
        "outcome": str(outcome),
        "explanation": decisive.explanation if outcome is not Outcome.PASSED else "",
        "remedy": decisive.remedy if outcome is not Outcome.PASSED else "",
        "checks": [check.body() for check in checks],
        "memorisation": figures,
        "leakage": leaks,
        "weights": weights,
        "clearance": {
            "outcome": evaluation.outcome,
            "facts_sha256": evaluation.facts_id,
            "policy_version": evaluation.policy_version,
        },
        "checked_at": timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    return _keep(revision, report, before)


@transaction.atomic
def _keep(revision: Revision, report: dict[str, Any], before: Audit | None) -> Audit:
    locked = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    now = latest_audit(locked)
    if now is not None and now != before:
        return now  # another worker was quicker
    made = keep(locked, report)
    event = RevisionAudited(audit=made.pk, outcome=report["outcome"], report=report_sha256(report))
    append(actor=SYSTEM.id, subject=subject_of(locked), event=event)
    return made


def _memorisation(revision: Revision) -> tuple[Check, dict[str, Any]]:
    name = "memorisation"
    try:
        found, figures = compare(revision)
    except (AuditRefusedError, OSError) as error:
        remedy = "Train again with sample prompts, or restore the run's pictures, and audit again."
        return Check(name, Outcome.FAILED, f"The samples cannot be compared: {error}", remedy), {}
    return Check(name, found.outcome, found.explanation, found.remedy), figures


def _leakage(revision: Revision) -> dict[str, Any]:
    """Measured and told; no figure of it decides about a release."""
    try:
        return leakage(revision)
    except (OSError, ValueError) as error:
        missing = {"not_measured": f"What the run kept cannot be read: {error}"}
        return {"without_token": missing, "names": missing}


def _bytes(revision: Revision) -> tuple[Check, dict[str, str], Headers | None]:
    """The check, the digest of the trained tensors, and the weights' headers.

    By the digest their copy is known later.
    """
    run = revision.run
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    output = run_folder(run) / "output"
    try:
        headers = require_data_only(output / "pipeline")
        require_metadata(
            headers,
            manifest_sha256=run.manifest_id,
            base_sha256=manifest.base_sha256,
            token=manifest.token,
        )
        _require_record(json.loads((output / "run.json").read_bytes()), run.manifest_id)
        tensors = tensors_sha256(output / "pipeline" / UNET)
    except (ReleaseRefusedError, OSError, ValueError) as error:
        refused = Check(
            "bytes", Outcome.FAILED, str(error), "Train again: nothing else is released."
        )
        return refused, {}, None
    return _not_withdrawn(tensors), {UNET: tensors}, headers


def _not_withdrawn(tensors: str) -> Check:
    withdrawn = withdrawn_with(tensors)
    if withdrawn:
        return Check(
            "bytes",
            Outcome.FAILED,
            f"These are the weights of the withdrawn revision {withdrawn}.",
            "Train anew, without what it was withdrawn for.",
        )
    return Check(
        "bytes", Outcome.PASSED, f"Only plain data, and {UNET} says what it was made from."
    )


def _require_record(record: dict[str, Any], manifest_sha256: str) -> None:
    if record.get("manifest_sha256") != manifest_sha256:
        raise ReleaseRefusedError("run.json is of another manifest than the approved one.")


def _consent(revision: Revision, evaluation: Evaluation) -> Check:
    if request_of(revision).state != Request.State.APPROVED:
        return Check(
            "consent",
            Outcome.FAILED,
            "The approval of its training was taken back.",
            "Ask a reviewer why; a new request can be made.",
        )
    left = [f for f in open_findings(evaluation) if not _is_name(f)]
    if left:
        first = left[0]
        return Check("consent", Outcome.FAILED, first["explanation"], first["remedy"])
    if evaluation.outcome != Clearance.CLEARED and not open_findings(evaluation):
        return Check("consent", Outcome.FAILED, "The set is not cleared.", "Look at its findings.")
    return Check(
        "consent", Outcome.PASSED, "Every picture was cleared for this use at this moment."
    )


def _names(revision: Revision, evaluation: Evaluation, headers: Headers | None) -> Check:
    left = [finding for finding in open_findings(evaluation) if _is_name(finding)]
    if left:
        return Check("name", Outcome.FAILED, left[0]["explanation"], left[0]["remedy"])
    if headers is None:
        return Check("name", Outcome.FAILED, "The files were not read.", "Train again.")
    found = names_of(revision, headers)
    if found:
        worst = max(found, key=lambda fact: fact.proven)
        where = "a file's name" if worst.place == "file" else "the weights' metadata"
        return Check(
            "name",
            Outcome.FAILED if worst.proven else Outcome.FLAGGED,
            f"“{worst.matched}” in {where} is or points to somebody's name, and no consent to use "
            "it there is on record.",
            "Train again with a neutral token and name, or ask that person for naming consent.",
        )
    return Check("name", Outcome.PASSED, "No name is used without its person's consent.")


def _is_name(finding: dict[str, str]) -> bool:
    return finding["subject"].startswith("name")
