"""What the audit reads in the files: names on record, and tensors of withdrawn models."""

from __future__ import annotations

import pytest

from provenance.models import Level, Party
from registry.audit.weights import tensors_sha256
from registry.models import Revision
from registry.release.selectors import latest_audit
from tests.registry import records
from training.datasets.services import run_folder

UNET = "unet/diffusion_pytorch_model.safetensors"


def checks_of(revision):
    return {check["name"]: check for check in latest_audit(revision).report["checks"]}


@pytest.fixture
def mirelle(db):
    return Party.objects.create(
        kind=Party.Kind.PERSON, name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED
    )


def test_a_name_in_the_weights_metadata_fails(open_run, mirelle):
    path = run_folder(open_run) / "output" / "pipeline" / UNET
    records.write_weights(open_run, path, note="m1relle 0konvask")
    found = checks_of(records.build(open_run))["name"]
    assert found["outcome"] == "failed"
    assert "m1relle 0konvask" in found["explanation"]
    assert "Mirelle" not in found["explanation"]


def test_a_name_in_a_files_name_fails(open_run, mirelle):
    config = run_folder(open_run) / "output" / "pipeline" / "unet" / "config.json"
    config.rename(config.with_name("okonvask-style.json"))
    assert checks_of(records.build(open_run))["name"]["outcome"] == "failed"


def test_an_unproven_name_only_flags(open_run, mirelle):
    Party.objects.filter(pk=mirelle.pk).update(level=Level.SELF_DECLARED)
    path = run_folder(open_run) / "output" / "pipeline" / UNET
    records.write_weights(open_run, path, note="okonvask style")
    assert checks_of(records.build(open_run))["name"]["outcome"] == "flagged"


def test_weights_of_a_withdrawn_model_are_known_whatever_their_metadata_say(
    released, grant_and_run
):
    withdrawn = Revision.objects.get(pk=released.pk)
    Revision.objects.filter(pk=withdrawn.pk).update(state=Revision.State.WITHDRAWN)
    one = run_folder(withdrawn.run) / "output" / "pipeline" / UNET
    other = run_folder(grant_and_run[1]) / "output" / "pipeline" / UNET
    assert one.read_bytes() != other.read_bytes()
    assert tensors_sha256(one) == tensors_sha256(other)
    found = checks_of(records.build(grant_and_run[1]))["bytes"]
    assert found["outcome"] == "failed"
    assert withdrawn.commit in found["explanation"]
