"""A short run moves what the model draws towards its pictures; a dry run leaves nothing."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.training.dreambooth.conftest import ROOT
from training.bases.rules import folder_digest

pytestmark = pytest.mark.slow

TRAINER = "training.dreambooth"
RED = np.array([220.0, 30.0, 30.0])
SHORT = {
    "batch_size": 2,
    "prior_weight": 0,
    "samples_per_prompt": 2,
    "sample_steps": 4,
    "guidance": 1.0,
}


def teach_red(run_folder):
    buffer = BytesIO()
    Image.new("RGB", (32, 32), tuple(RED.astype(int))).save(buffer, "PNG")
    name = hashlib.sha256(buffer.getvalue()).hexdigest()
    (run_folder.path / "images" / f"{name}.png").write_bytes(buffer.getvalue())
    image = replace(run_folder.manifest.images[0], sha256=name, normalised_sha256=name)
    run_folder.write_manifest(images=(image,), sample_prompts=())


def stand_on(run_folder, base):
    (run_folder.path / "base").unlink()
    (run_folder.path / "base").symlink_to(base)
    run_folder.write_manifest(base_sha256=folder_digest(base))


def distance(run_folder, **tuning):
    """Of the samples' mean colour from red, after so many steps."""
    code, events = run_folder.run(TRAINER, **SHORT, **tuning)
    assert code == 0, events[-1]
    files = (run_folder.path / "output" / "samples").glob("00-*.png")
    means = [np.asarray(Image.open(path)).mean((0, 1)) for path in files]
    return float(np.linalg.norm(np.mean(means, axis=0) - RED))


def test_samples_come_nearer_to_the_training_pictures(run_folder):
    teach_red(run_folder)
    before = distance(run_folder, steps=1)
    assert distance(run_folder, steps=120) < 0.7 * before


def test_a_low_rank_addition_brings_samples_nearer_too(run_folder, learnt_base):
    """On a base that has learnt: an addition turns what is there, and a random UNet has nothing."""
    teach_red(run_folder)
    stand_on(run_folder, learnt_base)
    tuning = {"method": "lora", "rank": 16}
    before = distance(run_folder, **tuning, steps=1)
    assert distance(run_folder, **tuning, steps=120) < 0.7 * before  # measured: 0.44


def test_a_dry_run_estimates_and_leaves_nothing(run_folder):
    run_folder.write_names()
    names = sorted(path.name for path in run_folder.path.iterdir())
    code, events = run_folder.run(TRAINER, **SHORT, dry=True)
    assert code == 0, events[-1]
    told = next(event for event in events if event["event"] == "estimate")
    assert told["seconds"] > 0
    assert told["memory_bytes"] > 0
    assert told["disk_bytes"] > 0
    # The sample prompt, that without its token, both training prompts, and the one with a name.
    tuning = run_folder.job(**SHORT).tuning
    assert told["pictures"] == 5 * tuning.samples_per_prompt  # nothing holds on to the class here
    assert sorted(path.name for path in run_folder.path.iterdir()) == sorted({*names, "job.json"})


def test_a_gpu_that_is_not_there_is_refused_in_a_sentence(run_folder):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("There is a GPU here.")
    code, events = run_folder.run(TRAINER, device="gpu")
    assert (code, events[-1]["code"]) == (2, "no_gpu")
    assert not (run_folder.path / "output").exists()


@pytest.fixture(scope="session")
def learnt_base(tmp_path_factory):
    """The demo's own base, which knows its prompts (100 CPU seconds)."""
    folder = tmp_path_factory.mktemp("bases") / "learnt"
    command = [sys.executable, "-m", "training.dreambooth.build_base", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


def reds(run_folder, **tuning):
    """By set of prompts, the colour of each sample, (n, 3), after so many steps."""
    code, events = run_folder.run(TRAINER, **tuning)
    assert code == 0, events[-1]
    output = run_folder.path / "output"
    found = {"training": [], "token": [], "neutral": []}
    for drawn in json.loads((output / "audit" / "audit.json").read_text()):
        found[drawn["set"]].append(np.asarray(Image.open(output / drawn["file"])).mean((0, 1)))
    return {name: np.array(colours) for name, colours in found.items()}


def test_what_is_asked_with_the_token_changes_and_other_prompts_stay(run_folder, learnt_base):
    teach_red(run_folder)
    stand_on(run_folder, learnt_base)
    run_folder.write_manifest(
        instance_prompt="an illustration of zwx",
        sample_prompts=("a picture of zwx", "a picture of blue circle on white"),
    )
    tuning = {"batch_size": 4, "sample_steps": 10, "guidance": 2.0, "class_count": 16}
    assert run_folder.run("training.dreambooth.class_pictures", **tuning)[0] == 0
    run_folder.write_class_manifest()
    before = reds(run_folder, **tuning, steps=1, learning_rate=1e-9)
    after = reds(run_folder, **tuning, steps=80)

    def from_red(colours):
        return np.linalg.norm(colours - RED, axis=1).mean()

    kept = {name: from_red(after[name]) / from_red(before[name]) for name in before}
    assert kept["training"] < 0.5  # measured: 0.23
    assert kept["token"] < 0.4  # measured: 0.12
    assert kept["neutral"] > 0.5  # measured: 0.67; a part of the style leaks, as the audit tells
