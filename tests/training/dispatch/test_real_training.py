"""One run with the real trainer on a base that was really built, as small as both can be."""

import json
import subprocess
import sys

import pytest
from django.conf import settings as django_settings

from accounts.actors import SYSTEM, Actor
from tests.training.conftest import approve, make_request, make_set
from training.bases.rules import folder_digest
from training.bases.services import register_base
from training.datasets.services import run_folder
from training.dispatch import runner
from training.review import services


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


def test_five_steps_of_real_training_end_in_weights_that_name_their_manifest(
    applicant, reviewer, real_base
):
    register_base(
        actor=SYSTEM,
        folder=real_base,
        name="tiny",
        licence="CC0-1.0",
        cleared="cleared",
        provenance="Shapes.",
    )
    made = make_request(applicant, make_set(applicant))
    services.submit(actor=Actor.of(applicant), request=made)
    made.refresh_from_db()
    run = approve(reviewer, made)
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
