"""The schema (JSON Schema 2020-12) of a card's YAML block, as the Hub's clients expect it. Pure.

The Hub itself checks a block only when a card is pushed to it; nothing does so locally.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1, "maxLength": 5000}
NAMES = {"type": "array", "items": TEXT, "uniqueItems": True}
FRONT_MATTER: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "license": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9.-]*$"},
        "license_name": {"type": "string", "pattern": r"^[a-z0-9-]+$"},
        "license_link": TEXT,
        "base_model": {"anyOf": [TEXT, NAMES]},
        "base_model_relation": {"enum": ["adapter", "finetune", "merge", "quantized"]},
        "instance_prompt": TEXT,
        "tags": NAMES,
        "pipeline_tag": TEXT,
        "library_name": TEXT,
        "inference": {"type": "boolean"},
        "extra_gated_heading": TEXT,
        "extra_gated_prompt": TEXT,
        "extra_gated_fields": {"type": "object"},
    },
    "if": {"properties": {"license": {"const": "other"}}, "required": ["license"]},
    "then": {"required": ["license_name", "license_link"]},
    "dependentRequired": {"base_model_relation": ["base_model"]},
}
OURS: dict[str, Any] = {
    **FRONT_MATTER,
    "required": ["license", "instance_prompt", "tags", "pipeline_tag", "library_name"],
    "additionalProperties": False,
}
"""What a card of this registry must have, and all that it may have."""


def objections(block: object, schema: dict[str, Any] | None = None) -> list[str]:
    """What is wrong with the parsed block of any card, a sentence each; empty: nothing."""
    # Here, not above: it reads a grammar of addresses for seconds, which no other process needs.
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(schema or FRONT_MATTER).iter_errors(block)
    return [f"{'.'.join(map(str, e.path)) or 'The block'}: {e.message}" for e in found]
