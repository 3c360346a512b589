"""What this site decided where the law or a licence leaves it open."""

from __future__ import annotations

from typing import Any, Final

from provenance.consent.rules import BY_HOLDERS, BY_THE_PERSON
from provenance.models import Level, PolicyRecord

CHOICES: Final = {
    "silent_licence": ("block", "flag", "clear"),
    "uncleared_base": ("block", "flag"),
}
_BEYOND_TRAINING: Final = (BY_HOLDERS | BY_THE_PERSON) - {"train", "display"}
SHIPPED: Final[dict[str, Any]] = {
    "silent_licence": "flag",
    "uncleared_base": "flag",
    "evidence": {
        action: [int(Level.CONTACT_CONFIRMED if action in _BEYOND_TRAINING else 0), 0]
        for action in sorted(BY_HOLDERS | BY_THE_PERSON)
    },
}
"""`evidence`: for each action the least level of identity and of title."""


def current_policy() -> dict[str, Any]:
    """The policy today: the newest record over what the product was shipped with."""
    newest = PolicyRecord.objects.order_by("-pk").values_list("body", flat=True).first() or {}
    evidence = SHIPPED["evidence"] | newest.get("evidence", {})
    return SHIPPED | newest | {"evidence": evidence}
