"""Read a grant back from an ODRL policy, strictly. Pure.

What is not written by `writing` is refused by name: a condition that is not understood cannot be
kept.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from accounts.errors import InvalidError
from provenance.consent.odrl.writing import (
    CONTEXT,
    CURRENCY_URN,
    LISTS,
    PROFILE,
    URN,
    Agreement,
    target_of,
    urn,
)
from provenance.consent.rules import (
    BY_HOLDERS,
    BY_THE_PERSON,
    DELETE,
    Attribute,
    Compensate,
    DeleteAfter,
    Duty,
    Inform,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS: Final = BY_HOLDERS | BY_THE_PERSON
MOST_WORKS, DEEPEST, MOST_VALUES, LONGEST_TEXT = 1000, 10, 10_000, 1000
POLICY_KEYS = {"@context", "@type", "uid", "profile", "assigner", "assignee", "permission"}
ENDING_KEYS = {"imp:revocable", "imp:noticeDays", "imp:afterEnd", "imp:afterEndOn"}


def from_odrl(document: Any) -> Agreement:
    """The grant that a policy states; InvalidError names what is not understood."""
    _require_bounded(document)
    policy = _dict(document, "the policy", POLICY_KEYS, ENDING_KEYS | {"assignee"})
    if policy["@context"] != CONTEXT:
        raise _bad("an @context other than this profile's")
    if policy["profile"] != PROFILE:
        raise _bad(f"the profile {_told(policy['profile'])}")
    assignee = _uuid(policy["assignee"], "assignee") if "assignee" in policy else None
    expected = "Agreement" if assignee else "Offer"
    if policy["@type"] != expected:
        raise _bad(f"the @type {_told(policy['@type'])} where {expected} is meant")
    assigner = _uuid(policy["assigner"], "assigner")
    rule = _dict(
        _only(policy["permission"], "permission"),
        "the permission",
        {"target", "action", "constraint", "duty"},
        {"duty", "constraint"},
    )
    values = _read_constraints(rule.get("constraint", []))
    duties = tuple(_read_duty(duty) for duty in _list(rule.get("duty", [])))
    terms = Terms(_read_actions(rule["action"]), duties=duties, **values, **_read_ending(policy))
    return Agreement(
        _uuid(policy["uid"], "uid"),
        assigner,
        terms,
        _read_target(rule["target"], assigner),
        assignee,
    )


def _bad(what: str) -> InvalidError:
    return InvalidError(
        "odrl_not_understood",
        f"This document has {what}.",
        "docs/odrl-profile.md lists all that can be stated; leave out the rest or say it anew.",
    )


def _told(value: Any) -> str:
    return repr(value if isinstance(value, str | int | float | None) else type(value).__name__)[:80]


def _require_bounded(document: Any) -> None:
    """Look at every value without recursion, so that depth costs nothing."""
    seen, waiting = 0, [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise _bad(f"values nested more than {DEEPEST} deep")
        if seen > MOST_VALUES:
            raise _bad(f"more than {MOST_VALUES} values")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise _bad(f"a text of more than {LONGEST_TEXT} characters")
        if isinstance(value, dict):
            waiting += [(key, depth + 1) for key in value]
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]


def _dict(value: Any, where: str, keys: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(f"no object where {where} should be")
    if strange := sorted(set(value) - keys - optional):
        raise _bad(f"in {where} the unknown property {_told(strange[0])}")
    if missing := sorted(keys - optional - set(value)):
        raise _bad(f"no {missing[0]} in {where}")
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _only(value: Any, where: str) -> Any:
    found = _list(value)
    if len(found) != 1:
        raise _bad(f"{len(found)} values of {where} where one is needed")
    return found[0]


def _uuid(value: Any, where: str) -> UUID:
    text = value.removeprefix(URN) if isinstance(value, str) else ""
    try:
        found = UUID(text)
    except ValueError as error:
        raise _bad(f"as {where} {_told(value)}, not urn:uuid:…") from error
    if value != urn(found):
        raise _bad(f"as {where} {_told(value)}, not urn:uuid:…")
    return found


def _read_actions(value: Any) -> tuple[str, ...]:
    found = []
    for action in _list(value):
        name = action.removeprefix("imp:") if isinstance(action, str) else None
        if name not in ACTIONS or action != f"imp:{name}":
            raise _bad(f"the unknown action {_told(action)}")
        found.append(str(name))
    return tuple(found)


def _read_target(value: Any, assigner: UUID) -> tuple[UUID, ...] | None:
    if isinstance(value, dict):
        if value != target_of(assigner, None):
            raise _bad("a collection other than all that the assigner holds")
        return None
    found = tuple(_uuid(work, "target") for work in _list(value))
    if not 1 <= len(found) <= MOST_WORKS:
        raise _bad(f"{len(found)} works; from 1 to {MOST_WORKS} can be named")
    return () if found == (assigner,) else found


def _read_constraints(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"territories": ()}
    for item in _list(value):
        name, read = _read_constraint(_rule(item))
        if found.get(name, ()) != ():
            raise _bad(f"two constraints on {name}")
        found[name] = read
    return found


def _rule(value: Any) -> dict[str, Any]:
    keys = {"leftOperand", "operator", "rightOperand"}
    return _dict(value, "a constraint", keys | {"unit"}, {"unit"})


def _read_constraint(rule: dict[str, Any]) -> tuple[str, Any]:
    match rule:
        case {"leftOperand": str(left), "operator": "isAnyOf", "rightOperand": list(values)} if (
            left in LISTS and values and all(isinstance(value, str) for value in values)
        ):
            return LISTS[left], tuple(values)
        case {"leftOperand": "imp:commercial", "operator": "eq", "rightOperand": bool(said)}:
            return "commercial", said
        case {"leftOperand": "dateTime", "operator": "gteq"}:
            return "not_before", _day(rule["rightOperand"])
        case {"leftOperand": "dateTime", "operator": "lteq"}:
            return "not_after", _day(rule["rightOperand"])
        case {"leftOperand": "count", "operator": "lteq", "rightOperand": int(most)} if (
            not isinstance(most, bool)
        ):
            return "max_models", most
    raise _not_a_rule(rule)


def _not_a_rule(rule: Mapping[str, Any]) -> InvalidError:
    parts = (_told(rule[key]) for key in ("leftOperand", "operator", "rightOperand"))
    return _bad(f"a constraint that is not known here: {' '.join(parts)}")


def _value(value: Any, kind: str) -> str:
    match value:
        case {"@type": said, "@value": str(text)} if said == f"xsd:{kind}" and len(value) == 2:  # noqa: PLR2004
            return text
    raise _bad(f"no xsd:{kind} where one is needed")


def _day(value: Any) -> date:
    return _iso(_value(value, "date"))


def _iso(text: Any) -> date:
    try:
        found = date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _bad(f"the day {_told(text)}, not written as 2030-12-31") from error
    if found.isoformat() != text:
        raise _bad(f"the day {_told(text)}, not written as 2030-12-31")
    return found


def _read_duty(value: Any) -> Duty:
    duty = _dict(value, "a duty", {"action", "constraint"}, set())
    name = _only(duty["action"], "a duty's action")
    rule = _rule(_only(duty["constraint"], "a duty's constraint"))
    match name, rule:
        case "attribute", {
            "leftOperand": "imp:creditLine",
            "operator": "eq",
            "rightOperand": str(line),
        }:
            return Attribute(line)
        case "inform", {
            "leftOperand": "event",
            "operator": "eq",
            "rightOperand": {"@id": "imp:release"},
        }:
            return Inform()
        case "delete", {"leftOperand": "dateTime", "operator": "lteq"}:
            return DeleteAfter(_day(rule["rightOperand"]))
        case "compensate", {"leftOperand": "payAmount", "operator": "eq", "unit": str(unit)} if (
            unit.startswith(CURRENCY_URN)
        ):
            return Compensate(
                _value(rule["rightOperand"], "decimal"), unit.removeprefix(CURRENCY_URN)
            )
        case (("attribute" | "inform" | "delete" | "compensate"), _):
            raise _not_a_rule(rule)
    raise _bad(f"the unknown duty {_told(name)}")


def _read_ending(policy: Mapping[str, Any]) -> dict[str, Any]:
    revocable, notice = policy.get("imp:revocable", True), policy.get("imp:noticeDays", 0)
    after, on = policy.get("imp:afterEnd", f"imp:{DELETE}"), policy.get("imp:afterEndOn")
    if not isinstance(revocable, bool) or type(notice) is not int:
        raise _bad("imp:revocable or imp:noticeDays of the wrong type")
    if after not in ("imp:stay", "imp:until", "imp:delete"):
        raise _bad(f"the unknown imp:afterEnd {_told(after)}")
    return {
        "revocable": revocable,
        "notice_days": notice,
        "after_end": after.removeprefix("imp:"),
        "after_end_on": None if on is None else _iso(on),
    }
