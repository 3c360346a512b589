"""Each option does in a few real steps what it says; a disk that fails is told in a sentence."""

import errno
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training.dreambooth import checkpoints, checks, command, learn  # noqa: E402 - after torch
from training.dreambooth.model import Model  # noqa: E402
from training.dreambooth.progress import RefusedError, StopSwitch  # noqa: E402
from training.dreambooth.trainee import Trainee  # noqa: E402

PLAIN = {"batch_size": 2, "warmup_steps": 0, "device": "cpu"}


@pytest.fixture
def taught(run_folder):
    """A trainee after so many steps with some options, and the loss of each step."""

    def teach(steps=2, **options):
        job = run_folder.job(**PLAIN | options)
        approved = checks.check_run(job)
        model = Model(approved, job.tuning)
        lesson = learn.prepare(model, approved, job.tuning, StopSwitch())
        trainee = Trainee(model, job.tuning)
        losses = [learn.take_step(lesson, trainee, step)[0].item() for step in range(steps)]
        teach.job, teach.model = job, model
        return trainee, losses

    return teach


def flat(tensors):
    return torch.cat([one.detach().flatten() for one in tensors])


@pytest.mark.parametrize(
    "options",
    [
        {"accumulation": 2}, {"noise_offset": 0.5}, {"prediction": "epsilon"},
        {"min_snr_gamma": 0.5}, {"crop": "random", "seed": 3}, {"flip": True, "seed": 3},
        {"precision": "bf16"}, {"prior_weight": 0}, {"max_grad_norm": 1e-3},
        {"channels_last": "on", "beta1": 0.5}, {"learning_rate": 0.01},
        {"method": "lora", "precision": "bf16"}, {"train_text_encoder": True},
    ],
    ids=str,
)  # fmt: skip
def test_an_option_changes_what_is_learnt_and_nothing_breaks(taught, options):
    seed = {"seed": options.get("seed", 0)}
    if options.get("method") == "lora":
        seed["method"] = "lora"
    plain = flat(taught(**seed)[0].weights)
    trainee, losses = taught(**options)
    learnt = flat(trainee.weights)
    assert torch.isfinite(learnt).all()
    assert all(0 < loss < learn.EXPLODED for loss in losses)
    assert learnt.shape != plain.shape or not torch.equal(learnt, plain)


def test_gradient_checkpointing_gives_the_same_weights(taught):
    plain = flat(taught()[0].weights)
    assert torch.allclose(flat(taught(gradient_checkpointing=True)[0].weights), plain, atol=1e-6)


def test_the_average_is_what_diffusers_would_keep_and_takes_the_weights_place(taught):
    start = flat(taught(steps=0)[0].weights).clone()
    first = flat(taught(steps=1)[0].weights).clone()
    trainee, _ = taught(steps=1, ema_decay=0.99)
    average = flat(trainee.average).clone()
    assert torch.allclose(average, start + (first - start) * 0.9, atol=1e-6)  # decay 1 / 10
    trainee.finish()
    assert torch.equal(flat(trainee.modules["unet"].parameters()), average)


def test_the_velocity_is_the_target_where_the_base_or_the_job_says_so(taught):
    _, own = taught(steps=1)  # the tiny base predicts the velocity
    assert taught(steps=1, prediction="v_prediction")[1] == own
    assert taught(steps=1, prediction="epsilon")[1] != own


@pytest.mark.skipif(torch.cuda.is_available(), reason="There is a GPU here.")
def test_fp16_without_a_gpu_is_refused_before_anything_is_loaded(taught):
    with pytest.raises(RefusedError, match="choose bf16 or fp32"):
        taught(precision="fp16", device="auto")


def test_a_picture_that_is_too_large_to_decode_is_refused(run_folder, monkeypatch):
    monkeypatch.setattr(checks, "MOST_PIXELS", 48 * 40 - 1)
    with pytest.raises(RefusedError, match="48 x 40 pixels"):
        checks.check_run(run_folder.job())


def test_a_full_disk_leaves_no_half_checkpoint_and_the_one_before(taught, monkeypatch):
    trainee, _ = taught()
    keeper = checkpoints.Keeper(taught.job, taught.model)
    keeper.save(trainee, 1)

    def full(_tensors, _path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(OSError, match="No space"):
        keeper.save(trainee, 2)
    assert [path.name for path in taught.job.beside("checkpoints").iterdir()] == ["step-00000001"]


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        (errno.ENOSPC, "disk_full", "make room, or lower checkpoint_limit"),
        (errno.EROFS, "disk", "Read-only file system"),
    ],
)
def test_a_disk_that_fails_ends_the_run_with_a_sentence(run_folder, capsys, number, code, sentence):
    def work(_job, _stop):
        raise OSError(number, "Read-only file system")

    assert command.execute([str(run_folder.write_job())], work) == command.FAILED
    said = capsys.readouterr().out
    assert f'"{code}"' in said
    assert sentence in said


@pytest.mark.parametrize("denied", ["writing", "a file in its place"])
def test_an_output_that_cannot_be_written_is_refused_first(run_folder, monkeypatch, denied):
    if denied == "writing":
        monkeypatch.setattr(checks.os, "access", lambda *_: False)
    else:
        (run_folder.path / "output").write_text("")
    with pytest.raises(RefusedError, match="cannot be written"):
        checks.check_run(run_folder.job())


@pytest.mark.slow
def test_validation_pictures_are_drawn_and_change_nothing_that_is_learnt(run_folder):
    options = {"steps": 4, "batch_size": 2, "samples_per_prompt": 0, "sample_steps": 2}
    weights = Path("output", "pipeline", "unet", "diffusion_pytorch_model.safetensors")
    run_folder.run("training.dreambooth", **options)
    plain = (run_folder.path / weights).read_bytes()
    code, events = run_folder.run("training.dreambooth", **options, validation_every=2)
    assert code == 0, events[-1]
    shown = [event for event in events if event["event"] == "validation"]
    assert [event["step"] for event in shown] == [2, 4]
    assert all((run_folder.path / file).is_file() for event in shown for file in event["files"])
    assert (run_folder.path / weights).read_bytes() == plain
