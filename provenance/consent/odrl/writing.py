"""Write a grant or a reservation as an ODRL 2.2 policy in JSON-LD. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from provenance.consent.rules import (
    Attribute,
    Compensate,
    DeleteAfter,
    Duty,
    Inform,
    Terms,
)

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

PROFILE: Final = "urn:x-imprimatur:odrl:1"
CONTEXT: Final[dict[str, Any]] = {
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "imp": PROFILE + "#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "@vocab": "http://www.w3.org/ns/odrl/2/",
    "uid": "@id",
    **{name: {"@type": "@vocab"} for name in ("action", "leftOperand", "operator", "imp:afterEnd")},
    **{name: {"@type": "@id"} for name in ("profile", "assigner", "assignee", "target", "unit")},
    **{name: {"@type": "xsd:date"} for name in ("imp:afterEndOn",)},
}
URN, CURRENCY_URN = "urn:uuid:", "urn:iso:std:iso:4217:"
LISTS: Final = {  # a constraint's operand -> the field of Terms; each means "one of these"
    "purpose": "purposes",
    "recipient": "recipients",
    "spatial": "territories",
    "imp:baseModel": "bases",
    "imp:nameForm": "name_forms",
    "imp:namePlace": "name_places",
}


@dataclass(frozen=True)
class Agreement:
    """A grant apart from how it is stored. Works None: all that the assigner holds."""

    uid: UUID
    assigner: UUID
    terms: Terms
    works: tuple[UUID, ...] | None = None
    """Empty: about the assigner's own name or likeness."""
    assignee: UUID | None = None
    """None: offered to anyone."""


def to_odrl(agreement: Agreement) -> dict[str, Any]:
    """The policy of a grant: an Agreement with somebody, or an Offer to anyone."""
    terms = agreement.terms
    policy: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Agreement" if agreement.assignee else "Offer",
        "uid": urn(agreement.uid),
        "profile": PROFILE,
        "assigner": urn(agreement.assigner),
    }
    if agreement.assignee:
        policy["assignee"] = urn(agreement.assignee)
    policy["permission"] = [
        {
            "target": target_of(agreement.assigner, agreement.works),
            "action": [f"imp:{action}" for action in terms.actions],
            "constraint": _constraints(terms),
            "duty": [_duty(duty) for duty in terms.duties],
        }
    ]
    policy |= {
        "imp:revocable": terms.revocable,
        "imp:noticeDays": terms.notice_days,
        "imp:afterEnd": f"imp:{terms.after_end}",
    }
    if terms.after_end_on:
        policy["imp:afterEndOn"] = terms.after_end_on.isoformat()
    return policy


def reservation_to_odrl(
    *, uid: UUID, party: UUID, work: UUID | None, url_prefix: str, since: date
) -> dict[str, Any]:
    """A reservation as a policy that prohibits training, from a day on."""
    target: Any = target_of(party, (work,) if work else None)
    if url_prefix:
        rule = _constraint("imp:addressPrefix", "eq", url_prefix)
        target = {"@type": "AssetCollection", "refinement": [rule]}
    day = _constraint("dateTime", "gteq", _typed("date", since.isoformat()))
    return {
        "@context": CONTEXT,
        "@type": "Set",
        "uid": urn(uid),
        "profile": PROFILE,
        "prohibition": [
            {
                "assigner": urn(party),
                "target": target,
                "action": ["imp:train"],
                "constraint": [day],
            }
        ],
    }


def urn(uid: UUID) -> str:
    """The address of a record outside of this site."""
    return f"{URN}{uid}"


def _typed(kind: str, value: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}


def _constraint(left: str, operator: str, right: Any, unit: str = "") -> dict[str, Any]:
    made = {"leftOperand": left, "operator": operator, "rightOperand": right}
    return made | {"unit": unit} if unit else made


def target_of(assigner: UUID, works: tuple[UUID, ...] | None) -> Any:
    """What a rule is about: works, all that the assigner holds, or the assigner's own self."""
    if works is None:
        held = _constraint("imp:heldBy", "eq", {"@id": urn(assigner)})
        return {"@type": "AssetCollection", "refinement": [held]}
    return [urn(work) for work in works] or urn(assigner)


def _constraints(terms: Terms) -> list[dict[str, Any]]:
    found = [_constraint("imp:commercial", "eq", terms.commercial)]
    for operand, field in LISTS.items():
        if values := getattr(terms, field):
            found.append(_constraint(operand, "isAnyOf", list(values)))
    for operator, day in (("gteq", terms.not_before), ("lteq", terms.not_after)):
        if day:
            found.append(_constraint("dateTime", operator, _typed("date", day.isoformat())))
    if terms.max_models is not None:
        found.append(_constraint("count", "lteq", terms.max_models))
    return found


def _duty(duty: Duty) -> dict[str, Any]:
    match duty:
        case Attribute(line):
            name, rule = "attribute", _constraint("imp:creditLine", "eq", line)
        case Compensate(amount, currency):
            price = _typed("decimal", amount)
            rule = _constraint("payAmount", "eq", price, CURRENCY_URN + currency)
            name = "compensate"
        case DeleteAfter(day):
            rule = _constraint("dateTime", "lteq", _typed("date", day.isoformat()))
            name = "delete"
        case Inform():
            name, rule = "inform", _constraint("event", "eq", {"@id": "imp:release"})
    return {"action": [name], "constraint": [rule]}
