"""The commands of review: draft, submit, resolve, decide."""

from training.review.services.decisions import approve, reject, return_request, revoke
from training.review.services.drafts import check, close, create_request, edit_draft
from training.review.services.flags import resolve_flags
from training.review.services.rehearsals import rehearse
from training.review.services.submission import BlockedError, submit

__all__ = [
    "BlockedError",
    "approve",
    "check",
    "close",
    "create_request",
    "edit_draft",
    "rehearse",
    "reject",
    "resolve_flags",
    "return_request",
    "revoke",
    "submit",
]
