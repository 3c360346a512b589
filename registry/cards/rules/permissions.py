"""What one may do with the model, and whose permission each answer rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.sentences import ACTIONS
from provenance.consent.rules import after_end_sentence, strictest_end
from registry.cards.rules.front_matter import conditions
from registry.cards.rules.text import code, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.cards.rules.facts import CardFacts, GrantFacts
    from registry.cards.rules.licence import ModelLicence

GRANT = "grant "
FEW = 2
"""Grants that are all listed by number, even where none is left out."""
QUESTIONS = (
    ("Sell what it makes?", "commercial-outputs"),
    ("Pass on the weights?", "distribute-weights"),
    ("Fine-tune it further?", "further-train"),
    ("Merge it with other models?", "further-train"),
    ("Offer it as a service?", "host-as-service"),
)


def uses(facts: CardFacts, licence: ModelLicence) -> list[str]:
    """The computed licence, the six answers and the grants they come from."""
    lines = [
        "## What you may do",
        "",
        f"**Licence: {_licence_name(licence)}.** {conditions(licence)}",
        "",
        "| May you | Answer | Because of |",
        "|---|---|---|",
    ]
    for question, action in QUESTIONS:
        answer = licence.answers[action]
        said = "Yes" if answer.permitted else "**No**"
        lines.append(f"| {question} | {said} | {_because(answer.sources, facts)} |")
    asking = _because(licence.attribution, facts)
    credit = "Yes: wherever the weights go, see Credits" if asking else "No"
    lines += [f"| Must you give credit, and where? | {credit} | {asking or 'nobody asks'} |", ""]
    lines += _grants(facts)
    forbidden = _forbidden(licence, facts)
    return [*lines, "Not permitted:", "", *(f"- {item}" for item in forbidden), ""]


def _because(sources: Iterable[str], facts: CardFacts) -> str:
    """Licences by their names, and grants by their numbers in the list below."""
    sources, numbers = list(sources), facts.numbers
    shown = sorted(
        numbers[one] for one in (s.removeprefix(GRANT) for s in sources) if one in numbers
    )
    names = [markdown(source) for source in sources if source.removeprefix(GRANT) not in numbers]
    if len(shown) == len(numbers) > FEW:
        names.append(f"all {len(shown)} grants")
    elif shown:
        names.append(f"grant{'s' if len(shown) > 1 else ''} {', '.join(map(str, shown))}")
    return ", ".join(names)


def _forbidden(licence: ModelLicence, facts: CardFacts) -> list[str]:
    """What somebody refused, and what nobody is on record as having agreed to."""
    refused = []
    for question, action in QUESTIONS:
        answer = licence.answers[action]
        if not answer.permitted:
            said = question.rstrip("?").lower()
            refused.append(f"{said}: refused or left open by {_because(answer.sources, facts)}")
    if licence.attribution:
        refused.append("take away the credits or the files in `provenance/`")
    if licence.restricts_use:
        refused.append("the uses that the base model's licence forbids")
    return [
        *refused,
        (
            "put a person's name into a prompt, title or tag of this model or of what it makes: no "
            "consent is on record, save for forms listed under Names"
        ),
        "offer what it makes as the work of anybody credited here, or as approved by them",
    ]


def after_end(grants: tuple[GrantFacts, ...]) -> str:
    """What holds for copies when a permission ends, in a sentence; empty without grants."""
    if not grants:
        return ""
    return after_end_sentence(*strictest_end((g.after_end, g.after_end_on) for g in grants))


def _grants(facts: CardFacts) -> list[str]:
    grants, numbers = facts.grants, facts.numbers
    if not grants:
        return []
    lines = ["The grants, by number:", ""]
    for grant in sorted(grants, key=lambda g: g.grant):
        where = "the world" if grant.territories is None else ", ".join(sorted(grant.territories))
        until = f"until {plain(grant.until)}" if grant.until else "with no end date"
        who = markdown(grant.holder.name or "a holder not named")
        lines.append(
            f"{numbers[grant.grant]}. From {who}, to {_may(grant)}; in {where}, {until}. "
            f"Evidence of who spoke: {grant.evidence.identity.words}; of why they may decide: "
            f"{grant.evidence.title.words}. On record as {code(grant.grant)}"
        )
    return [*lines, "", after_end(grants), ""]


def _may(grant: GrantFacts) -> str:
    """The permitted actions in words, in the order in which they are known."""
    return ", ".join(words for action, words in ACTIONS.items() if action in grant.permits)


def _licence_name(licence: ModelLicence) -> str:
    if licence.name is None:
        return next(t.name for t in licence.licences if t.hub == licence.hub)
    parts = [f"[{terms.name}](<{terms.url}>)" for terms in licence.licences]
    grants = ["the grants below"] if licence.name == "imprimatur-grants" else []
    return f"{licence.name}: the strictest terms of {' and '.join(parts + grants)}"
