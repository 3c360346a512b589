"""The card's part about the audit: what was measured, and what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cards.rules.text import code, counted, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.cards.rules.facts import CardFacts

SCALE = (
    "- In both, 0 is what the base drew before training and 1 the pictures compared with, in "
    "colour and texture alone. In brackets: the 95 % interval, from few pictures; one that holds 0 "
    "shows no effect, and does not show that there is none"
)
NOT_CHECKED = (
    "trademarks, logos, characters, buildings and designs that a picture may show",
    "the likeness and privacy of persons shown, beyond what was declared",
    "patents, and the law of your country",
    "works that nobody has registered here: the audit cannot find what it does not know",
    "what the base model learned before this training",
    "every possible output: only what it drew for the audit was compared",
)


def audit(facts: CardFacts) -> list[str]:
    """What was measured, and what was not."""
    found = facts.audit
    nearest = "none was near enough to measure"
    if found.nearest is not None:
        side = "below" if found.nearest < found.threshold else "not below"
        nearest = f"{found.nearest:g}, {side} the threshold"
    return [
        "## Audit",
        "",
        f"Result on {plain(found.checked_at)}: **{markdown(found.outcome)}**.",
        "",
        (
            f"- Compared {counted(found.samples, 'sample')} with {found.training_compared} "
            f"training pictures and {found.protected_compared} other protected pictures"
        ),
        f"- Measure: {markdown(found.measure)}; below {found.threshold:g} counts as a copy",
        f"- Nearest pair: {nearest}",
        *_leakage(found.leakage),
        f"- Full report: `provenance/audit.json`, sha256 {code(found.sha256)}",
        "",
        "## What was not checked",
        "",
        *_codes_alone(found.not_compared),
        *(f"- {item}" for item in NOT_CHECKED),
        "",
    ]


def _codes_alone(number: int) -> list[str]:
    if not number:
        return []
    works = counted(number, "protected work")
    return [f"- {works} known by a code alone: the samples are too small to have such codes"]


def _leakage(figures: Mapping[str, Any]) -> list[str]:
    """Two questions with their figures, or why there are none."""
    if not figures:
        return []
    plain, names = figures["without_token"], figures["names"]
    token = plain.get("with_the_token")
    beside = f"; with the token, {token['shift']:g}" if token else ""
    against = figures.get("names_against", "a neutral prompt")
    lines = [
        f"- Does the style appear without the token? {_shift(plain)}{beside}",
        "- Does a creator's name in the prompt pull towards that person's works, more than "
        f"{against} does? {_pulls(names)}",
    ]
    return lines if "not_measured" in plain and not isinstance(names, list) else [*lines, SCALE]


def _pulls(names: list[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """Of each creator whose name was tried; nobody is named, lest a name be taken for a prompt."""
    if not isinstance(names, list):
        return _shift(names)
    seen = sum(1 for one in names if one["clear"])
    return f"Seen for {seen} of {len(names)} creators tried: {', '.join(map(_interval, names))}"


def _shift(found: Mapping[str, Any]) -> str:
    if "not_measured" in found:
        return f"Not measured: {markdown(found['not_measured'])}"
    return f"{'Yes' if found['clear'] else 'Not seen'}: {_interval(found)}"


def _interval(found: Mapping[str, Any]) -> str:
    return f"{found['shift']:g} ({found['low']:g} to {found['high']:g})"
