"""Runs over the API and in pages: live progress, commands, the log, presets when asking."""

import pytest
from rest_framework.test import APIClient

from tests.training.conftest import make_set
from training.datasets.services import run_folder
from training.dispatch import api, runner, services
from training.models import Request, Run
from training.review.forms import DraftForm
from training.review.selectors import presets


@pytest.fixture
def client(applicant):
    made = APIClient()
    made.force_authenticate(applicant)
    return made


def test_a_long_poll_answers_at_once_what_is_new_and_waits_for_what_is_not(
    run, client, monkeypatch
):
    address = f"/api/v1/runs/{run.pk}/"
    seen = client.get(address).json()
    assert client.get(address, {"wait": 20, "version": "other"}).json()["state"] == "queued"
    looks = []

    def moves_on(_seconds):
        looks.append(True)
        services.heartbeat(services.claim(run.pk), phase="train", step=3)

    monkeypatch.setattr(api.time, "sleep", moves_on)
    told = client.get(address, {"wait": 20, "version": seen["version"]}).json()
    assert (told["state"], told["step"], looks) == ("running", 3, [True])
    assert client.get(address, {"wait": 60}).status_code == 400


def test_a_long_poll_of_a_run_that_is_over_does_not_wait(run, client, monkeypatch):
    services.finish(services.claim(run.pk), state=Run.State.FAILED)
    monkeypatch.setattr(api.time, "sleep", lambda _seconds: pytest.fail("it waited"))
    seen = client.get(f"/api/v1/runs/{run.pk}/").json()
    answer = client.get(f"/api/v1/runs/{run.pk}/", {"wait": 20, "version": seen["version"]})
    assert answer.json()["commands"] == ["retry"]


def test_metrics_cost_and_the_audit_s_inputs_are_told_and_the_log_is_kept(
    run, trainer, client, settings
):
    settings.RUN_COST_PER_HOUR = {"cpu": 3_600_000.0}
    runner.execute(run.pk)
    (run_folder(run) / "dreambooth.log").write_text("a warning")
    told = client.get(f"/api/v1/runs/{run.pk}/").json()
    assert [point["step"] for point in told["points"]] == [1, 2, 3, 4, 5]
    assert told["cost"] == pytest.approx(1000 * told["busy_seconds"], rel=0.01)
    assert told["audit_pictures"][0]["set"] == "token"
    assert told["losses"]["pictures"][0]["after"] == 0.1
    assert "a warning" in client.get(f"/api/v1/runs/{run.pk}/log/").content.decode()


def test_commands_are_given_over_the_api_and_refused_in_a_sentence(run, client):
    address = f"/api/v1/runs/{run.pk}/"
    assert client.post(address + "pause/").json()["state"] == "paused"
    assert client.post(address + "pause/").json()["code"] == "cannot_pause"
    assert client.post(address + "resume/").json()["state"] == "queued"
    assert client.post(address + "dance/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"preset": "novel"}, "character, style, subject"),
        ({"pace": "rushed"}, "quick, standard, thorough"),
        ({"resource": "gpu"}, "No worker here has a gpu: choose cpu."),
    ],
)
def test_an_unknown_preset_pace_or_resource_is_one_sentence(
    applicant, base, client, changes, sentence
):
    assert sentence in str(asked(client, make_set(applicant), **changes).json())
    assert not Request.objects.exists()


def test_a_preset_gives_the_steps_that_nobody_named(applicant, base, client):
    image_set = make_set(applicant)
    made = asked(client, image_set, preset="style", pace="quick").json()
    assert made["steps"] == presets()["style"]["paces"]["quick"]["options"]["steps"]
    assert asked(client, image_set, preset="style", steps=7).json()["steps"] == 7
    assert asked(client, image_set).json()["steps"] == 500


def asked(client, image_set, **changes):
    body = {
        "image_set": str(image_set.pk),
        "base": "tiny",
        "model_name": "small-shapes",
        "token": "zorblat",
        "instance_prompt": "a picture of zorblat",
        "class_prompt": "a picture",
        "sample_prompts": ["zorblat in the rain"],
        "purpose": "show shapes",
    }
    return client.post("/api/v1/requests/", body | changes, format="json")


def test_the_form_offers_the_presets_of_the_trainer(db):
    offered = [name for name, _ in DraftForm().fields["preset"].choices]
    assert offered == ["", *presets()]
