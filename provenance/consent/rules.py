"""What a grant may say, checked before it is stored. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from provenance.attribution.places import WORLD, expanded, unknown_places

if TYPE_CHECKING:
    from collections.abc import Iterable

BY_HOLDERS = frozenset(
    {
        "train",
        "distribute-weights",
        "commercial-outputs",
        "further-train",
        "host-as-service",
        "display",
    }
)
BY_THE_PERSON = frozenset({"use-name", "use-likeness"})
NEEDED_TO_RELEASE = ("train", "distribute-weights")
"""What every request asks for: to train, and to give the model to others."""
PURPOSES = ("research", "education", "personal", "art", "internal", "product")
RECIPIENTS = ("applicant", "registered", "public")
"""Who may get the weights: the applicant alone, people who accepted the terms, everybody."""
NAME_PLACES = ("name", "token", "card")
STAY, UNTIL, DELETE = "stay", "until", "delete"
AFTER_END = (STAY, UNTIL, DELETE)

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,4})?", re.ASCII)
MOST_MODELS = 10_000
LONGEST_NOTICE = 3650
MOST_ITEMS = 100
LONGEST = {"credit_line": 300, "name_forms": 200, "bases": 120}


@dataclass(frozen=True)
class Attribute:
    """Give credit, with exactly this line."""

    kind: ClassVar[str] = "attribute"
    credit_line: str


@dataclass(frozen=True)
class Inform:
    """Tell the one who permits when a model is released."""

    kind: ClassVar[str] = "inform"


@dataclass(frozen=True)
class Compensate:
    """Pay this amount: a decimal string and an ISO 4217 currency."""

    kind: ClassVar[str] = "compensate"
    amount: str
    currency: str


@dataclass(frozen=True)
class DeleteAfter:
    """Delete all copies after this day."""

    kind: ClassVar[str] = "delete_after"
    date: date


Duty = Attribute | Inform | Compensate | DeleteAfter
DUTIES: dict[str, type[Duty]] = {d.kind: d for d in (Attribute, Inform, Compensate, DeleteAfter)}


@dataclass(frozen=True)
class Terms:
    """What a party permits, apart from whose works and to whom.

    `credit_line` is the attribute duty's line: whichever of the two is given fills the other.
    Regions among the territories become the countries that they consist of.
    """

    actions: tuple[str, ...]
    commercial: bool = False
    territories: tuple[str, ...] = (WORLD,)
    bases: tuple[str, ...] = ()
    not_before: date | None = None
    not_after: date | None = None
    credit_line: str = ""
    name_forms: tuple[str, ...] = ()
    name_places: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    max_models: int | None = None
    duties: tuple[Duty, ...] = ()
    revocable: bool = True
    notice_days: int = 0
    after_end: str = DELETE
    after_end_on: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "territories", expanded(self.territories))
        owed = next((d.credit_line for d in self.duties if isinstance(d, Attribute)), None)
        if owed is None and self.credit_line:
            object.__setattr__(self, "duties", (Attribute(self.credit_line), *self.duties))
        elif owed is not None and not self.credit_line:
            object.__setattr__(self, "credit_line", owed)


def duty_record(duty: Duty) -> dict[str, Any]:
    """A duty as it is stored and sent: its kind and its values, dates as RFC 3339."""
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(duty).items()}
    return {"kind": duty.kind, **values}


def duty_of(record: Any) -> Duty:
    """The duty of such a record; ValueError says in a sentence what is wrong with it."""
    kind = record.get("kind") if isinstance(record, dict) else None
    if not isinstance(kind, str) or kind not in DUTIES:
        raise ValueError(f"Unknown duty: {str(kind)[:40]}. Known are {', '.join(DUTIES)}.")
    values = {key: value for key, value in record.items() if key != "kind"}
    wanted = {field.name for field in fields(DUTIES[kind])}
    if set(values) != wanted or not all(isinstance(value, str) for value in values.values()):
        told = f"needs exactly {', '.join(sorted(wanted))}" if wanted else "needs nothing else"
        raise ValueError(f"The duty {kind} {told}, as text.")
    if kind == DeleteAfter.kind:
        try:
            return DeleteAfter(date.fromisoformat(values["date"]))
        except ValueError as error:
            raise ValueError("Write the day of deletion as 2030-12-31.") from error
    return DUTIES[kind](**values)


def after_end_sentence(after_end: str, on: date | None) -> str:
    """What holds for copies already released, for everybody who gives or takes them."""
    what = "must be deleted"
    if after_end == STAY:
        what = "stay licensed on the same terms"
    if after_end == UNTIL and on is not None:
        what = f"stay licensed until {on.isoformat()} and must then be deleted"
    return f"If a permission ends, copies you already have {what}."


def strictest_end(ends: Iterable[tuple[str, date | None]]) -> tuple[str, date | None]:
    """Of several permissions that one copy rests on, what holds for it when one ends."""
    found = list(ends)
    if any(after_end == DELETE for after_end, _ in found):
        return DELETE, None
    days = [on for after_end, on in found if after_end == UNTIL and on is not None]
    return (UNTIL, min(days)) if days else (STAY, None)


def objections(terms: Terms, *, is_person: bool, today: date) -> list[str]:
    """Sentences that say what is wrong with `terms`; an empty list where nothing is."""
    return [
        *_actions(terms, is_person=is_person),
        *_words(terms),
        *_sizes(terms),
        *_term(terms, today),
        *_names(terms),
        *_ending(terms),
        *_duties(terms),
    ]


def _actions(terms: Terms, *, is_person: bool) -> list[str]:
    found = []
    if not terms.actions:
        found.append("Choose at least one action to permit.")
    found += _unknown("action", terms.actions, sorted(BY_HOLDERS | BY_THE_PERSON))
    if set(terms.actions) & BY_THE_PERSON and not is_person:
        found.append("Only the person can permit the use of a name or likeness.")
    return found


def _unknown(noun: str, words: Iterable[str], known: Iterable[str]) -> list[str]:
    strange = sorted(set(words) - set(known))
    if not strange:
        return []
    return [f"Unknown {noun}: {', '.join(strange)}. Known are {', '.join(known)}."]


def _words(terms: Terms) -> list[str]:
    found = _unknown("purpose", terms.purposes, PURPOSES)
    found += _unknown("recipient", terms.recipients, RECIPIENTS)
    unknown = unknown_places(terms.territories)
    if unknown:
        known = 'Territories are "world", EU, EEA or two-letter country codes such as DE'
        found.append(f"{known}, and not {', '.join(unknown)[:80]}.")
    return found


def _sizes(terms: Terms) -> list[str]:
    found = []
    if terms.max_models is not None and not 1 <= terms.max_models <= MOST_MODELS:
        found.append(f"The number of models is from 1 to {MOST_MODELS}, or left open.")
    for name, longest in LONGEST.items():
        value = getattr(terms, name)
        if any(len(text) > longest for text in ([value] if isinstance(value, str) else value)):
            found.append(f"{_plain(name)} may have {longest} characters.")
    lists = ("actions", "territories", "bases", "name_forms", "purposes", "duties")
    long = [name for name in lists if len(getattr(terms, name)) > MOST_ITEMS]
    return found + [f"{_plain(name)}: at most {MOST_ITEMS}." for name in long]


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _term(terms: Terms, today: date) -> list[str]:
    found = []
    if terms.not_before and terms.not_after and terms.not_after < terms.not_before:
        found.append("The permission ends before it starts: correct one of the dates.")
    if terms.not_after and terms.not_after < today:
        found.append("The permission would already have ended: choose a later date.")
    return found


def _names(terms: Terms) -> list[str]:
    found = _unknown("place for a name", terms.name_places, NAME_PLACES)
    if "use-name" in terms.actions and not any(form.strip() for form in terms.name_forms):
        found.append("Say exactly which forms of the name may be used.")
    if "use-name" not in terms.actions and (terms.name_forms or terms.name_places):
        found.append("Forms and places of a name need the action use-name.")
    return found


def _ending(terms: Terms) -> list[str]:
    found = _unknown("rule for copies after the end", [terms.after_end], AFTER_END)
    if not 0 <= terms.notice_days <= LONGEST_NOTICE:
        found.append(f"Notice is from 0 to {LONGEST_NOTICE} days.")
    if terms.notice_days and not terms.revocable:
        found.append("Notice is for permissions that can be withdrawn: make it revocable.")
    if terms.after_end == UNTIL and terms.after_end_on is None:
        found.append("Say until which day copies stay licensed.")
    if terms.after_end != UNTIL and terms.after_end_on is not None:
        found.append('A day for copies goes with "until" alone: leave it out.')
    if terms.after_end_on and terms.not_after and terms.after_end_on < terms.not_after:
        found.append("Copies would lose their licence before the permission ends.")
    return found


def _duties(terms: Terms) -> list[str]:
    found = []
    kinds = [duty.kind for duty in terms.duties]
    if len(set(kinds)) != len(kinds):
        found.append("State each duty once.")
    for duty in terms.duties:
        if isinstance(duty, Attribute):
            found += _credit(duty, terms)
        if isinstance(duty, Compensate):
            found += _payment(duty)
        if isinstance(duty, DeleteAfter) and terms.not_before and duty.date < terms.not_before:
            found.append("Copies would have to be deleted before the permission starts.")
    return found


def _credit(duty: Attribute, terms: Terms) -> list[str]:
    if not duty.credit_line.strip():
        return ["Write the exact credit line."]
    if duty.credit_line != terms.credit_line:
        return ["Two different credit lines are stated: choose one."]
    return []


def _payment(duty: Compensate) -> list[str]:
    found = []
    try:
        amount = Decimal(duty.amount if AMOUNT.fullmatch(duty.amount) else "?")
    except InvalidOperation:
        found.append("Write the amount as a plain number such as 120.50.")
    else:
        if amount <= 0:
            found.append("The amount to pay must be more than nothing.")
    if not CURRENCY.fullmatch(duty.currency):
        found.append("Currencies are three-letter codes such as EUR.")
    return found
