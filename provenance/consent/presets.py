"""Permissions in plain words, with blanks to fill in, that compile to terms. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from accounts.errors import InvalidError
from provenance.consent.rules import Compensate, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Blank:
    """Something that the one who permits fills in."""

    name: str
    label: str
    kind: Literal["text", "date", "names"] = "text"
    required: bool = True
    longest: int = 300


@dataclass(frozen=True)
class Preset:
    """One permission in plain words. `build` makes the terms of its filled blanks."""

    key: str
    title: str
    says: str
    blanks: tuple[Blank, ...]
    build: Callable[[Mapping[str, Any]], Terms]
    of_the_person: bool = False
    """About a name, not about works."""


UNTIL = Blank("until", "Until which day", "date")
MAYBE_UNTIL = Blank("until", "Until which day (empty: no end)", "date", required=False)
CREDIT = Blank("credit_line", "The credit line, exactly as it should stand")


def _research(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("train",),
        purposes=("research",),
        recipients=("applicant",),
        not_after=blanks["until"],
    )


def _education(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("train", "distribute-weights"),
        purposes=("education", "research"),
        recipients=("applicant", "registered"),
        not_after=blanks["until"],
        credit_line=blanks["credit_line"],
    )


def _personal(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("train",),
        purposes=("personal",),
        recipients=("applicant",),
        max_models=1,
        not_after=blanks["until"],
    )


def _share(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("train", "distribute-weights"),
        not_after=blanks["until"],
        credit_line=blanks["credit_line"],
    )


def _sell(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("train", "distribute-weights", "commercial-outputs", "host-as-service"),
        commercial=True,
        credit_line=blanks["credit_line"],
        duties=(Compensate(blanks["amount"], blanks["currency"]),),
        not_after=blanks["until"],
    )


def _name(blanks: Mapping[str, Any]) -> Terms:
    return Terms(
        actions=("use-name",),
        name_forms=blanks["name_forms"],
        name_places=("card",),
        not_after=blanks["until"],
    )


_ALL = (
    Preset(
        "research",
        "Train for non-commercial research until a day",
        "They may train for research that earns no money, and keep the model to themselves.",
        (UNTIL,),
        _research,
    ),
    Preset(
        "education",
        "Train and share for teaching and research, with credit",
        "They may train, and give the model to people who signed in and accepted the terms, for "
        "teaching and research that earn no money. Your credit line stands on the model's card.",
        (CREDIT, MAYBE_UNTIL),
        _education,
    ),
    Preset(
        "personal",
        "Train one model for private use",
        "One model, for whoever you permit it to, at home. It is not shared.",
        (MAYBE_UNTIL,),
        _personal,
    ),
    Preset(
        "share-with-credit",
        "Train and share the model, with credit",
        "Everybody may get the model, not to earn money with it. Your credit line stands on the "
        "model's card.",
        (CREDIT, MAYBE_UNTIL),
        _share,
    ),
    Preset(
        "sell-for-payment",
        "Train, share and earn money with it, for payment and credit",
        "They may also sell what the model makes and offer it as a service. They owe you the "
        "amount that you write, and your credit line on the model's card.",
        (
            CREDIT,
            Blank("amount", "How much they pay you", longest=20),
            Blank("currency", "In which currency, such as EUR", longest=3),
            MAYBE_UNTIL,
        ),
        _sell,
    ),
    Preset(
        "name-on-card",
        "My name may be used as written, in the card only",
        "Only for you to give, about your own name. It may stand on the card in the forms that "
        "you write, and in no prompt, title or token.",
        (Blank("name_forms", "The exact forms of your name, one a line", "names"), MAYBE_UNTIL),
        _name,
        of_the_person=True,
    ),
)
PRESETS = {preset.key: preset for preset in _ALL}


def terms_of(key: str, given: Mapping[str, Any]) -> Terms:
    """The terms of a preset with its blanks filled; InvalidError names what is wrong or lacking."""
    preset = PRESETS.get(key)
    if preset is None:
        raise InvalidError(
            "unknown_preset", f"There is no form called {key!r}.", f"Known: {', '.join(PRESETS)}."
        )
    strange = set(given) - {blank.name for blank in preset.blanks}
    if strange:
        raise InvalidError(
            "unknown_blank", f"This form has no blank called {', '.join(sorted(strange))}."
        )
    return preset.build(
        {blank.name: _filled(blank, given.get(blank.name)) for blank in preset.blanks}
    )


def _filled(blank: Blank, value: Any) -> Any:
    empty = value in (None, "", [], ())
    if empty and blank.required:
        raise InvalidError("blank_missing", f"Fill in: {blank.label}.")
    if blank.kind == "date":
        return None if empty else _day(blank, value)
    if blank.kind == "names":
        return tuple(_text(blank, name) for name in _lines(value))
    return "" if empty else _text(blank, value)


def _lines(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(blank: Blank, value: Any) -> str:
    if not isinstance(value, str) or len(value) > blank.longest:
        raise InvalidError("bad_blank", f"{blank.label}: at most {blank.longest} characters.")
    return value.strip()


def _day(blank: Blank, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidError("bad_blank", f"{blank.label}: write it as 2030-12-31.") from error
