"""The machine-readable files of a package's `provenance/` folder, each for a reader of its own.

What they say comes from the card's facts and the signed manifest; people stand in them by their
ids, or as they wish to be named.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from provenance.attribution import prov
from provenance.consent.odrl import to_odrl
from provenance.consent.odrl.writing import CONTEXT as ODRL_CONTEXT
from provenance.consent.rules import Attribute, Compensate
from provenance.consent.selectors import agreement_of
from provenance.models import Grant, SetImage
from registry.cards.rules import (
    PICTURES,
    Material,
    PictureRow,
    WeightsFile,
    ab_2013,
    bill_of_materials,
    croissant,
    eu_summary,
    pictures_csv,
)
from registry.catalogue.prov import trace_revision
from registry.release.keys import model_public_key
from registry.release.receipts import receipt_of
from registry.release.rules import MODEL_KEY
from training.datasets.rules import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.cards.rules import CardFacts
    from registry.cards.services import Texts
    from registry.models import Revision


def documents(revision: Revision, texts: Texts, weights: Iterable[WeightsFile]) -> dict[str, bytes]:
    """Each document's bytes by its path."""
    facts, licence = texts.facts, texts.model_licence
    material = _material(revision, weights)
    made: dict[str, Any] = {
        "provenance/mlbom.cdx.json": bill_of_materials(facts, licence, material),
        "provenance/croissant.json": croissant(facts, licence, material),
        "provenance/grants.jsonld": public_grants(facts),
        "provenance/prov.jsonld": prov.document(trace_revision(revision, packaged=True)),
    }
    return {
        **{path: _json(body) for path, body in made.items()},
        PICTURES: pictures_csv(material).encode(),
        "provenance/eu-training-content.md": eu_summary(facts, licence, material).encode(),
        "provenance/california-ab-2013.md": ab_2013(facts, licence, material).encode(),
        "provenance/receipt.json": receipt_of(revision),
        MODEL_KEY: model_public_key(),
    }


def _json(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()


def _material(revision: Revision, weights: Iterable[WeightsFile]) -> Material:
    manifest = Manifest.from_bytes(revision.run.manifest.body.encode())
    items = SetImage.objects.filter(
        image_set=revision.run.request.image_set_id, image__in=[i.image for i in manifest.images]
    )
    days = sorted((item.collected_on or item.added_at.date()).isoformat() for item in items)
    persons = [item.persons for item in items]
    return Material(
        pictures=tuple(
            PictureRow(i.sha256, i.pdq, str(i.work or ""), i.licence or "", i.grants, i.verdict)
            for i in manifest.images
        ),
        weights=tuple(weights),
        collected=(days[0], days[-1]) if days else None,
        people=persons.count(SetImage.Persons.IDENTIFIABLE),
        undeclared=persons.count(SetImage.Persons.UNDECLARED),
    )


def public_grants(facts: CardFacts) -> dict[str, Any]:
    """The permissions as ODRL, without what is nobody else's business.

    What is paid is left out, and a credit line that a creator does not want is. `imp:withheld`
    says what was.
    """
    lines = {line for w in facts.works for line in _lines(w.credit_line, w.credit_on_file)}
    ids = [grant.grant for grant in facts.grants]
    grants = Grant.objects.filter(pk__in=ids).prefetch_related("works").order_by("pk")
    policies = [_public(grant, lines) for grant in grants]
    return {"@context": ODRL_CONTEXT, "@graph": policies}


def _lines(*told: str | None) -> set[str]:
    return {line for text in told if text for line in [text, *text.split("; ")]}


def _public(grant: Grant, lines: set[str]) -> dict[str, Any]:
    agreement = agreement_of(grant)
    terms = agreement.terms
    paid = any(isinstance(duty, Compensate) for duty in terms.duties)
    unwanted = bool(terms.credit_line) and terms.credit_line not in lines
    duties = tuple(
        duty
        for duty in terms.duties
        if not isinstance(duty, Compensate) and not (unwanted and isinstance(duty, Attribute))
    )
    line = "" if unwanted else terms.credit_line
    shown = replace(agreement, terms=replace(terms, duties=duties, credit_line=line))
    policy = to_odrl(shown)
    withheld = [name for name, hidden in (("payment", paid), ("credit line", unwanted)) if hidden]
    body = {key: value for key, value in policy.items() if key != "@context"}
    return body | ({"imp:withheld": withheld} if withheld else {})
