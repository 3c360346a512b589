from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import RefusedError
from ledger.models import Doorbell, Entry
from tests.training.conftest import make_user
from training.dispatch import commands, services
from training.models import Run, RunPoint, Sample


def expire(run):
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def ended_kinds(run):
    entries = Entry.objects.filter(subject=f"run:{run.pk}", kind__startswith="run.")
    return list(entries.order_by("position").values_list("kind", flat=True))


def test_one_worker_claims_a_run_and_the_other_finds_nothing(run):
    first, second = services.claim(run.pk), services.claim(run.pk)
    assert first is not None
    assert second is None
    run.refresh_from_db()
    assert (run.state, run.fence) == ("running", first.fence)
    assert run.leased_until > timezone.now()


def test_of_two_workers_that_read_the_same_row_one_claims_it(run, monkeypatch):
    real, claims = Run.objects.filter, []

    def overtaken(*args, **kwargs):
        if "fence" in kwargs and not claims:
            monkeypatch.undo()
            claims.append(services.claim(run.pk))
        return real(*args, **kwargs)

    monkeypatch.setattr(Run.objects, "filter", overtaken)
    assert services.claim(run.pk) is None
    assert claims[0] is not None
    assert Entry.objects.filter(kind="run.started").count() == 1


def test_an_unknown_run_is_nothing_to_claim(db):
    assert services.claim("00000000-0000-0000-0000-000000000000") is None


def test_a_heartbeat_renews_the_lease_and_notes_progress(run):
    held = services.claim(run.pk)
    expire(run)
    assert services.heartbeat(held, step=3, loss=0.5) == "running"
    run.refresh_from_db()
    assert run.leased_until > timezone.now()
    assert (run.step, run.loss) == (3, 0.5)


def test_a_worker_whose_run_was_given_away_changes_nothing(run):
    old = services.claim(run.pk)
    expire(run)
    services.sweep()
    new = services.claim(run.pk)
    assert new.fence > old.fence
    for write in (
        lambda: services.heartbeat(old, step=99),
        lambda: services.finish(old, state=Run.State.TRAINED),
    ):
        with pytest.raises(services.FenceLostError):
            write()
    services.note_point(old, step=99, loss=9.0)
    run.refresh_from_db()
    assert (run.state, run.step) == ("running", 0)
    assert not RunPoint.objects.exists()
    assert services.heartbeat(new) == "running"


def test_a_finished_run_is_not_finished_again(run):
    held = services.claim(run.pk)
    services.finish(held, state=Run.State.TRAINED)
    with pytest.raises(services.FenceLostError):
        services.finish(held, state=Run.State.FAILED, why="late")
    run.refresh_from_db()
    assert (run.state, run.outcome) == ("trained", "")


def test_a_trained_run_rings_for_its_release_and_keeps_its_samples(run):
    held = services.claim(run.pk)
    sample = Sample(run=run, file="samples/0.png", sha256="0" * 64, prompt="p", seed=1)
    services.finish(held, state=Run.State.TRAINED, made=services.Made(samples=[sample]))
    assert run.samples.count() == 1
    assert Doorbell.objects.filter(task="registry.release.tasks.build", object_id=str(run.pk))
    assert ended_kinds(run) == ["run.queued", "run.started", "run.ended"]


def test_a_failed_run_rings_for_no_release(run):
    services.finish(services.claim(run.pk), state=Run.State.FAILED, why="No.")
    assert not Doorbell.objects.filter(task="registry.release.tasks.build").exists()


def test_a_lost_worker_s_run_is_queued_again_with_a_doorbell(run):
    services.claim(run.pk)
    Doorbell.objects.all().delete()
    expire(run)
    assert services.sweep() == 1
    run.refresh_from_db()
    assert run.state == "queued"
    assert Doorbell.objects.filter(object_id=str(run.pk)).count() == 1
    assert ended_kinds(run)[-1] == "run.requeued"


def test_a_run_whose_lease_is_good_is_left_alone(run):
    services.claim(run.pk)
    assert services.sweep() == 0
    run.refresh_from_db()
    assert run.state == "running"


def test_after_three_lost_workers_a_run_has_failed(run):
    for _ in range(3):
        assert services.claim(run.pk)
        expire(run)
        services.sweep()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "lost 3 times" in run.outcome
    assert services.claim(run.pk) is None


def test_a_queued_run_that_nobody_heard_of_gets_a_doorbell_but_not_at_each_sweep(run):
    Doorbell.objects.all().delete()
    assert services.sweep() == 1
    assert Doorbell.objects.filter(object_id=str(run.pk)).count() == 1
    assert services.sweep() == 0
    expire(run)
    assert services.sweep() == 1


def test_cancelling_a_queued_run_ends_it_at_once(run, applicant):
    commands.give(actor=Actor.of(applicant), run=run, name="cancel")
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert services.claim(run.pk) is None
    assert ended_kinds(run) == ["run.queued", "run.cancel_requested", "run.ended"]


def test_cancelling_a_running_run_waits_for_its_worker_or_for_the_sweep(run, reviewer):
    held = services.claim(run.pk)
    commands.give(actor=Actor.of(reviewer), run=run, name="cancel")
    assert services.heartbeat(held) == "cancelling"
    expire(run)
    services.sweep()
    run.refresh_from_db()
    assert run.state == "cancelled"


@pytest.mark.parametrize("role", ["is_operator", "is_reviewer"])
def test_reviewers_and_operators_may_cancel(run, role):
    commands.give(actor=Actor.of(make_user("someone", **{role: True})), run=run, name="cancel")
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_others_may_not_cancel_and_nobody_cancels_what_is_over(run, stranger, applicant):
    with pytest.raises(RefusedError):
        commands.give(actor=Actor.of(stranger), run=run, name="cancel")
    services.finish(services.claim(run.pk), state=Run.State.FAILED)
    with pytest.raises(RefusedError) as refused:
        commands.give(actor=Actor.of(applicant), run=run, name="cancel")
    assert refused.value.code == "cannot_cancel"
