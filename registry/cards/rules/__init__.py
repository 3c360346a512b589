"""The model card, rendered from the records: nothing in it is typed that can be derived."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from registry.cards.rules import sections
from registry.cards.rules.attribution import attribution, credits_record, people
from registry.cards.rules.audited import audit
from registry.cards.rules.bom import bill_of_materials
from registry.cards.rules.croissant import croissant
from registry.cards.rules.facts import (
    AuditFacts,
    BaseFacts,
    BaseState,
    CardFacts,
    CardRefusedError,
    Contacts,
    Evidence,
    EvidenceLevel,
    GrantFacts,
    PartyFacts,
    RunFacts,
    WorkFacts,
)
from registry.cards.rules.front_matter import conditions, front_matter
from registry.cards.rules.html import card_html
from registry.cards.rules.licence import (
    ACTIONS,
    LICENCES,
    LicenceInput,
    ModelLicence,
    licence_of,
    model_licence,
)
from registry.cards.rules.material import (
    PICTURES,
    Material,
    PictureRow,
    WeightsFile,
    pictures_csv,
)
from registry.cards.rules.permissions import after_end, uses
from registry.cards.rules.summaries import ab_2013, eu_summary

__all__ = [
    "ACTIONS",
    "LICENCES",
    "PICTURES",
    "AuditFacts",
    "BaseFacts",
    "BaseState",
    "CardFacts",
    "CardRefusedError",
    "Contacts",
    "Evidence",
    "EvidenceLevel",
    "GrantFacts",
    "LicenceInput",
    "Material",
    "ModelLicence",
    "PartyFacts",
    "PictureRow",
    "RunFacts",
    "WeightsFile",
    "WorkFacts",
    "ab_2013",
    "after_end",
    "bill_of_materials",
    "card_html",
    "conditions",
    "credits",
    "croissant",
    "eu_summary",
    "licence_of",
    "model_licence",
    "pictures_csv",
    "render_card",
]

MODEL = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}")
ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(/[\w.~-]+)*", re.ASCII)


def render_card(facts: CardFacts) -> str:
    """The README.md of a release: YAML front matter, then Markdown. The same facts, same bytes."""
    _require_identity(facts)
    licence = licence_of(facts)
    body = chain(
        sections.summary(facts),
        sections.purpose(facts),
        uses(facts, licence),
        sections.naming(facts),
        sections.samples(facts),
        sections.making(facts),
        sections.data(facts),
        sections.provenance(facts),
        audit(facts),
        sections.limits(),
        sections.contact(facts),
        people(facts),
        attribution(facts),
    )
    return front_matter(facts, licence) + "\n" + "\n".join(body).rstrip() + "\n"


def credits(facts: CardFacts) -> dict[str, Any]:  # noqa: A001 - the file's own name
    """What goes into `provenance/credits.json`."""
    licence_of(facts)  # refuses what may not be released at all
    return credits_record(facts)


def _require_identity(facts: CardFacts) -> None:
    """Refuse what goes into commands and addresses unless it has exactly the form it must have."""
    if not MODEL.fullmatch(facts.model):
        raise CardRefusedError(f"{facts.model!r} is not an id of the form owner/name.")
    if not DIGEST.fullmatch(facts.contacts.signer):
        raise CardRefusedError("The signer's key must be 64 lowercase hex digits.")
    if not ADDRESS.fullmatch(facts.contacts.url):
        raise CardRefusedError(
            "The registry's address must be http(s), without a slash at the end."
        )
