"""Runs with the real trainer on a base that was really built, as small as both can be."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from accounts.actors import SYSTEM, Actor
from tests.training.conftest import approve, make_request, make_set
from tests.training.dispatch.test_killed_worker import (
    PATIENCE,
    database_url,
    start_worker,
    wait_until,
)
from tests.training.dispatch.test_runner import when_started
from training.bases.rules import folder_digest
from training.bases.services import register_base
from training.bases.statements import Statement
from training.datasets.services import run_folder
from training.dispatch import commands, runner, tasks
from training.review import services
from training.review.estimates import estimate


@pytest.fixture(scope="session")
def real_base(tmp_path_factory):
    """A complete tiny Stable Diffusion that has learnt next to nothing."""
    folder = tmp_path_factory.mktemp("bases") / "quick"
    argv = [sys.executable, "-m", "training.dreambooth.build_base", str(folder)]
    subprocess.run(
        [*argv, "--steps", "2", "--threads", "1"],
        check=True,
        capture_output=True,
        cwd=django_settings.BASE_DIR,
    )
    return folder


def ask(applicant, reviewer, real_base, **changes):
    """A run that was asked for and approved."""
    register(real_base)
    made = make_request(applicant, make_set(applicant), **changes)
    services.submit(actor=Actor.of(applicant), request=made)
    made.refresh_from_db()
    return approve(reviewer, made)


def test_five_steps_of_real_training_end_in_weights_that_name_their_manifest(
    applicant, reviewer, real_base
):
    run = ask(applicant, reviewer, real_base)
    state = runner.execute(run.pk)
    run.refresh_from_db()
    assert state == "trained", run.outcome
    output = run_folder(run) / "output"
    record = json.loads((output / "run.json").read_text())
    assert record["manifest_sha256"] == run.manifest_id
    assert record["base_sha256"] == folder_digest(real_base)
    assert run.points.exists()
    assert run.samples.filter(prompt="zorblat in the rain").count() == 4
    assert all((output / sample.file).is_file() for sample in run.samples.all())


def weights(folder):
    files = sorted((folder / "output").rglob("*.safetensors"))
    return {f.relative_to(folder): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def train_alone(folder):
    """Train what is in a run's folder once more from the beginning, without any interruption."""
    copy = folder.with_name("alone")
    shutil.copytree(folder, copy, symlinks=True)
    shutil.rmtree(copy / "output")
    keys = {"IMPRIMATUR_TRUSTED_KEYS": str(django_settings.TRUSTED_KEYS)}
    subprocess.run(
        runner.command_for(runner.TRAINER, copy),
        check=True,
        capture_output=True,
        cwd=django_settings.BASE_DIR,
        env=os.environ | keys | {"CUDA_VISIBLE_DEVICES": ""},
    )
    return weights(copy)


def register(folder):
    return register_base(
        actor=SYSTEM,
        folder=folder,
        name="tiny",
        statement=Statement("CC0-1.0", "cleared", "Shapes."),
    )


@pytest.mark.slow
def test_a_dry_run_tells_what_the_training_takes_and_leaves_nothing(applicant, real_base, settings):
    register(real_base)
    asked = make_request(applicant, make_set(applicant))
    rehearsal = services.rehearse(actor=Actor.of(applicant), request=asked)
    tasks.rehearse(str(rehearsal.pk))
    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.why) == ("done", "")
    told = estimate(asked)
    assert told.by == "a dry run"
    assert told.seconds > 0
    assert told.memory_bytes > 0
    assert list(settings.RUNS_DIR.iterdir()) == []


def test_a_dry_run_on_a_changed_base_fails_in_a_sentence(applicant, base):
    asked = make_request(applicant, make_set(applicant))
    (Path(base.folder) / "unet" / "config.json").write_text("{}")
    rehearsal = services.rehearse(actor=Actor.of(applicant), request=asked)
    tasks.rehearse(str(rehearsal.pk))
    rehearsal.refresh_from_db()
    assert rehearsal.state == "failed"
    assert "not those that were approved" in rehearsal.why


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_paused_and_whose_worker_was_killed_ends_in_the_very_same_weights(
    applicant, reviewer, real_base, tmp_path, monkeypatch, settings
):
    settings.RUN_CHECKPOINT_EVERY = 20
    monkeypatch.setenv("IMPRIMATUR_RUN_CHECKPOINT_EVERY", "20")
    run = ask(applicant, reviewer, real_base, steps=60)
    folder = run_folder(run)
    give = lambda name: commands.give(actor=Actor.of(applicant), run=run, name=name)  # noqa: E731
    when_started(monkeypatch, run, lambda: give("pause"))
    assert runner.execute(run.pk) == "paused"
    assert list((folder / "checkpoints").iterdir())
    give("resume")
    url = database_url(tmp_path)
    with start_worker(run, "really", tmp_path, url) as first:
        wait_until((folder / "checkpoints" / "step-00000040").exists)
        os.kill(first.pid, signal.SIGKILL)
    assert not (folder / "output").exists()
    with start_worker(run, "really", tmp_path, url) as second:
        said, _ = second.communicate(timeout=PATIENCE)
    assert said.split()[:2] == ["trained", "3"]
    assert weights(folder) == train_alone(folder)
