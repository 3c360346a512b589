"""Gather what a card says from the records: the approved manifest names them, they tell the rest.

Who may be named, and how, is decided in `naming`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from PIL import Image as Pillow

from ledger.signing import load_or_create_key, public_hex
from provenance.consent.rules import Inform, after_end_sentence, strictest_end
from provenance.models import Action, Grant, LicenceClaim, Party, SetImage, TitleLink, Work
from provenance.naming.selectors import descriptors_in, names_in
from registry.audit.reports import report_sha256
from registry.cards.naming import Credit, Wishes
from registry.cards.rules import (
    LICENCES,
    AuditFacts,
    BaseFacts,
    BaseState,
    CardFacts,
    Contacts,
    Evidence,
    EvidenceLevel,
    GrantFacts,
    RunFacts,
    WorkFacts,
)
from training.datasets.rules import Manifest, ManifestImage
from training.datasets.services import run_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from registry.models import Audit, Revision
    from training.models import Base, Run

WORLD = "world"
CARD = "card"


def facts_of(revision: Revision, audit: Audit) -> CardFacts:
    """All that the card of `revision` says, with `audit` as the audit that let it pass."""
    run = revision.run
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    pictures = _by_work(manifest)
    works = _works(pictures)
    wishes = Wishes.of(works)
    grants = _grants({g for images in pictures.values() for image in images for g in image.grants})
    purpose, applicant = run.request.purpose, str(revision.model.owner_id)
    today = timezone.localdate()
    return CardFacts(
        model=str(revision.model),
        manifest_sha256=run.manifest_id,
        token=manifest.token,
        instance_prompt=manifest.instance_prompt,
        class_prompt=manifest.class_prompt,
        base=_base(run.request.base),
        run=_run(run),
        audit=_audit(audit),
        works=tuple(_work(work, pictures[str(work.pk)], grants, run, wishes) for work in works),
        contacts=Contacts(settings.SITE_NAME, settings.SITE_URL, signer()),
        grants=tuple(_grant(grant, wishes) for grant in grants.values()),
        samples=tuple((s.file, s.prompt) for s in run.samples.order_by("file")),
        allowed_names=_allowed_names(manifest, grants.values()),
        descriptors=descriptors_in(_own_texts(manifest), today=today),
        gated=revision.model.gated,
        captions=tuple(image.caption for image in manifest.images if image.caption),
        curator_text=purpose,
        curator_withheld=bool(names_in([(CARD, purpose)], applicant=applicant, today=today)),
    )


def after_end_of(revision: Revision) -> str:
    """What holds for copies of `revision` when a permission ends; empty where none carries it."""
    manifest = Manifest.from_bytes(revision.run.manifest.body.encode())
    ids = {grant for image in manifest.images for grant in image.grants}
    ends = [(grant.after_end, grant.after_end_on) for grant in _grants(ids).values()]
    return after_end_sentence(*strictest_end(ends)) if ends else ""


def signer() -> str:
    """The public key (hex) that signs releases here."""
    return public_hex(load_or_create_key(settings.KEYS_DIR / "release.key"))


def _by_work(manifest: Manifest) -> dict[str, list[ManifestImage]]:
    found: dict[str, list[ManifestImage]] = defaultdict(list)
    for image in manifest.images:
        found[str(image.work)].append(image)
    return found


def _works(pictures: Iterable[str]) -> list[Work]:
    links = TitleLink.objects.filter(ended_at=None).select_related("party", "evidence")
    claims = LicenceClaim.objects.select_related("licensor", "evidence").order_by("pk")
    return list(
        Work.objects.filter(pk__in=list(pictures))
        .order_by("pk")
        .prefetch_related(
            Prefetch("creators", queryset=Party.objects.order_by("pk")),
            Prefetch("title_links", queryset=links.order_by("party_id")),
            Prefetch("licence_claims", queryset=claims),
        )
    )


def _grants(ids: Iterable[str]) -> dict[str, Grant]:
    """The grants that permit training: others, such as of a name alone, carry no picture."""
    found = Grant.objects.filter(pk__in=list(ids)).select_related("assigner", "evidence")
    return {str(g.pk): g for g in found.order_by("pk") if Action.TRAIN in g.actions}


def _work(
    work: Work, images: list[ManifestImage], grants: dict[str, Grant], run: Run, wishes: Wishes
) -> WorkFacts:
    used = sorted({g for image in images for g in image.grants if g in grants})
    code = next((i.licence for i in images if i.licence in LICENCES), None)
    claim = next((c for c in work.licence_claims.all() if c.licence_id == code), None)
    owed = [Credit(grants[g].credit_line, grants[g].assigner_id) for g in used]
    owed += [Credit(claim.credit_line, None)] if claim else []
    told = wishes.lines(work, owed)
    item = SetImage.objects.filter(image_set=run.request.image_set_id, work=work).first()
    return WorkFacts(
        work=str(work.pk),
        title=work.title,
        pictures=len(images),
        evidence=_evidence_of(work, claim),
        creators=tuple(wishes.creator(party, work, told.card) for party in work.creators.all()),
        holders=tuple(wishes.holder(holder, work, told.card) for holder in _holders(images)),
        licence=code,
        credit_line="; ".join(told.card) or None,
        credit_on_file="; ".join(told.file) or None,
        source_url=(claim.source_url if claim else "") or (item.source_url if item else "") or None,
        grants=tuple(used),
    )


def _holders(images: list[ManifestImage]) -> list[Party]:
    """Those who held the rights when the set was decided about."""
    ids = {holder for image in images for holder in image.holders}
    return list(Party.objects.filter(pk__in=ids).order_by("pk"))


def _evidence_of(work: Work, claim: LicenceClaim | None) -> Evidence:
    """The weakest title of its holders; for a licence, the weakest of its licensor's as well."""
    titles = [
        max(h.level, h.evidence.title_level if h.evidence else 0) for h in work.title_links.all()
    ]
    title = min(titles, default=0)
    if claim is None:
        return Evidence(EvidenceLevel.SIGNED_OR_VERIFIED, EvidenceLevel(title))
    if claim.evidence is None:
        return Evidence(EvidenceLevel.SELF_DECLARED, EvidenceLevel.SELF_DECLARED)
    identity = EvidenceLevel(claim.evidence.identity_level)
    return Evidence(identity, EvidenceLevel(min(title, claim.evidence.title_level)))


def _grant(grant: Grant, wishes: Wishes) -> GrantFacts:
    seen = grant.evidence
    identity = max(grant.identity_level, seen.identity_level if seen else 0)
    titles = TitleLink.objects.filter(party=grant.assigner, ended_at=None)
    title = max(titles.values_list("level", flat=True), default=0)
    permits = {str(action) for action in grant.actions}
    if not grant.commercial:
        permits.discard(Action.COMMERCIAL_OUTPUTS)
    limited = bool(grant.territories) and WORLD not in grant.territories
    return GrantFacts(
        grant=str(grant.pk),
        holder=wishes.holder(grant.assigner, None, [grant.credit_line]),
        permits=frozenset(permits),
        evidence=Evidence(EvidenceLevel(identity), EvidenceLevel(title)),
        until=_last_day(grant),
        after_end=grant.after_end,
        after_end_on=grant.after_end_on,
        informed=any(duty.get("kind") == Inform.kind for duty in grant.duties),
        territories=frozenset(grant.territories) if limited else None,
    )


def _last_day(grant: Grant) -> str | None:
    """The last day of a permission: its end, or the end of the notice of a withdrawal."""
    noticed = grant.revoked_from - timedelta(days=1) if grant.revoked_from else None
    days = [day for day in (grant.not_after, noticed) if day]
    return min(days).isoformat() if days else None


def _allowed_names(manifest: Manifest, grants: Iterable[Grant]) -> tuple[str, ...]:
    """Forms that their person consents to and that the model's own texts use."""
    texts = "\n".join([manifest.owner, *(text for _, text in _own_texts(manifest))])
    forms = {form for grant in grants for form in grant.name_forms if form in texts}
    return tuple(sorted(forms))


def _own_texts(manifest: Manifest) -> list[tuple[str, str]]:
    """(place, text) of what the model is called and prompted with."""
    prompts = (manifest.instance_prompt, manifest.class_prompt, *manifest.sample_prompts)
    named = [("name", manifest.name), ("token", manifest.token)]
    captions = dict.fromkeys(image.caption for image in manifest.images if image.caption)
    return [
        *named,
        *(("prompt", prompt) for prompt in prompts),
        *(("caption", caption) for caption in captions),
    ]


def _base(base: Base) -> BaseFacts:
    return BaseFacts(
        name=base.name,
        sha256=base.sha256,
        state=BaseState(base.cleared),
        statement=base.provenance,
        licence=base.licence,
        intended_use=base.intended_use,
    )


def _run(run: Run) -> RunFacts:
    output = run_folder(run) / "output"
    record: dict[str, Any] = json.loads((output / "run.json").read_bytes())
    options = record["options"]
    return RunFacts(
        steps=options["steps"],
        batch_size=options["batch_size"],
        learning_rate=options["learning_rate"],
        resolution=options["resolution"] or _side_of_samples(run),
        seed=options["seed"],
        class_pictures=record["class_pictures"],
        trained_at=_rfc3339(run.ended_at or timezone.now()),
    )


def _side_of_samples(run: Run) -> int:
    """The base's own resolution, where the run named none: what its samples have."""
    sample = run.samples.order_by("file").first()
    if sample is None:
        return 0
    with Pillow.open(run_folder(run) / "output" / sample.file, formats=["PNG"]) as picture:
        return picture.width


def _audit(audit: Audit) -> AuditFacts:
    report = audit.report
    figures = report["memorisation"]
    outcome = audit.outcome
    if report.get("accepted"):
        outcome = f"flagged; a reviewer looked and accepted it: {report['accepted']['reason']}"
    return AuditFacts(
        outcome=outcome,
        samples=figures["samples"],
        training_compared=figures["training_compared"],
        protected_compared=figures["protected_compared"],
        measure=figures["measure"],
        nearest=min((pair["score"] for pair in figures["pairs"]), default=None),
        threshold=figures["thresholds"]["fail"],
        checked_at=report["checked_at"],
        not_compared=figures.get("known_by_code_alone", 0),
        leakage=report.get("leakage", {}),
        sha256=report_sha256(report),
    )


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
