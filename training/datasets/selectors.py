"""Build a manifest from a decision: what each picture rests on is read from the stored facts."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import rfc8785

from provenance.clearance.rules import encoding
from training.datasets.rules import Manifest, ManifestImage, digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.clearance.rules import Facts, GrantFact, Use, WorkFact
    from provenance.models import Evaluation, SetImage
    from training.models import Request

SHA256 = re.compile(r"[0-9a-f]{64}")


def manifest_for(request: Request, evaluation: Evaluation) -> Manifest:
    """The set of `request` with its use, as `evaluation` decided about it.

    The same records give the same bytes: nothing here depends on the clock or on order of rows.
    """
    facts, use = encoding.decode(evaluation.facts.body)
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
        images=tuple(_image(item, facts, use, evaluation.pictures) for item in items),
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


def _image(item: SetImage, facts: Facts, use: Use, pictures: dict[str, str]) -> ManifestImage:
    picture = next((fact for fact in facts.pictures if fact.id == str(item.pk)), None)
    shown = {str(item.work_id)} if item.work_id else set()
    if picture is not None:
        shown |= {match.work for match in picture.matches if match.outcome == "match"}
    works = sorted((w for w in facts.works if w.id in shown), key=lambda w: w.id)
    grants = [grant for grant in facts.grants if any(_permits(grant, w, use) for w in works)]
    licence = next((code for work in works for code in _licences(work)), None)
    return ManifestImage(
        sha256=item.image.sha256,
        normalised_sha256=item.image.normalised_sha256,
        pdq=item.image.pdq,
        image=str(item.image_id),
        work=str(item.work_id) if item.work_id else next((w.id for w in works), None),
        creators=_sorted(creator for work in works for creator in work.creators),
        holders=_sorted(holding.party for work in works for holding in work.holders),
        licence=licence,
        grants=_sorted(grant.id for grant in grants),
        evidence=_evidence(works, grants),
        verdict=str(pictures.get(str(item.pk), "unknown")),
    )


def _permits(grant: GrantFact, work: WorkFact, use: Use) -> bool:
    held = any(holding.party == grant.assigner for holding in work.holders)
    here = grant.works is None or work.id in grant.works
    mine = grant.assignee in (None, use.applicant)
    return held and here and mine and grant.revoked_on is None


def _licences(work: WorkFact) -> list[str]:
    holders = {holding.party for holding in work.holders}
    return sorted(licence.code for licence in work.licences if licence.licensor in holders)


def _evidence(works: list[WorkFact], grants: list[GrantFact]) -> tuple[str, ...]:
    """Bare digests: the facts write them with the levels that were checked behind a colon."""
    noted = [holding.evidence for work in works for holding in work.holders]
    noted += [licence.evidence for work in works for licence in work.licences]
    noted += [grant.evidence for grant in grants]
    bare = (note.split(":", 1)[0] for note in noted)
    return _sorted(note for note in bare if SHA256.fullmatch(note))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
