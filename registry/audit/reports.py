"""Reports of audits: kept for ever as they are made, and signed in summary for everybody.

A whole report names pictures, files and words that were found, which is the owner's and the
reviewers' to read. Its summary has outcomes and figures only; the release key signs it, and it
holds the whole report's digest.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import rfc8785
from django.conf import settings

from ledger.signing import load_or_create_key, sign
from registry.models import Audit

if TYPE_CHECKING:
    from registry.models import Revision

TYPE = "imprimatur-audit-1"
FIGURES = ("measure", "side", "samples", "training_compared", "protected_compared",
           "known_by_code_alone", "thresholds")  # fmt: skip


def report_bytes(report: dict[str, Any]) -> bytes:
    """The report as it goes into a package: RFC 8785, so that its digest can be told."""
    return rfc8785.dumps(report)


def report_sha256(report: dict[str, Any]) -> str:
    """The digest by which ledger, card and summary name a report."""
    return hashlib.sha256(report_bytes(report)).hexdigest()


def keep(revision: Revision, report: dict[str, Any]) -> Audit:
    """Add the report, with its signed summary, to those of `revision`."""
    summary = rfc8785.dumps(_summary(str(revision.model), report)).decode()
    signed = sign(summary.encode(), load_or_create_key(settings.KEYS_DIR / "release.key"))
    return Audit.objects.create(
        revision=revision,
        outcome=report["outcome"],
        report=report,
        summary=summary,
        signature=signed.to_json(),
    )


def _summary(model: str, report: dict[str, Any]) -> dict[str, Any]:
    """What everybody may read: no sample, picture or word that was found, and no free text."""
    figures = report.get("memorisation", {})
    scores = [pair["score"] for pair in figures.get("pairs", [])]
    return {
        "type": TYPE,
        "model": model,
        "outcome": report["outcome"],
        "checks": {check["name"]: check["outcome"] for check in report["checks"]},
        "memorisation": {key: figures[key] for key in FIGURES if key in figures}
        | {"nearest": min(scores, default=None)},
        "leakage": _without_parties(report.get("leakage", {})),
        "accepted_by_a_reviewer": "accepted" in report,
        "checked_at": report["checked_at"],
        "report_sha256": report_sha256(report),
    }


def _without_parties(leakage: dict[str, Any]) -> dict[str, Any]:
    """The figures of each name that was tried, and not whose it is."""
    names = leakage.get("names")
    if not isinstance(names, list):
        return leakage
    bare = [{key: value for key, value in one.items() if key != "party"} for one in names]
    return leakage | {"names": bare}
