"""Build a manifest from a decision: what each picture rests on is read from the stored facts."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import rfc8785

from provenance.clearance.rules import encoding
from provenance.clearance.rules.basis import bases
from training.datasets.rules import Manifest, ManifestImage, digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.clearance.rules import Facts, Use
    from provenance.clearance.rules.basis import Basis
    from provenance.models import Evaluation, SetImage
    from training.models import Request

SHA256 = re.compile(r"[0-9a-f]{64}")


def manifest_for(request: Request, evaluation: Evaluation) -> Manifest:
    """The set of `request` with its use, as `evaluation` decided about it.

    The same records give the same bytes: nothing here depends on the clock or on order of rows.
    """
    facts, use = encoding.decode(evaluation.facts.body)
    rests_on = bases(facts, use)
    items = request.image_set.items.select_related("image").order_by("position")
    return Manifest(
        request=str(request.pk),
        base=request.base_id,
        base_sha256=request.base.sha256,
        owner=request.applicant.username,
        name=request.model_name,
        token=request.token,
        instance_prompt=request.instance_prompt,
        class_prompt=request.class_prompt,
        sample_prompts=tuple(request.sample_prompts),
        use=_use(use, gated=request.gated),
        images=tuple(
            replace(
                _image(item, facts, rests_on, evaluation.pictures),
                caption=request.captions.get(item.filename, ""),
            )
            for item in items
        ),
        naming=_naming(facts, use, evaluation),
        verdict={
            "outcome": evaluation.outcome,
            "facts_sha256": evaluation.facts_id,
            "policy_version": evaluation.policy_version,
        },
    )


def _use(use: Use, *, gated: bool) -> dict[str, object]:
    return {
        "applicant": use.applicant,
        "actions": list(use.actions),
        "purpose": use.purpose,
        "purposes": list(use.purposes),
        "commercial": use.commercial,
        "territories": list(use.territories),
        "recipients": "who accepts the terms" if gated else "everybody",
    }


def _naming(facts: Facts, use: Use, evaluation: Evaluation) -> dict[str, object]:
    found = [asdict(name) | {"matched": None} for name in facts.names]  # a name can be guessed
    return {
        "texts": [list(pair) for pair in use.texts],
        "found_sha256": digest(rfc8785.dumps(found)),
        "open": sorted(
            f"{finding['subject']} {finding['code']}"
            for finding in evaluation.findings
            if finding["subject"].startswith("name:") and not finding["resolved"]
        ),
    }


def _image(
    item: SetImage, facts: Facts, rests_on: dict[str, Basis], pictures: dict[str, str]
) -> ManifestImage:
    picture = next((fact for fact in facts.pictures if fact.id == str(item.pk)), None)
    shown = {str(item.work_id)} if item.work_id else set()
    if picture is not None:
        shown |= {m.work for m in picture.matches if m.work and m.outcome == "match"}
    works = sorted((w for w in facts.works if w.id in shown), key=lambda w: w.id)
    basis = [rests_on[work.id] for work in works]
    return ManifestImage(
        sha256=item.image.sha256,
        normalised_sha256=item.image.normalised_sha256,
        pdq=item.image.pdq,
        image=str(item.image_id),
        work=str(item.work_id) if item.work_id else next((w.id for w in works), None),
        creators=_sorted(creator for work in works for creator in work.creators),
        holders=_sorted(holder for one in basis for holder in one.holders),
        licence=next((code for one in basis for code in one.licences), None),
        grants=_sorted(grant for one in basis for grant in one.grants),
        evidence=_evidence(basis),
        verdict=str(pictures.get(str(item.pk), "unknown")),
    )


def _evidence(basis: list[Basis]) -> tuple[str, ...]:
    """Bare digests: the facts write them with the levels that were checked behind a colon."""
    bare = (note.split(":", 1)[0] for one in basis for note in one.evidence)
    return _sorted(note for note in bare if SHA256.fullmatch(note))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
