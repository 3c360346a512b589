"""A short run moves what the model draws towards its pictures; a dry run leaves nothing."""

import hashlib
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

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


def distance(run_folder, **tuning):
    """Of the samples' mean colour from red, after so many steps."""
    code, events = run_folder.run(TRAINER, **SHORT, **tuning)
    assert code == 0, events[-1]
    files = (run_folder.path / "output" / "samples").glob("00-*.png")
    means = [np.asarray(Image.open(path)).mean((0, 1)) for path in files]
    return float(np.linalg.norm(np.mean(means, axis=0) - RED))


@pytest.mark.parametrize(
    "tuning", [{"steps": 120}, {"steps": 120, "method": "lora", "rank": 16, "learning_rate": 1e-2}],
    ids=["full", "lora"],
)  # fmt: skip
def test_samples_come_nearer_to_the_training_pictures(run_folder, tuning):
    teach_red(run_folder)
    before = distance(run_folder, **tuning | {"steps": 1})
    assert distance(run_folder, **tuning) < 0.7 * before


def test_a_dry_run_estimates_and_leaves_nothing(run_folder):
    names = sorted(path.name for path in run_folder.path.iterdir())
    code, events = run_folder.run(TRAINER, **SHORT, dry=True)
    assert code == 0, events[-1]
    told = next(event for event in events if event["event"] == "estimate")
    assert told["seconds"] > 0
    assert told["memory_bytes"] > 0
    assert told["disk_bytes"] > 0
    assert sorted(path.name for path in run_folder.path.iterdir()) == sorted({*names, "job.json"})


def test_a_gpu_that_is_not_there_is_refused_in_a_sentence(run_folder):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("There is a GPU here.")
    code, events = run_folder.run(TRAINER, device="gpu")
    assert (code, events[-1]["code"]) == (2, "no_gpu")
    assert not (run_folder.path / "output").exists()
