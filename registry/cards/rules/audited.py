"""The card's part about the audit: what was measured, and what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cards.rules.text import code, counted, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.cards.rules.facts import CardFacts

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
        *(f"- {item}" for item in NOT_CHECKED),
        "",
    ]


def _leakage(figures: Mapping[str, Any]) -> list[str]:
    """Two questions with their figures, or why there are none."""
    if not figures:
        return []
    plain, names = figures["without_token"], figures["names"]
    token = plain.get("with_the_token")
    beside = f"; with the token, {token['shift']:g}" if token else ""
    if not isinstance(names, list):
        pulls = [_shift(names)]
    else:
        pulls = [f"Creator {number}: {_shift(one)}" for number, one in enumerate(names, 1)]
        pulls = ["(They are not named, lest a name be taken for a prompt.) " + ". ".join(pulls)]
    return [
        f"- Does the style appear without the token? {_shift(plain)}{beside}",
        "- Does a creator's name in the prompt pull towards that person's works, more than "
        f"{figures.get('names_against', 'a neutral prompt')} does? {'. '.join(pulls)}",
        f"- Both are measured as: {markdown(figures['measure'])}",
    ]


def _shift(found: Mapping[str, Any]) -> str:
    if "not_measured" in found:
        return f"Not measured: {markdown(found['not_measured'])}"
    seen = "Yes" if found["clear"] else "Not seen"
    interval = f"95 % interval {found['low']:g} to {found['high']:g}"
    return f"{seen}: {found['shift']:g} of the way ({interval}; {found['pictures']} pictures)"
