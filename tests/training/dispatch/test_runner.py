"""Runs with real processes under the real warden; only the trainer itself is a short script."""

import json
import os
import select
import shutil
from collections import namedtuple
from dataclasses import replace

import pytest

from accounts.actors import Actor
from ledger.signing import Signature, read_trusted_keys, verify
from provenance.clearance.services import holds, mark_stale
from provenance.models import LicenceClaim, Party
from provenance.screening.services import Result
from training.datasets.rules import ClassManifest, Manifest, NamePrompts
from training.datasets.services import run_folder
from training.dispatch import classes, commands, runner, watching
from training.dispatch.keeping import read_made
from training.dispatch.names import NOBODY, expected, list_names
from training.models import Run
from training.review import services as review


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(watching, "ASK_EVERY", 0.1)
    monkeypatch.setattr(watching, "GRACE", 0.3)


def alive(pid):
    """Whether it still runs after the kernel had time to take away what was killed."""
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    with os.fdopen(ended, "rb", buffering=0):
        return not select.select([ended], [], [], 20)[0]


def trainer_pid(run):
    return int((run_folder(run) / "started").read_text())


def when_started(monkeypatch, run, act):
    """Do `act` once, as soon as the trainer has begun its first step."""
    real, done = watching.Watch._note, []

    def note(self, line):
        answer = real(self, line)
        if line and line.get("phase") == "train" and not done:
            done.append(True)
            act()
        return answer

    monkeypatch.setattr(watching.Watch, "_note", note)


def test_a_run_is_trained_with_points_samples_and_a_signed_list_of_class_pictures(
    run, trainer, settings
):
    assert runner.execute(run.pk) == "trained"
    run.refresh_from_db()
    assert (run.state, run.phase, run.step, run.loss) == ("trained", "train", 5, 0.2)
    assert run.points.count() == 5
    assert run.samples.get().prompt == "zorblat"
    assert run.audit_pictures.get().set == "token"
    assert run.losses["pictures"] == [{"sha256": "0" * 64, "before": 0.4, "after": 0.1}]
    assert run.screening == {"kept": 2, "dropped": []}
    assert run.busy_seconds > 0
    folder = run_folder(run)
    data = (folder / "class_manifest.json").read_bytes()
    signature = Signature.from_json((folder / "class_manifest.sig.json").read_text())
    verify(data, signature, trusted=read_trusted_keys(settings.TRUSTED_KEYS))
    listed = ClassManifest.from_bytes(data)
    assert (listed.manifest_sha256, len(listed.pictures)) == (run.manifest_id, 2)


def test_a_second_message_finds_nothing_to_do(run, trainer):
    runner.execute(run.pk)
    assert runner.execute(run.pk) is None
    run.refresh_from_db()
    assert run.fence == 1


def test_the_trainer_s_own_sentence_is_why_a_run_failed(run, trainer):
    trainer(train="fail")
    assert runner.execute(run.pk) == "failed"
    run.refresh_from_db()
    assert run.outcome == "There is not enough memory."


def test_a_trainer_that_dies_without_a_word_is_quoted_from_its_log(run, trainer):
    trainer(train="silent")
    assert runner.execute(run.pk) == "failed"
    run.refresh_from_db()
    assert "code 1" in run.outcome
    assert "Traceback: something" in run.outcome


def test_a_trainer_that_ends_well_without_saying_so_has_not_trained(run, trainer):
    trainer(train="liar")
    assert runner.execute(run.pk) == "failed"


def test_a_run_whose_permission_is_lost_before_it_starts_never_starts(run, trainer):
    LicenceClaim.objects.all().delete()
    assert runner.execute(run.pk) == "halted"
    run.refresh_from_db()
    assert "no longer cleared" in run.outcome
    assert not run_folder(run).exists()


def test_a_run_is_halted_when_its_standing_goes_stale_and_nothing_is_left_running(
    run, trainer, monkeypatch
):
    trainer(train="forever")
    work = run.request.image_set.items.first().work

    def withdraw():
        work.licence_claims.all().delete()
        mark_stale(kind="work", refs=[str(work.pk)])

    when_started(monkeypatch, run, withdraw)
    assert runner.execute(run.pk) == "halted"
    run.refresh_from_db()
    assert work.title in run.outcome
    assert not holds(f"run:{run.pk}")
    assert not alive(trainer_pid(run))


def test_a_run_goes_on_when_the_decision_made_anew_is_cleared(run, trainer, monkeypatch):
    work = run.request.image_set.items.first().work
    when_started(monkeypatch, run, lambda: mark_stale(kind="work", refs=[str(work.pk)]))
    assert runner.execute(run.pk) == "trained"
    assert holds(f"run:{run.pk}")


def test_taking_the_approval_back_halts_the_run_though_the_rights_hold(
    run, trainer, monkeypatch, reviewer
):
    trainer(train="forever")
    when_started(
        monkeypatch,
        run,
        lambda: review.revoke(actor=Actor.of(reviewer), request=run.request, reason="Oh."),
    )
    assert runner.execute(run.pk) == "halted"
    run.refresh_from_db()
    assert "taken back" in run.outcome


@pytest.mark.parametrize("how", ["forever", "stubborn"])
def test_a_cancelled_trainer_ends_or_is_killed(run, trainer, monkeypatch, applicant, how):
    trainer(train=how)
    cancel = lambda: commands.give(actor=Actor.of(applicant), run=run, name="cancel")  # noqa: E731
    when_started(monkeypatch, run, cancel)
    assert runner.execute(run.pk) == "cancelled"
    assert not alive(trainer_pid(run))


def test_a_worker_that_lost_its_run_kills_its_trainer_and_writes_nothing(run, trainer, monkeypatch):
    trainer(train="forever")
    give_away = lambda: Run.objects.filter(pk=run.pk).update(fence=7)  # noqa: E731
    when_started(monkeypatch, run, give_away)
    assert runner.execute(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.fence) == ("running", 7)
    assert not alive(trainer_pid(run))


def test_class_pictures_that_show_protected_works_are_left_out(run, trainer, monkeypatch):
    answers = iter(["match", "possible"])
    monkeypatch.setattr(classes, "screen_picture", lambda _data: Result(next(answers), ""))
    assert runner.execute(run.pk) == "trained"
    listed = ClassManifest.from_bytes((run_folder(run) / "class_manifest.json").read_bytes())
    assert len(listed.pictures) == 1
    run.refresh_from_db()
    assert [left["why"] for left in run.screening["dropped"]] == ["match"]


def test_a_run_without_any_usable_class_picture_fails_in_a_sentence(run, trainer, monkeypatch):
    monkeypatch.setattr(classes, "screen_picture", lambda _data: Result("match", ""))
    assert runner.execute(run.pk) == "failed"
    run.refresh_from_db()
    assert "look like protected works" in run.outcome


def test_a_run_without_disk_space_fails_in_a_sentence_with_nothing_written(
    run, trainer, monkeypatch
):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage(1, 1, 1_000_000))
    assert runner.execute(run.pk) == "failed"
    run.refresh_from_db()
    assert "not enough disk space" in run.outcome
    assert "1 MB are free" in run.outcome
    assert [path.name for path in run_folder(run).parent.iterdir()] == ["locks"]


def test_the_trainer_sees_no_secret_of_ours(run, monkeypatch, settings):
    from training.dispatch.child import _environment

    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@db/x")
    monkeypatch.setenv("IMPRIMATUR_SECRET_KEY", "secret")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    seen = _environment(settings.TRUSTED_KEYS, gpu=False)
    assert seen["CUDA_VISIBLE_DEVICES"] == ""
    assert _environment(settings.TRUSTED_KEYS, gpu=True)["CUDA_VISIBLE_DEVICES"] == "1"
    assert "secret" not in str(seen)
    assert seen["IMPRIMATUR_TRUSTED_KEYS"] == str(settings.TRUSTED_KEYS)


def creators_of(run):
    """Three people, of whom the second made two pictures and the last no picture of the set."""
    works = [item.work for item in run.request.image_set.items.all()]
    people = [Party.objects.create(kind="person", name=name) for name in ("Ada Quill", "Bo Ferro")]
    works[0].creators.add(*people)
    Party.objects.create(kind="person", name="Cy Absent")
    manifest = Manifest.from_bytes(run.manifest.body.encode())
    shown = ((str(people[0].pk),), (str(people[1].pk),), (str(people[1].pk),))
    images = tuple(replace(manifest.images[0], creators=creators) for creators in shown)
    run.manifest.body = replace(manifest, images=images).to_bytes().decode()
    return people


def test_prompts_for_the_audit_name_the_sets_own_creators_and_are_signed(run, tmp_path, settings):
    first, second = creators_of(run)
    assert expected(run.request) == 3  # what a dry run reckons with
    list_names(run, tmp_path)
    data = (tmp_path / "names.json").read_bytes()
    signature = Signature.from_json((tmp_path / "names.sig.json").read_text())
    verify(data, signature, trusted=read_trusted_keys(settings.TRUSTED_KEYS))
    listed = NamePrompts.from_bytes(data)
    about = run.request.class_prompt
    assert listed.manifest_sha256 == run.manifest_id
    assert listed.prompts == (
        (str(second.pk), f"{about} by Bo Ferro"),
        (str(first.pk), f"{about} by Ada Quill"),
        ("", f"{about} by {NOBODY}"),
    )


@pytest.mark.parametrize("ends", ["train", "fail"])
def test_names_are_there_while_the_trainer_runs_and_no_longer(run, trainer, monkeypatch, ends):
    trainer(train=ends)
    seen = []
    real = runner.command_for

    def command_for(module, folder):
        seen.append((folder / "names.json").exists())
        return real(module, folder)

    monkeypatch.setattr(runner, "command_for", command_for)
    runner.execute(run.pk)
    assert seen == [False, True]
    assert not list(run_folder(run).glob("names*"))


def test_pictures_drawn_by_a_name_are_kept_for_the_audit_and_shown_nowhere(run, trainer):
    assert runner.execute(run.pk) == "trained"
    path = run_folder(run) / "output" / "audit" / "audit.json"
    (drawn,) = json.loads(path.read_text())
    path.write_text(json.dumps([drawn, drawn | {"set": "name", "prompt": "", "party": "p"}]))
    assert [one.set for one in read_made(run).audit_pictures] == ["token"]
