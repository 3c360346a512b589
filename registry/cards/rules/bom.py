"""The release as a CycloneDX 1.6 machine-learning bill of materials. Pure.

Written as JSON: the library for Python has no classes for `modelCard`. Tests validate it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from registry.cards.rules.audited import NOT_CHECKED
from registry.cards.rules.licence import LICENCES
from registry.cards.rules.permissions import QUESTIONS
from registry.cards.rules.text import plain

if TYPE_CHECKING:
    from registry.cards.rules.facts import BaseFacts, CardFacts
    from registry.cards.rules.licence import ModelLicence
    from registry.cards.rules.material import Material

MODEL, BASE, DATA = "model", "base-model", "training-set"


def bill_of_materials(
    facts: CardFacts, licence: ModelLicence, material: Material
) -> dict[str, Any]:
    """Model, base and training set as components; the weights as files with their digests."""
    owner, _, name = facts.model.partition("/")
    files = [
        {
            "type": "file",
            "bom-ref": f"file:{file.path}",
            "name": file.path,
            "hashes": [{"alg": "SHA-256", "content": file.sha256}],
        }
        for file in material.weights
    ]
    page = f"{facts.contacts.url}/{facts.model}"
    model = {
        "type": "machine-learning-model",
        "bom-ref": MODEL,
        "group": owner,
        "name": name,
        "version": facts.manifest_sha256[:12],
        "description": f"Fine-tuned from {plain(facts.base.name)} with DreamBooth.",
        "licenses": [{"license": {"name": licence.name or licence.hub}}],
        "pedigree": {"ancestors": [_base(facts.base, BASE)]},
        "externalReferences": [{"type": "website", "url": page}],
        "components": files,
        "modelCard": _model_card(facts, licence),
    }
    serial = uuid5(NAMESPACE_URL, f"{page}#{facts.manifest_sha256}:{facts.audit.sha256}")
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": plain(facts.audit.checked_at), "component": model},
        "components": [_base(facts.base, "base"), _data(facts)],
        "dependencies": [{"ref": MODEL, "dependsOn": ["base", DATA]}],
    }


def _base(base: BaseFacts, ref: str) -> dict[str, Any]:
    return {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": plain(base.name),
        "hashes": [{"alg": "SHA-256", "content": base.sha256}],
        "licenses": [{"license": {"name": LICENCES[base.licence].name}}],
        "properties": [{"name": "imprimatur:base-state", "value": base.state.value}],
    }


def _data(facts: CardFacts) -> dict[str, Any]:
    return {
        "type": "data",
        "bom-ref": DATA,
        "name": f"training-set-{facts.manifest_sha256[:12]}",
        "hashes": [{"alg": "SHA-256", "content": facts.manifest_sha256}],
        "data": [
            {
                "type": "dataset",
                "name": "training pictures",
                "classification": "permitted",
                "description": f"{facts.pictures} pictures of {len(facts.works)} works; their "
                "digests and permissions are in provenance/manifest.json and croissant.json.",
            }
        ],
    }


def _model_card(facts: CardFacts, licence: ModelLicence) -> dict[str, Any]:
    found = facts.audit
    metrics = [
        {"type": "memorisation: samples compared", "value": str(found.samples)},
        {"type": "memorisation: known pictures", "value": str(
            found.training_compared + found.protected_compared)},
        {"type": "memorisation: threshold of a copy", "value": f"{found.threshold:g}"},
    ]  # fmt: skip
    if found.nearest is not None:
        metrics.append({"type": "memorisation: nearest score", "value": f"{found.nearest:g}"})
    answers = {question: licence.answers[action].permitted for question, action in QUESTIONS}
    return {
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": "text-to-image",
            "architectureFamily": "latent diffusion",
            "modelArchitecture": "Stable Diffusion",
            "datasets": [{"ref": DATA}],
            "inputs": [{"format": "text"}],
            "outputs": [{"format": "image"}],
        },
        "quantitativeAnalysis": {"performanceMetrics": metrics},
        "considerations": {
            "useCases": [f"{q} {'Yes' if yes else 'No'}." for q, yes in answers.items()],
            "technicalLimitations": [f"Not checked: {item}." for item in NOT_CHECKED],
            "ethicalConsiderations": [
                {
                    "name": "A permission may be withdrawn.",
                    "mitigationStrategy": "Downloads are then refused, and those who downloaded "
                    "while signed in are told. Copies keep working.",
                }
            ],
        },
    }
