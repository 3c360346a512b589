"""Several processes on one run: the same model as by one, written once."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from tests.training.dreambooth.conftest import ROOT

TRAINER = "training.dreambooth"
SHORT = {
    "steps": 3, "batch_size": 1, "accumulation": 4, "checkpoint_every": 2, "samples_per_prompt": 1,
    "sample_steps": 2, "learning_rate": 1e-3, "device": "cpu", "threads": 1,
}  # fmt: skip


TORCHRUN = ("torch.distributed.run", "--standalone", "--nproc-per-node", "2")
ACCELERATE = (
    *("accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"),
    *("--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"),
)


def launched(run_folder, launcher=TORCHRUN, **tuning) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *launcher, "-m", TRAINER, str(run_folder.write_job(**tuning))],
        cwd=ROOT,
        env={**os.environ, **run_folder.environment, "GLOO_SOCKET_IFNAME": "lo"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )


def weights(run_folder) -> dict[str, torch.Tensor]:
    return load_file(run_folder.path / "output/pipeline/unet/diffusion_pytorch_model.safetensors")


@pytest.mark.parametrize(("module", "tuning", "said"), [
    (TRAINER, {"accumulation": 3}, "set accumulation to a multiple of 2. It is 3."),
    ("training.dreambooth.class_pictures", {}, "This is for one process"),
])  # fmt: skip
def test_what_cannot_be_shared_is_refused(run_folder, module, tuning, said):
    run_folder.environment["WORLD_SIZE"] = "2"
    code, events = run_folder.run(module, **SHORT | tuning)
    assert (code, [event["code"] for event in events]) == (2, ["several_processes"])
    assert said in events[0]["message"]


@pytest.mark.slow
@pytest.mark.parametrize("launcher", [TORCHRUN, ACCELERATE], ids=["torchrun", "accelerate"])
def test_two_processes_make_the_model_of_one_and_one_of_them_speaks(run_folder, launcher):
    done = launched(run_folder, launcher, **SHORT)
    assert done.returncode == 0
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events].count("done") == 1
    assert [event["step"] for event in events if event["event"] == "checkpoint"] == [2]
    both = weights(run_folder)
    code, _ = run_folder.run(TRAINER, **SHORT)
    assert code == 0
    alone = weights(run_folder)
    assert all(torch.allclose(both[name], alone[name], atol=1e-5) for name in alone)


@pytest.mark.slow
def test_they_go_on_from_a_checkpoint_together(run_folder):
    code, _ = run_folder.run(TRAINER, **SHORT)
    alone = weights(run_folder)
    done = launched(run_folder, **SHORT)
    assert (code, done.returncode) == (0, 0)
    assert "It goes on from step-00000002" in done.stdout
    both = weights(run_folder)
    assert all(torch.allclose(both[name], alone[name], atol=1e-5) for name in alone)
