import json
import signal

import pytest
from safetensors import safe_open

from training.datasets.rules import digest

TRAINER = "training.dreambooth"
QUICK = {"steps": 5, "batch_size": 2, "sample_steps": 2, "samples_per_prompt": 2}


def hidden(path):
    return [entry.name for entry in path.iterdir() if entry.name.startswith(".")]


def test_five_steps_from_a_signed_manifest_to_a_pipeline_with_samples(run_folder):
    code, events = run_folder.run(TRAINER, **QUICK)
    assert code == 0
    assert events[-1]["event"] == "done"
    last = [event for event in events if event.get("phase") == "train"][-1]
    assert (last["step"], last["steps"]) == (5, 5)
    assert last["loss"] > 0
    assert {event["phase"] for event in events[:-1]} == {
        "load", "cache", "train", "sample", "save",
    }  # fmt: skip

    output = run_folder.path / "output"
    weights = output / "pipeline" / "unet" / "diffusion_pytorch_model.safetensors"
    with safe_open(weights, framework="pt") as file:
        metadata = file.metadata()
    approved = digest(run_folder.manifest.to_bytes())
    assert metadata["imprimatur.manifest_sha256"] == approved
    assert metadata["imprimatur.base_sha256"] == run_folder.manifest.base_sha256
    assert metadata["imprimatur.token"] == "zwx"
    samples = json.loads((output / "samples" / "samples.json").read_text())
    assert len(samples) == 6
    assert all((output / "samples" / sample["file"]).is_file() for sample in samples)
    assert json.loads((output / "run.json").read_text())["manifest_sha256"] == approved
    texts = [path.read_text() for path in output.rglob("*.json")]
    assert not any(str(run_folder.path.parent.parent) in text for text in texts)
    assert not list(output.rglob("*.bin"))
    assert not hidden(run_folder.path)


def test_a_refusal_is_one_line_and_exit_code_two(run_folder):
    (run_folder.path / "manifest.sig.json").unlink()
    code, events = run_folder.run(TRAINER, **QUICK)
    assert code == 2
    assert [event["code"] for event in events] == ["manifest_missing"]
    assert not (run_folder.path / "output").exists()


def test_sigterm_stops_at_the_next_step_and_leaves_a_checkpoint(run_folder):
    process = run_folder.start(TRAINER, **{**QUICK, "steps": 100_000})
    for line in process.stdout:
        if json.loads(line).get("phase") == "train":
            process.send_signal(signal.SIGTERM)
            break
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert json.loads(rest.splitlines()[-1])["code"] == "stopped"
    assert not (run_folder.path / "output").exists()
    assert not hidden(run_folder.path)
    [checkpoint] = (run_folder.path / "checkpoints").iterdir()
    assert json.loads((checkpoint / "checkpoint.json").read_text())["step"] > 0


def test_class_pictures_are_named_by_their_bytes(run_folder):
    code, events = run_folder.run(
        "training.dreambooth.class_pictures", class_count=3, sample_steps=2
    )
    assert code == 0
    files = list((run_folder.path / "class_pictures").iterdir())
    assert sorted(path.stem for path in files) == sorted(events[-1]["pictures"])
    assert all(digest(path.read_bytes()) == path.stem for path in files)


def test_a_loss_that_is_no_number_ends_the_run_with_a_sentence():
    learn = pytest.importorskip("training.dreambooth.learn")
    for loss in (float("nan"), float("inf"), 11.0):
        with pytest.raises(learn.FailedError, match="learning_rate"):
            learn._sound(loss, 3)
