"""People, a base, and a set whose pictures are permitted; made directly, without decoding."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image as Pixels

from accounts.actors import Actor
from accounts.models import User
from provenance.intake import storage
from provenance.models import (
    Evidence,
    Features,
    Image,
    ImageSet,
    Licence,
    LicenceClaim,
    Party,
    SetImage,
    TitleLink,
    Work,
)
from provenance.screening.fingerprints import VERSION as CODES_VERSION
from provenance.screening.looks import VERSION
from tests.provenance.records import features
from training.bases.anatomy import WEIGHTS
from training.bases.rules import folder_digest
from training.models import Base
from training.review import services
from training.review.rules import Draft
from training.review.selectors import latest_evaluation, manifest_sha256

SHAPES = {"a": (200, 30, 30), "b": (30, 200, 30), "c": (30, 30, 200), "d": (200, 200, 30)}


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    """Each test has its own keys, runs and files."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.TRUSTED_KEYS = tmp_path / "keys" / "trusted_keys"
    settings.RUNS_DIR = tmp_path / "runs"
    settings.BASES_DIR = tmp_path / "bases"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TRAINER_THREADS = 1
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    files = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": files}}


def make_user(name, **roles):
    return User.objects.create_user(name, **roles)


@pytest.fixture
def applicant(db):
    return make_user("curator")


@pytest.fixture
def reviewer(db):
    return make_user("reviewer", is_reviewer=True)


@pytest.fixture
def stranger(db):
    return make_user("stranger")


def write_fake_base(folder):
    """A folder with the shape of a Stable Diffusion; nothing in it can be loaded."""
    configs = {
        "text_encoder": {"hidden_size": 8},
        "unet": {"cross_attention_dim": 8, "in_channels": 4},
        "vae": {"latent_channels": 4},
    }
    for part, config in configs.items():
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text(json.dumps(config))
        (folder / part / f"{WEIGHTS[part]}.safetensors").write_bytes(b"weights")
    (folder / "tokenizer").mkdir()
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text("{}")
    index = {"_class_name": "StableDiffusionPipeline"}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@pytest.fixture
def base(db, tmp_path):
    folder = write_fake_base(tmp_path / "fake-base")
    return Base.objects.create(
        name="tiny",
        folder=str(folder),
        sha256=folder_digest(folder),
        licence="CC0-1.0",
        cleared="cleared",
        provenance="Shapes.",
    )


def store_picture(colour):
    """A striped PNG in the storage and its record."""
    pixels = Pixels.new("RGB", (48, 48), (240, 240, 240))
    for x in range(0, 48, 4):
        pixels.paste(colour, (x, x // 2, x + 3, 48 - x // 3))
    buffer = BytesIO()
    pixels.save(buffer, "PNG")
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    for kind in ("original", "normalised", "thumbnail"):
        storage.save(kind, sha256, data)
    code = hashlib.sha256(sha256.encode()).hexdigest()
    image = Image.objects.create(
        embedded={"signals": []},
        sha256=sha256,
        normalised_sha256=sha256,
        format="PNG",
        width=48,
        height=48,
        size=len(data),
        fingerprint_version=CODES_VERSION,
        pdq=code,
        phash=code[:16],
        quality=90,
        pdq_dihedral=[code] * 8,
    )
    Features.objects.create(
        image=image, version=VERSION, codes=[code] * 8, quality=90, data=features(sha256)
    )
    return image


def make_set(owner, *, level=2, count=2):
    """A set of permitted works; below level 2 their evidence is weak, which flags them."""
    image_set = ImageSet.objects.create(owner=owner, name="small shapes")
    party = Party.objects.create(kind="organisation", name="Shape House")
    licence, _ = Licence.objects.get_or_create(
        code="CC0-1.0",
        defaults={
            "name": "CC0",
            "training": "yes",
            "commercial": True,
            "derivatives": True,
            "attribution": False,
            "share_alike": False,
        },
    )
    evidence = Evidence.objects.create(
        title="deed",
        sha256=hashlib.sha256(b"deed").hexdigest(),
        storage_key="x",
        media_type="text/plain",
        size=4,
        submitted_by=owner,
        identity_level=level,
        title_level=level,
    )
    for position, colour in enumerate(list(SHAPES.values())[:count]):
        work = Work.objects.create(title=f"Work {position}", source="human")
        TitleLink.objects.create(work=work, party=party, evidence=evidence, level=level)
        LicenceClaim.objects.create(
            work=work, licence=licence, licensor=party, evidence=evidence, declared_by=owner
        )
        SetImage.objects.create(
            image_set=image_set,
            image=store_picture(colour),
            position=position,
            filename=f"{position}.png",
            work=work,
            collector="us",
            persons=SetImage.Persons.NONE,
            source_url="https://example.org/shapes",
            added_by=owner,
        )
    return image_set


DRAFT = Draft(
    base="tiny",
    model_name="small-shapes",
    token="zorblat",
    instance_prompt="a picture of zorblat",
    class_prompt="a picture",
    sample_prompts=("zorblat in the rain",),
    purpose="show shapes",
    steps=5,
)


def draft(**changes):
    return replace(DRAFT, **changes)


def make_request(applicant, image_set, **changes):
    return services.create_request(
        actor=Actor.of(applicant), image_set=image_set, draft=draft(**changes)
    )


@pytest.fixture
def request_draft(applicant, base):
    return make_request(applicant, make_set(applicant))


@pytest.fixture
def submitted(applicant, request_draft):
    return services.submit(actor=Actor.of(applicant), request=request_draft)


@pytest.fixture
def flagged(applicant, base):
    """Submitted, with evidence that nobody has checked."""
    made = make_request(applicant, make_set(applicant, level=0))
    return services.submit(actor=Actor.of(applicant), request=made)


def looked_at(request):
    """The digest that the review page shows."""
    return manifest_sha256(request, latest_evaluation(request))


def approve(reviewer, request, **changes):
    values = {"manifest_sha256": looked_at(request), "reason": "All is on record."} | changes
    return services.approve(actor=Actor.of(reviewer), request=request, **values)


@pytest.fixture
def run(reviewer, submitted):
    return approve(reviewer, submitted)
