from __future__ import annotations

import shutil

import pytest

from accounts.actors import Actor
from accounts.errors import RefusedError
from ledger.models import Doorbell, Entry
from provenance.consent.services import revoke_grant
from registry.cards.selectors import signer
from registry.models import Audit, Model, Revision
from registry.release import building, package, services
from tests.registry import records
from tools.verify_release import verify
from training.datasets.services import run_folder
from training.models import Run


def test_a_trained_run_becomes_an_audited_sealed_revision(open_run):
    revision = records.build(open_run)
    assert revision.state == "audited"
    folder = package.release_folder(revision.commit)
    report = verify(folder, frozenset({signer()}))
    assert report.code == 0, report.lines
    paths = {file.path for file in revision.files.all()}
    assert {"README.md", "provenance/release.json", "samples/00-0.png"} <= paths
    assert "Harbour 0" in revision.card
    assert "Quillon Marrowby" not in revision.card  # nobody recorded that they wish to be named
    assert revision.licence == "cc-by-4.0"
    assert revision.terms == ""


def test_the_same_records_give_the_same_commit_and_building_twice_changes_nothing(open_run):
    first = records.build(open_run)
    again = records.build(open_run)
    assert again.commit == first.commit
    assert Audit.objects.count() == 1
    assert Entry.objects.filter(kind="revision.built").count() == 1


def test_a_crash_before_the_rows_leaves_nothing_visible_and_the_sweep_finishes(
    open_run, monkeypatch
):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(building, "_record", killed)
        with pytest.raises(KeyboardInterrupt):
            building.build(open_run.pk)
    draft = Revision.objects.get()
    assert (draft.state, draft.commit, draft.files.count()) == ("draft", "", 0)
    assert building.sweep() == 1
    assert Doorbell.objects.filter(task=services.BUILD, object_id=str(open_run.pk)).exists()
    assert records.build(open_run).state == "audited"
    assert building.sweep() == 0


def test_a_crash_while_sealing_leaves_no_folder(open_run, monkeypatch, settings):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(package, "seal", full)
        with pytest.raises(OSError, match="No space"):
            building.build(open_run.pk)
    assert [p.name for p in settings.RELEASES_DIR.iterdir()] == []


def test_the_sweep_finds_a_trained_run_without_a_revision(open_run):
    assert building.sweep() == 1


def test_a_run_that_is_not_trained_is_not_built(open_run):
    Run.objects.filter(pk=open_run.pk).update(state=Run.State.FAILED)
    assert building.build(open_run.pk) is None
    assert not Model.objects.exists()


def test_only_one_worker_builds_a_run(open_run):
    with package.only_one(str(open_run.pk)):
        assert building.build(open_run.pk) is None


def test_an_owner_whose_name_begins_an_address_of_the_site_gets_no_model(open_run, owner):
    owner.username = "API"
    owner.save()
    with pytest.raises(RefusedError, match="cannot be part of a model's address"):
        building.build(open_run.pk)


def test_weights_of_another_manifest_fail_the_audit(open_run):
    weights = run_folder(open_run) / "output/pipeline/unet/diffusion_pytorch_model.safetensors"
    records.write_weights(open_run, weights, token="somethingelse")
    revision = records.build(open_run)
    assert revision.state == "draft"
    report = revision.audits.get().report
    assert report["outcome"] == "failed"
    assert "somethingelse" in report["explanation"]
    assert report["remedy"]


def test_a_pickle_among_the_weights_fails_the_audit(open_run):
    (run_folder(open_run) / "output/pipeline/unet/weights.bin").write_bytes(b"\x80\x04")
    report = records.build(open_run).audits.get().report
    assert "weights.bin may not be released" in report["explanation"]


def test_a_sample_that_repeats_a_training_picture_fails_the_audit(owner, reviewer, base):
    image_set, party = records.make_set(owner, "copies", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run, samples=(1, 902))
    revision = records.build(run)
    audit = revision.audits.get()
    assert (revision.state, audit.outcome) == ("draft", "failed")
    nearest = audit.report["memorisation"]["pairs"][0]
    assert nearest["picture"].startswith("training:")
    assert "fewer steps" in audit.report["remedy"]


def test_a_run_without_samples_cannot_pass(open_run):
    open_run.samples.all().delete()
    report = records.build(open_run).audits.get().report
    assert report["outcome"] == "failed"
    assert "made no samples" in report["explanation"]


def test_a_grant_revoked_after_training_fails_the_audit_and_its_return_mends_it(
    grant_and_run, studio, owner
):
    grant, run = grant_and_run
    revoke_grant(actor=Actor.of(studio), grant=grant, reason="I changed my mind.")
    revision = records.build(run)
    assert revision.state == "draft"
    consent = next(c for c in revision.audits.get().report["checks"] if c["name"] == "consent")
    assert consent["outcome"] == "failed"
    records.grant_set_again(grant)
    services.audit_again(actor=Actor.of(owner), revision=revision)
    assert Doorbell.objects.filter(task=services.AUDIT, object_id=str(revision.pk)).exists()
    assert building.build(run.pk, audit_anew=True).state == "audited"
    assert Audit.objects.count() == 2


def test_what_a_killed_worker_left_is_cleared_away(open_run, settings):
    revision = building._draft(open_run)
    left = settings.RELEASES_DIR / f".building-{revision.pk}-x"
    left.mkdir(parents=True)
    records.build(open_run)
    assert not left.exists()
    shutil.rmtree(settings.RELEASES_DIR)
