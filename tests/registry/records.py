"""People, permitted sets, approved requests, and the folder that a finished run leaves."""

from __future__ import annotations

import hashlib
import json

import numpy as np
from django.conf import settings
from django.utils import timezone
from PIL import Image as Pixels
from safetensors.numpy import save_file

from accounts.actors import Actor
from accounts.models import User
from ledger.sequencer import sequence
from provenance.consent import services as consent
from provenance.consent.rules import Terms
from provenance.intake import storage
from provenance.models import (
    Evidence,
    Features,
    Image,
    ImageSet,
    Level,
    Licence,
    LicenceClaim,
    Party,
    PartyMember,
    SetImage,
    TitleLink,
    Work,
)
from provenance.screening.fingerprints import VERSION as CODES_VERSION
from provenance.screening.looks import VERSION
from registry.release import building, services
from tests.provenance.records import features
from training.bases.rules import folder_digest
from training.datasets.services import write_run_folder
from training.models import Base, Run, Sample
from training.review import services as review
from training.review.rules import Draft
from training.review.selectors import latest_evaluation, manifest_sha256

PARTS = ("text_encoder", "tokenizer", "unet", "vae", "scheduler")


def user(name, **roles):
    return User.objects.create_user(name, f"{name}@example.org", "pass-word-9", **roles)


def make_base(folder):
    for part in PARTS:
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text("{}")
    (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    return Base.objects.create(
        name="imprimatur/tiny-base",
        folder=str(folder),
        sha256=folder_digest(folder),
        licence="CC0-1.0",
        cleared="cleared",
        provenance="Shapes that the project drew itself.",
    )


def pixels(seed, side=64):
    noise = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Pixels.fromarray(noise).resize((side, side), Pixels.Resampling.NEAREST)


def store_picture(seed):
    path = settings.DATA_DIR / f"picture-{seed}.png"
    pixels(seed).save(path)
    data = path.read_bytes()
    path.unlink()
    sha256 = hashlib.sha256(data).hexdigest()
    for kind in ("original", "normalised", "thumbnail"):
        storage.save(kind, sha256, data)
    code = hashlib.sha256(sha256.encode()).hexdigest()
    image = Image.objects.create(
        embedded={"signals": []},
        sha256=sha256, normalised_sha256=sha256, format="PNG", width=64, height=64,
        size=len(data), fingerprint_version=CODES_VERSION, pdq=code, phash=code[:16], quality=90,
        pdq_dihedral=[code] * 8,
    )  # fmt: skip
    Features.objects.create(
        image=image, version=VERSION, codes=[code] * 8, quality=90, data=features(sha256)
    )
    return image


def evidence(owner):
    return Evidence.objects.create(
        title="deed", sha256=hashlib.sha256(b"deed").hexdigest(), storage_key="x",
        media_type="text/plain", size=4, submitted_by=owner,
        identity_level=Level.DOCUMENT_CHECKED, title_level=Level.DOCUMENT_CHECKED,
    )  # fmt: skip


def make_set(owner, name, seeds):
    """A set of works of one studio, with nobody's permission yet."""
    image_set = ImageSet.objects.create(owner=owner, name=name)
    party = Party.objects.create(
        kind="organisation", name=f"Lantern House {name}", level=Level.DOCUMENT_CHECKED
    )
    creator = Party.objects.create(kind="person", name=f"Quillon Marrowby {name}")
    proof = evidence(owner)
    for position, seed in enumerate(seeds):
        work = Work.objects.create(title=f"Harbour {position}", source="human")
        work.creators.add(creator)
        TitleLink.objects.create(
            work=work, party=party, evidence=proof, level=Level.DOCUMENT_CHECKED
        )
        SetImage.objects.create(
            image_set=image_set, image=store_picture(seed), position=position,
            filename=f"{position}.png", work=work, collector="us", persons=SetImage.Persons.NONE,
            source_url="https://example.org/harbours", added_by=owner,
        )  # fmt: skip
    return image_set, party


def license_set(image_set, party):
    """CC BY 4.0 by the studio, on checked evidence."""
    licence, _ = Licence.objects.get_or_create(
        code="CC-BY-4.0",
        defaults={"name": "CC BY 4.0", "training": "yes", "commercial": True, "derivatives": True,
                  "attribution": True, "share_alike": False},
    )  # fmt: skip
    for item in image_set.items.all():
        LicenceClaim.objects.create(
            work=item.work, licence=licence, licensor=party, credit_line="© Lantern House",
            source_url="https://example.org/harbours", declared_by=image_set.owner,
            evidence=item.work.title_links.get().evidence,
        )  # fmt: skip


def grant_set(party, speaker, **terms):
    """The studio's own permission, spoken by `speaker`."""
    PartyMember.objects.create(party=party, user=speaker, level=Level.SIGNED)
    actions = ("train", "distribute-weights", "further-train")
    return consent.give_grant(
        actor=Actor.of(speaker),
        party=party,
        works=None,
        terms=Terms(**({"actions": actions} | terms)),
    )


def approved_run(owner, reviewer, image_set, base, **changes):
    draft = {
        "base": base.name, "model_name": "lamp-lit-harbours", "token": "vqzharbour",
        "instance_prompt": "a vqzharbour drawing", "class_prompt": "a drawing",
        "sample_prompts": ("a vqzharbour drawing of a boat",), "purpose": "show harbours",
        "steps": 5,
    }  # fmt: skip
    asked = review.create_request(
        actor=Actor.of(owner), image_set=image_set, draft=Draft(**(draft | changes))
    )
    review.submit(actor=Actor.of(owner), request=asked)
    asked.refresh_from_db()
    evaluation = latest_evaluation(asked)
    run = review.approve(
        actor=Actor.of(reviewer),
        request=asked,
        manifest_sha256=manifest_sha256(asked, evaluation),
        reason="All is on record.",
    )
    return Run.objects.get(pk=run.pk)


def finish(run, *, samples=(901, 902), draw=lambda seed: pixels(seed, 32)):
    """Write what the trainer leaves, and say that the run trained."""
    output = write_run_folder(run) / "output"
    pipeline = output / "pipeline"
    for part in PARTS:
        (pipeline / part).mkdir(parents=True)
        (pipeline / part / "config.json").write_text("{}")
    (pipeline / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    write_weights(run, pipeline / "unet" / "diffusion_pytorch_model.safetensors")
    (output / "samples").mkdir()
    for index, seed in enumerate(samples):
        path = output / "samples" / f"00-{index}.png"
        draw(seed).save(path)
        Sample.objects.create(
            run=run, file=f"samples/00-{index}.png", prompt="a vqzharbour drawing of a boat",
            seed=index, sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )  # fmt: skip
    options = {"steps": 5, "batch_size": 4, "learning_rate": 5e-4, "resolution": 0, "seed": 0}
    record = {"manifest_sha256": run.manifest_id, "class_pictures": 4, "options": options}
    (output / "run.json").write_text(json.dumps(record))
    Run.objects.filter(pk=run.pk).update(state=Run.State.TRAINED, ended_at=timezone.now())
    return output


def write_weights(run, path, **changes):
    body = json.loads(run.manifest.body)
    told = {"manifest_sha256": run.manifest_id, "base_sha256": body["base_sha256"],
            "token": body["token"]} | changes  # fmt: skip
    weights = {"w": np.arange(4096, dtype=np.float32)}
    save_file(weights, path, metadata={f"imprimatur.{k}": v for k, v in told.items()})
    path.chmod(0o644)


def build(run):
    revision = building.build(run.pk)
    assert revision is not None
    return revision


def release(owner, run):
    return services.release(actor=Actor.of(owner), revision=build(run))


def number_entries():
    """Give every entry its leaf number, as the relay does."""
    while sequence():
        pass


def grant_set_again(grant):
    """The same permission, given anew."""
    return consent.give_grant(
        actor=Actor.of(grant.given_by),
        party=grant.assigner,
        works=None,
        terms=Terms(actions=tuple(grant.actions)),
    )
