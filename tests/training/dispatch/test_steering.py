"""Pause, go on, try again, halt: with real processes under the real warden."""

import os
import shutil
import signal
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import RefusedError
from ledger.models import Doorbell, Entry
from provenance.clearance.services import mark_stale
from tests.training.conftest import make_user
from tests.training.dispatch.test_runner import alive, trainer_pid, when_started
from training.datasets.services import run_folder
from training.dispatch import commands, keeping, runner, services, tasks, watching
from training.models import Run
from training.review import services as review


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(watching, "ASK_EVERY", 0.1)
    monkeypatch.setattr(watching, "GRACE", 0.3)


def give(user, run, name):
    return commands.give(actor=Actor.of(user), run=run, name=name)


def withdraw(run):
    work = run.request.image_set.items.first().work
    work.licence_claims.all().delete()
    mark_stale(kind="work", refs=[str(work.pk)])


@pytest.fixture
def paused(run, trainer, monkeypatch, applicant):
    with monkeypatch.context() as patched:
        trainer(train="forever")
        when_started(patched, run, lambda: give(applicant, run, "pause"))
        assert runner.execute(run.pk) == "paused"
    run.refresh_from_db()
    return run


def test_a_paused_run_rests_with_its_checkpoint_and_goes_on_when_told(paused, trainer, applicant):
    assert not alive(trainer_pid(paused))
    assert (run_folder(paused) / "checkpoints" / "step-1").is_dir()
    assert (paused.ended_at, paused.notes[0]["code"]) == (None, "resumed")
    assert services.claim(paused.pk) is None
    Doorbell.objects.all().delete()
    give(applicant, paused, "resume")
    assert Doorbell.objects.filter(object_id=str(paused.pk)).count() == 1
    trainer()
    assert runner.execute(paused.pk) == "trained"
    assert not (run_folder(paused) / "checkpoints").exists()
    kinds = Entry.objects.filter(subject=f"run:{paused.pk}").values_list("kind", flat=True)
    assert {"run.pause_requested", "run.paused", "run.resumed"} <= set(kinds)


def test_a_run_is_paused_before_it_began(run, applicant):
    give(applicant, run, "pause")
    run.refresh_from_db()
    assert run.state == "paused"
    assert services.claim(run.pk) is None


def test_a_run_whose_worker_is_lost_while_it_is_pausing_is_paused(run, applicant):
    services.claim(run.pk)
    give(applicant, run, "pause")
    Run.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    services.sweep()
    run.refresh_from_db()
    assert (run.state, run.ended_at) == ("paused", None)


def test_a_failed_run_is_tried_again_with_all_its_attempts(run, trainer, applicant):
    trainer(train="fail")
    runner.execute(run.pk)
    give(applicant, run, "retry")
    run.refresh_from_db()
    assert (run.state, run.lost, run.outcome) == ("queued", 0, "")
    trainer()
    assert runner.execute(run.pk) == "trained"


def test_a_run_without_its_approval_is_not_tried_again(run, trainer, applicant, reviewer):
    trainer(train="fail")
    runner.execute(run.pk)
    review.revoke(actor=Actor.of(reviewer), request=run.request, reason="Oh.")
    with pytest.raises(RefusedError, match="taken back"):
        give(applicant, run, "retry")


def test_a_stranger_steers_nothing_and_a_trained_run_is_not_steered(run, trainer, stranger):
    for name in ("pause", "cancel"):
        with pytest.raises(RefusedError):
            give(stranger, run, name)
    runner.execute(run.pk)
    operator = make_user("operator", is_operator=True)
    for name in ("pause", "resume", "retry", "cancel"):
        with pytest.raises(RefusedError):
            give(operator, run, name)


def test_what_a_halted_run_has_learnt_is_in_quarantine_and_never_goes_on(
    run, trainer, monkeypatch, settings
):
    trainer(train="forever")
    when_started(monkeypatch, run, lambda: withdraw(run))
    assert runner.execute(run.pk) == "halted"
    assert not (run_folder(run) / "checkpoints").exists()
    kept = settings.RUNS_DIR / "quarantine" / str(run.pk)
    assert (kept / "1" / "checkpoints" / "step-1").is_dir()
    assert kept.stat().st_mode & 0o077 == 0
    assert Entry.objects.filter(subject=f"run:{run.pk}", kind="run.quarantined").count() == 1


def test_a_paused_run_is_halted_when_its_permission_is_lost(paused, settings):
    tasks.sweep()
    paused.refresh_from_db()
    assert paused.state == "paused"
    withdraw(paused)
    tasks.sweep()
    paused.refresh_from_db()
    assert paused.state == "halted"
    assert not (run_folder(paused) / "checkpoints").exists()


def test_permission_is_asked_for_at_a_checkpoint_though_it_was_asked_a_moment_ago(run, monkeypatch):
    monkeypatch.setattr(watching, "ASK_EVERY", 3600)
    asked = []
    watch = watching.Watch(services.claim(run.pk), run)
    monkeypatch.setattr(watch, "may_go_on", lambda: asked.append(True))
    watch.asked = watching.time.monotonic()

    class Saying:
        orphaned = ended = False
        lines = iter([{"event": "checkpoint", "step": 1}, {"event": "done"}])

        def next_line(self, _timeout):
            line = next(self.lines)
            self.ended = line["event"] == "done"
            return line

        def wait(self):
            return 0

    watch.follow(Saying())
    assert asked == [True]


def test_a_run_that_takes_too_long_fails_in_a_sentence(run, trainer, settings):
    settings.RUN_MAX_SECONDS = 0
    assert runner.execute(run.pk) == "failed"
    run.refresh_from_db()
    assert "hours that this site allows" in run.outcome


def second_run(run, owner):
    """Another request like that of `run`, approved, with a run that waits."""
    asked = run.request
    asked.pk, asked.applicant, asked._state.adding = uuid4(), owner, True
    asked.save()
    return Run.objects.create(request=asked, manifest=run.manifest)


def test_one_device_trains_one_run_at_a_time(run, stranger):
    other = second_run(run, stranger)
    held = services.claim(run.pk, device="here/gpu0")
    assert services.claim(other.pk, device="here/gpu0") is None
    assert services.claim(other.pk, device="here/gpu1") is not None
    services.finish(held, state=Run.State.FAILED)


def test_an_applicant_s_further_runs_wait_and_are_rung_for_when_one_ends(run, applicant, settings):
    settings.RUNS_AT_ONCE = 1
    other = second_run(run, applicant)
    held = services.claim(run.pk)
    assert services.claim(other.pk) is None
    Doorbell.objects.all().delete()
    services.finish(held, state=Run.State.FAILED)
    assert Doorbell.objects.filter(object_id=str(other.pk)).exists()
    assert services.claim(other.pk) is not None


def test_a_run_whose_folder_another_process_still_holds_is_given_back(run, trainer):
    with keeping.folder_to_ourselves(run) as ours:
        assert ours
        assert runner.execute(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.lost) == ("queued", 0)
    assert runner.execute(run.pk) == "trained"


def test_a_run_is_given_back_and_nothing_left_running_when_the_worker_s_main_is_gone(
    run, trainer, monkeypatch
):
    trainer(train="forever")
    when_started(monkeypatch, run, lambda: monkeypatch.setattr(watching.os, "getppid", lambda: 1))
    assert runner.execute(run.pk) is None
    run.refresh_from_db()
    assert run.state == "queued"
    assert not alive(trainer_pid(run))


def test_a_run_that_is_being_paused_is_not_given_back(run, applicant):
    held = services.claim(run.pk)
    give(applicant, run, "pause")
    services.give_back(held)
    run.refresh_from_db()
    assert run.state == "pausing"


@pytest.mark.parametrize("whom", ["warden", "trainer"])
def test_a_killed_warden_or_trainer_fails_the_run_and_leaves_nobody(
    run, trainer, monkeypatch, whom
):
    trainer(train="stubborn")

    def kill():
        pid = trainer_pid(run)
        victim = os.getpgid(pid) if whom == "warden" else pid
        os.kill(victim, signal.SIGKILL)

    when_started(monkeypatch, run, kill)
    assert runner.execute(run.pk) == "failed"
    assert not alive(trainer_pid(run))
    shutil.rmtree(run_folder(run))


@pytest.mark.parametrize("resource", ["cpu", "gpu"])
def test_each_resource_has_a_doorbell_of_its_own(run, resource):
    Doorbell.objects.all().delete()
    Run.objects.update(resource=resource, leased_until=None)
    services.sweep()
    task = {"cpu": tasks.execute, "gpu": tasks.execute_on_gpu}[resource].name
    assert list(Doorbell.objects.values_list("task", flat=True)) == [task]
