import errno
import json
from collections import namedtuple

import pytest

from provenance.intake import storage
from training.bases.rules import file_sha256
from training.datasets import services
from training.datasets.rules import Manifest
from training.datasets.services import FolderRefusedError, run_folder, write_run_folder
from training.models import Manifest as ManifestRecord


def refusal_of(run):
    with pytest.raises(FolderRefusedError) as refused:
        write_run_folder(run)
    place = run_folder(run).parent
    assert not place.exists() or list(place.iterdir()) == [], "nothing half-written"
    return refused.value


def test_the_folder_holds_what_was_approved_and_nothing_else(run):
    folder = write_run_folder(run)
    names = {path.name for path in folder.iterdir()}
    assert names == {"manifest.json", "manifest.sig.json", "images", "base", "job.json"}
    manifest = Manifest.from_bytes((folder / "manifest.json").read_bytes())
    pictures = {path.stem: file_sha256(path) for path in (folder / "images").iterdir()}
    assert set(pictures) == {image.normalised_sha256 for image in manifest.images}
    assert all(name == sha256 for name, sha256 in pictures.items())
    assert (folder / "base").resolve() == (folder / "base" / "unet").resolve().parent
    job = json.loads((folder / "job.json").read_text())
    assert job == {
        "manifest": "manifest.json",
        "steps": 5,
        "seed": 0,
        "threads": 1,
        "checkpoint_every": 250,
    }


def test_an_earlier_attempt_s_checkpoints_stay_and_its_inputs_are_written_anew(run):
    folder = write_run_folder(run)
    (folder / "checkpoints").mkdir()
    (folder / "manifest.json").write_text("changed")
    (folder / "images" / "stray.png").write_text("x")
    assert write_run_folder(run) == folder
    assert (folder / "checkpoints").is_dir()
    assert (folder / "manifest.json").read_text() == run.manifest.body
    assert not (folder / "images" / "stray.png").exists()


def test_a_manifest_without_a_signature_is_no_approval(run):
    ManifestRecord.objects.update(signature="")
    run.manifest.refresh_from_db()
    assert refusal_of(run).code == "not_approved"


def test_a_manifest_that_was_changed_after_its_approval_is_refused(run):
    run.manifest.body = run.manifest.body.replace("zorblat", "someone")
    assert refusal_of(run).code == "not_approved"


def test_a_key_that_is_no_longer_trusted_approves_nothing(run, settings):
    settings.TRUSTED_KEYS.write_text("0" * 64 + "\n")
    assert refusal_of(run).code == "not_approved"


def test_a_stored_picture_that_was_changed_is_refused(run):
    sha256 = run.request.image_set.items.first().image.normalised_sha256
    storage.path_of("normalised", sha256).write_bytes(b"other")
    assert refusal_of(run).code == "picture_changed"


def test_a_stored_picture_that_is_gone_is_refused(run):
    sha256 = run.request.image_set.items.first().image.normalised_sha256
    storage.path_of("normalised", sha256).unlink()
    assert refusal_of(run).code == "picture_missing"


def test_a_base_that_changed_since_the_approval_is_refused(run, tmp_path):
    (tmp_path / "fake-base" / "unet" / "config.json").write_text('{"other": 1}')
    assert refusal_of(run).code == "base_changed"


def test_a_base_that_is_gone_is_refused(run, tmp_path):
    (tmp_path / "fake-base").rename(tmp_path / "moved")
    assert refusal_of(run).code == "base_missing"


def test_too_little_disk_space_is_said_before_anything_is_written(run, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(services.shutil, "disk_usage", lambda _: usage(9, 9, 2_000_000))
    refusal = refusal_of(run)
    assert refusal.code == "no_disk_space"
    assert "2 MB are free" in str(refusal)


def test_a_disk_that_fills_up_while_writing_leaves_nothing(run, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(services, "_copy_picture", full)
    assert refusal_of(run).code == "no_disk_space"
