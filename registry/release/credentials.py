"""Sample pictures with Content Credentials (C2PA): made by a model, and whether to train on them.

A signature contains random salts, so that two of one picture differ. The first is kept, by what it
says of which picture, so that building a package again gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from ledger.signing import write_once
from registry.release.keys import credentials

if TYPE_CHECKING:
    from registry.cards.rules import CardFacts, ModelLicence

MADE_BY_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SETTINGS = {
    "verify": {"remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
USES = ("ai_inference", "ai_training", "ai_generative_training", "data_mining")


def signed_sample(picture: bytes, *, path: str, facts: CardFacts, licence: ModelLicence) -> bytes:
    """The PNG `picture` with its credentials, signed at most once."""
    definition = _definition(path, facts, licence)
    key, chain = credentials()
    said = "\0".join((hashlib.sha256(picture).hexdigest(), definition, chain))
    kept = Path(settings.DATA_DIR) / "signed-samples" / hashlib.sha256(said.encode()).hexdigest()

    def sign() -> bytes:
        import c2pa  # slow to import, and only builders need it

        out = io.BytesIO()
        signer = c2pa.Signer.from_callback(key.sign, c2pa.C2paSigningAlg.ED25519, chain, None)
        with c2pa.Context.from_dict(SETTINGS) as context:
            builder = c2pa.Builder.from_json(definition, context=context)
            builder.sign(signer, "image/png", io.BytesIO(picture), out)
        return out.getvalue()

    write_once(kept, sign)
    return kept.read_bytes()


def _definition(path: str, facts: CardFacts, licence: ModelLicence) -> str:
    prompt = dict(facts.samples).get(path, "")
    made = {
        "action": "c2pa.created",
        "digitalSourceType": MADE_BY_MODEL,
        "softwareAgent": {"name": facts.model, "version": facts.manifest_sha256[:12]},
        "description": f"Made by {facts.model} for the prompt: {prompt}",
    }
    return json.dumps(
        {
            "claim_generator_info": [{"name": facts.contacts.registry}],
            "title": path,
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": [made]}},
                {"label": "cawg.training-mining", "data": {"entries": _entries(facts, licence)}},
            ],
        }
    )


def _entries(facts: CardFacts, licence: ModelLicence) -> dict[str, Any]:
    """Training on a sample passes on what the model learned: it follows the same grants."""
    page = f"{facts.contacts.url}/{facts.model}"
    allowed = licence.answers["further-train"].permitted
    use = {"use": "constrained", "constraint_info": f"Under the conditions of the model: {page}"}
    return {f"cawg.{name}": use if allowed else {"use": "notAllowed"} for name in USES}
