"""What one may do with the model, and whose permission each answer rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.consent.rules import after_end_sentence, strictest_end
from registry.cards.rules.front_matter import conditions
from registry.cards.rules.text import code, markdown, plain

if TYPE_CHECKING:
    from registry.cards.rules.facts import CardFacts, GrantFacts
    from registry.cards.rules.licence import ModelLicence

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
        sources = ", ".join(markdown(source) for source in answer.sources)
        lines.append(f"| {question} | {'Yes' if answer.permitted else '**No**'} | {sources} |")
    asking = ", ".join(markdown(source) for source in licence.attribution)
    credit = "Yes: wherever the weights go, see Credits" if asking else "No"
    lines += [f"| Must you give credit, and where? | {credit} | {asking or 'nobody asks'} |", ""]
    lines += _grants(facts.grants)
    forbidden = _forbidden(licence)
    return [*lines, "Not permitted:", "", *(f"- {item}" for item in forbidden), ""]


def _forbidden(licence: ModelLicence) -> list[str]:
    """What somebody refused, and what nobody is on record as having agreed to."""
    refused = []
    for question, action in QUESTIONS:
        answer = licence.answers[action]
        if not answer.permitted:
            sources = ", ".join(markdown(source) for source in answer.sources)
            refused.append(f"{question.rstrip('?').lower()}: not granted by {sources}")
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


def _grants(grants: tuple[GrantFacts, ...]) -> list[str]:
    if not grants:
        return []
    lines = ["Grants that this rests on:", ""]
    for grant in sorted(grants, key=lambda g: g.grant):
        where = "the world" if grant.territories is None else ", ".join(sorted(grant.territories))
        until = f"until {plain(grant.until)}" if grant.until else "with no end date"
        lines.append(
            f"- {code(grant.grant)} from {markdown(grant.holder.name or 'a holder not named')}: "
            f"{', '.join(sorted(map(markdown, grant.permits)))}; {where}; {until}; evidence of who "
            f"spoke: {grant.evidence.identity.words}, of why they may decide: "
            f"{grant.evidence.title.words}"
        )
    return [*lines, "", after_end(grants), ""]


def _licence_name(licence: ModelLicence) -> str:
    if licence.name is None:
        return next(t.name for t in licence.licences if t.hub == licence.hub)
    parts = [f"[{terms.name}](<{terms.url}>)" for terms in licence.licences]
    grants = ["the grants below"] if licence.name == "imprimatur-grants" else []
    return f"{licence.name}: the strictest terms of {' and '.join(parts + grants)}"
