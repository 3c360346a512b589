"""The texts of a revision, rendered from its records: card, credits, licence and terms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.clearance.rules.sentences import ACTIONS
from registry.cards.rules import CardFacts, after_end, conditions, licence_of, render_card
from registry.cards.rules import credits as credits_of
from registry.cards.selectors import facts_of

if TYPE_CHECKING:
    from registry.cards.rules import ModelLicence
    from registry.models import Audit, Revision

NAMES_TOLD = "The name of your account is told to the rights-holders who asked to be informed."


@dataclass(frozen=True)
class Texts:
    """What is written for people. `terms` is empty for a model that is open to everybody."""

    card: str
    credits: str
    licence: str
    terms: str
    facts: CardFacts
    model_licence: ModelLicence


def texts_of(revision: Revision, audit: Audit) -> Texts:
    """Render all texts of `revision`; the same records give the same bytes.

    Raises CardRefusedError when the records do not suffice for a truthful card.
    """
    facts = facts_of(revision, audit)
    licence = licence_of(facts)
    return Texts(
        card=render_card(facts),
        credits=json.dumps(credits_of(facts), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        licence=licence.name or licence.hub,
        terms=_terms(facts, licence) if facts.gated else "",
        facts=facts,
        model_licence=licence,
    )


def _terms(facts: CardFacts, licence: ModelLicence) -> str:
    """What a downloader of a gated model accepts, computed from its grants."""
    answers = licence.answers.items()
    may = [ACTIONS[action] for action, answer in answers if answer.permitted]
    may_not = [ACTIONS[action] for action, answer in answers if not answer.permitted]
    points = [conditions(licence)]
    if may:
        points.append(f"You may: {'; '.join(may)}.")
    if may_not:
        points.append(f"You may not: {'; '.join(may_not)}.")
    points += [
        "Do not use the name of any creator or rights-holder in prompts, titles, tags or tokens, "
        "unless the card lists that form as allowed.",
        f"The model rests on {len(facts.grants)} permissions. When one is withdrawn you are told "
        "by mail and asked to stop using and passing on your copy; your copy itself keeps working.",
        *filter(None, [after_end(facts.grants)]),
        "Your acceptance and the time of your downloads are recorded, to be able to tell you.",
        *([NAMES_TOLD] if any(grant.informed for grant in facts.grants) else []),
    ]
    numbered = [f"{number}. {point}" for number, point in enumerate(points, 1)]
    head = f"Terms of {facts.model}, training manifest sha256 {facts.manifest_sha256}"
    return "\n".join([head, "", *numbered, ""])
