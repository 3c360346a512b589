"""A run that is killed and started again ends in the very same weights as one left alone."""

import hashlib
import json
import random
import signal

import pytest

pytestmark = pytest.mark.slow

TRAINER = "training.dreambooth"
STEPS = 24
RUN = {"steps": STEPS, "batch_size": 2, "samples_per_prompt": 0, "checkpoint_every": 4,
       "accumulation": 2, "ema_decay": 0.99, "crop": "random", "flip": True, "min_snr_gamma": 5,
       "noise_offset": 0.1, "schedule": "cosine"}  # fmt: skip
LORA = {"method": "lora", "lora_dropout": 0.1, "train_text_encoder": True}


def weights(path):
    files = sorted((path / "output").rglob("*.safetensors"))
    assert files
    return {str(f.relative_to(path)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def run(run_folder, **tuning):
    code, events = run_folder.run(TRAINER, **tuning)
    assert code == 0, events[-1]
    return weights(run_folder.path), events


def past(least):
    return lambda event: event.get("phase", "train") == "train" and event.get("step", 0) >= least


def kill_when(run_folder, seen, **tuning):
    """Start the trainer and kill it outright at the first line that `seen` accepts."""
    process = run_folder.start(TRAINER, **tuning)
    for line in process.stdout:
        if seen(json.loads(line)):
            process.kill()
            break
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def forget(run_folder):
    for name in ("output", "checkpoints"):
        folder = run_folder.path / name
        folder.rename(folder.with_name(f"old-{name}-{random.random()}"))


@pytest.mark.parametrize("tuning", [RUN, RUN | LORA], ids=["full", "lora"])
def test_a_run_killed_at_three_random_steps_ends_in_the_same_weights(run_folder, tuning):
    alone, _ = run(run_folder, **tuning)
    forget(run_folder)
    for least in sorted(random.sample(range(4, STEPS, 4), 3)):
        kill_when(run_folder, past(least), **tuning)
    again, events = run(run_folder, **tuning)
    assert again == alone
    assert [event for event in events if event.get("code") == "resumed"]
    kept = sorted(p.name for p in (run_folder.path / "checkpoints").iterdir())
    assert kept == ["step-00000016", "step-00000020"]


def test_a_run_killed_while_it_writes_a_checkpoint_goes_on_from_the_one_before(run_folder):
    alone, _ = run(run_folder, **RUN)
    forget(run_folder)
    process = run_folder.start(TRAINER, **RUN)
    folder = run_folder.path / "checkpoints"
    while not any(folder.glob(".step-00000008-new-*/unet")):
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert any(path.name.startswith(".step") for path in folder.iterdir())
    again, events = run(run_folder, **RUN)
    assert again == alone
    assert "step-00000004" in next(e["message"] for e in events if e.get("code") == "resumed")
    assert not any(path.name.startswith(".") for path in folder.iterdir())


@pytest.mark.parametrize("name", ["checkpoint.json", "state.safetensors", "unet/config.json"])
def test_a_damaged_newest_checkpoint_is_skipped_for_the_one_before(run_folder, name):
    short = RUN | {"steps": 12}
    alone, _ = run(run_folder, **short)
    newest = run_folder.path / "checkpoints" / "step-00000008" / name
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    again, events = run(run_folder, **short)
    assert again == alone
    codes = [event["code"] for event in events if event["event"] == "note"]
    assert codes == ["checkpoint_damaged", "resumed"]


def test_checkpoints_of_another_job_or_of_other_class_pictures_are_not_used(run_folder):
    short = RUN | {"steps": 5}
    run(run_folder, **short)
    _, events = run(run_folder, **short | {"seed": 1})
    assert [e["code"] for e in events if e["event"] == "note"] == ["checkpoint_other"]
    next((run_folder.path / "class_pictures").glob("*.png")).unlink()
    run_folder.write_class_manifest()
    _, events = run(run_folder, **short | {"seed": 1})
    assert [e["code"] for e in events if e["event"] == "note"] == ["checkpoint_other"]


def test_every_checkpoint_loads_as_a_pipeline(run_folder):
    from diffusers import StableDiffusionPipeline

    run(run_folder, **RUN | {"steps": 5})
    checkpoint = run_folder.path / "checkpoints" / "step-00000004"
    pipeline = StableDiffusionPipeline.from_pretrained(checkpoint, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    assert pipeline("zwx", num_inference_steps=1).images


@pytest.mark.parametrize("tuning", [RUN, RUN | LORA], ids=["full", "lora"])
def test_sigterm_then_start_is_the_same_as_no_interruption(run_folder, tuning):
    alone, _ = run(run_folder, **tuning)
    forget(run_folder)
    process = run_folder.start(TRAINER, **tuning)
    for line in process.stdout:
        if json.loads(line)["event"] == "checkpoint":
            process.send_signal(signal.SIGTERM)
            break
    process.communicate()
    assert process.returncode == 3
    assert run(run_folder, **tuning)[0] == alone
