"""The YAML block that the Hub's clients read. PyYAML quotes, so that no value becomes structure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from registry.cards.rules.text import plain

if TYPE_CHECKING:
    from registry.cards.rules.facts import CardFacts
    from registry.cards.rules.licence import ModelLicence

REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)
TAGS = ("text-to-image", "stable-diffusion", "dreambooth", "imprimatur")


def front_matter(facts: CardFacts, licence: ModelLicence) -> str:
    """The block with its fences. Keys keep their order, so that revisions can be compared."""
    body: dict[str, Any] = {"license": licence.hub}
    if licence.name:
        body |= {"license_name": licence.name, "license_link": licence.link}
    if REPOSITORY.fullmatch(facts.base.name):
        body |= {"base_model": facts.base.name, "base_model_relation": "finetune"}
    body |= {
        "instance_prompt": plain(facts.instance_prompt),
        "tags": list(dict.fromkeys([*TAGS, *(plain(tag, 60) for tag in facts.tags)])),
        "pipeline_tag": "text-to-image",
        "library_name": "diffusers",
        "inference": False,
    }
    if facts.gated:
        body |= _gate(facts, licence)
    dumped = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{dumped}---\n"


def _gate(facts: CardFacts, licence: ModelLicence) -> dict[str, Any]:
    prompt = f"{conditions(licence)} Accepting is recorded, per person and version of these terms."
    return {
        "extra_gated_heading": f"Terms of {plain(facts.model)}",
        "extra_gated_prompt": prompt,
        "extra_gated_fields": {
            "What I will use it for": "text",
            "I accept these terms": "checkbox",
        },
    }


def conditions(licence: ModelLicence) -> str:
    """The conditions of use as sentences, the strictest of all inputs' for each."""
    sentences = []
    if licence.non_commercial:
        sentences.append("Not for commercial use.")
    if licence.attribution:
        sentences.append("The credits must travel with the model.")
    if licence.restricts_use:
        sentences.append("The use restrictions of the base model's licence apply.")
    if licence.until:
        sentences.append(f"The permission ends after {plain(licence.until)}.")
    if licence.territories is not None:
        sentences.append(f"Only in these countries: {', '.join(sorted(licence.territories))}.")
    return " ".join(sentences) or "No conditions."
