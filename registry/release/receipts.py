"""The ledger's receipt of a package: its approval and audit, with proofs that they are on record.

Entries and tree head are kept as the very texts that were hashed and signed, so that a checker
needs no canonical JSON of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.models import Entry, TreeHead
from ledger.rules import canonical
from ledger.selectors import inclusion
from ledger.sequencer import sequence
from registry.events import RevisionAudited
from registry.release.headers import ReleaseRefusedError
from registry.release.selectors import subject_of
from training.events import RequestApproved
from training.review.selectors import subject_of as subject_of_request

ROUNDS = 1000
"""A round numbers up to a thousand entries, or waits for another sequencer's transaction."""

if TYPE_CHECKING:
    from registry.models import Revision


def receipt_of(revision: Revision) -> bytes:
    """The receipt as JSON. The tree head is the first that covers both: always the same one."""
    request = revision.run.request
    entries = [
        _entry(
            subject_of_request(request), RequestApproved.kind, manifest=revision.run.manifest_id
        ),
        _entry(subject_of(revision), RevisionAudited.kind),
    ]
    head = _head_of(entries)
    proofs = [_proof(entry, head) for entry in entries]
    body = {
        "version": 1,
        "kind": "receipt",
        "entries": proofs,
        "tree_head": {
            "signed": head.signed_bytes().decode(),
            "key": head.key,
            "signature": head.signature,
        },
    }
    return (json.dumps(body, indent=1, sort_keys=True) + "\n").encode()


def _entry(subject: str, kind: str, **codes: object) -> Entry:
    """The newest such entry: an accepted flag rests on the report that was flagged."""
    entries = Entry.objects.filter(subject=subject, kind=kind).order_by("-position")
    return next(e for e in entries if all(e.codes[key] == value for key, value in codes.items()))


def _head_of(entries: list[Entry]) -> TreeHead:
    """The first tree head that covers `entries`; what still waits for its number gets it now."""
    for _ in range(ROUNDS):
        if all(inclusion(entry) for entry in entries):
            break
        sequence()
    else:
        raise ReleaseRefusedError("The ledger does not number its entries: run verify_ledger.")
    last = max(entry.leaf.index for entry in Entry.objects.filter(pk__in=[e.pk for e in entries]))
    head = TreeHead.objects.filter(size__gt=last).order_by("size").first()
    assert head is not None  # noqa: S101 - a leaf appears together with the head that covers it
    return head


def _proof(entry: Entry, head: TreeHead) -> dict[str, Any]:
    proof = inclusion(entry, head)
    assert proof is not None  # noqa: S101 - numbered above
    return {"entry": canonical(entry.record()), "leaf": proof.leaf, "path": list(proof.path)}
