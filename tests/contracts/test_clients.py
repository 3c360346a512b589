"""`hf`, diffusers, transformers and peft, each unmodified and in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from huggingface_hub import ModelCard
from safetensors.numpy import load_file, save_file

from accounts.actors import Actor
from accounts.tokens import create_token
from registry.cards.selectors import signer
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.release import pointing, services
from tests.registry import records
from tools.verify_release import verify
from training.bases.rules import folder_digest
from training.models import Base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
HERE = Path(__file__).parent
UNET = Path("unet/diffusion_pytorch_model.safetensors")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A whole Stable Diffusion, barely trained, with a LoRA and a PEFT adapter beside it."""
    folder = tmp_path_factory.mktemp("bases") / "tiny"
    command = [sys.executable, "-m", "training.dreambooth.build_base", folder, "--steps", "4"]
    subprocess.run(command, cwd=HERE.parents[1], check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run([sys.executable, HERE / "adapters.py", folder], check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def real(owner, reviewer, tiny):
    """A released model whose weights are a real pipeline's."""
    base = Base.objects.create(
        name="imprimatur/real-base", folder=str(tiny), sha256=folder_digest(tiny),
        licence="CC0-1.0", cleared="cleared", provenance="Shapes that the project drew itself.",
    )  # fmt: skip
    image_set, party = records.make_set(owner, "open harbours", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    pipeline = records.finish(run) / "pipeline"
    shutil.rmtree(pipeline)
    shutil.copytree(tiny, pipeline)
    told = {"manifest_sha256": run.manifest_id, "base_sha256": base.sha256,
            "token": json.loads(run.manifest.body)["token"]}  # fmt: skip
    weights = load_file(pipeline / UNET)
    metadata = {"format": "pt"} | {f"imprimatur.{key}": value for key, value in told.items()}
    save_file(weights, pipeline / UNET, metadata=metadata)
    (pipeline / UNET).chmod(0o644)
    return records.release(owner, run)


@pytest.fixture
def run_client(live_server, tmp_path):
    """Run a client with nothing set but the server's address."""
    environment = {
        "HF_ENDPOINT": live_server.url, "HF_HOME": str(tmp_path / "home"),
        "HF_HUB_VERBOSITY": "warning",
        "PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }  # fmt: skip

    def run(*command, **more):
        return subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=300,
            env=environment | more, cwd=tmp_path,
        )  # fmt: skip

    return run


def hf(*arguments):
    return (Path(sys.executable).with_name("hf"), *arguments)


def test_diffusers_transformers_and_peft_load_it_by_its_name(real, run_client):
    ran = run_client(sys.executable, HERE / "clients.py", str(real.model))
    assert ran.returncode == 0, ran.stderr


def test_the_example_on_the_card_makes_a_picture_of_what_was_downloaded(real, run_client, tmp_path):
    folder = tmp_path / real.model.name
    assert run_client(*hf("download", str(real.model), "--local-dir", folder)).returncode == 0
    card = (folder / "README.md").read_text()
    example = card.partition("```python\n")[2].partition("```")[0]
    ran = run_client(sys.executable, "-c", example)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_line_takes_all_of_it_by_label_and_it_verifies(
    released, owner, run_client, tmp_path
):
    pointing.set_label(actor=Actor.of(owner), revision=released, label="v1")
    folder = tmp_path / "taken"
    name = str(released.model)
    ran = run_client(*hf("download", name, "--revision", "v1", "--local-dir", folder))
    assert ran.returncode == 0, ran.stderr
    report = verify(folder, frozenset({signer()}))
    assert report.code == 0, report.lines


def test_the_command_line_follows_a_renamed_model(released, owner, run_client):
    old = str(released.model)
    pointing.rename(actor=Actor.of(owner), model=released.model, name="quiet-harbours")
    ran = run_client(*hf("download", old, "README.md"))
    assert ran.returncode == 0, ran.stderr


def test_the_command_line_says_who_you_are_and_what_a_gate_needs(gated, downloader, run_client):
    token = {"HF_TOKEN": create_token(downloader)}
    assert "downloader" in run_client(*hf("auth", "whoami"), **token).stdout
    refused = run_client(*hf("download", str(gated.model), "README.md"), **token)
    assert refused.returncode != 0
    assert "requires approval" in refused.stderr
    accept_terms(actor=Actor.of(downloader), revision=gated, terms_sha256=terms_sha256(gated))
    assert run_client(*hf("download", str(gated.model), "README.md"), **token).returncode == 0


def test_a_withdrawal_is_printed_by_the_client_also_with_a_warm_cache(released, owner, run_client):
    name = str(released.model)
    assert run_client(*hf("download", name, "README.md")).returncode == 0
    services.withdraw(actor=Actor.of(owner), revision=released, reason="A creator objected.")
    warm = run_client(*hf("download", name, "README.md"))
    assert "A creator objected." in warm.stdout + warm.stderr


def test_a_card_is_checked_before_it_is_pushed(released, live_server):
    card = ModelCard(released.card)
    answer = requests.post(
        f"{live_server.url}/api/validate-yaml",
        json={"repoType": "model", "content": str(card)},
        timeout=30,
    )
    assert answer.json() == {"errors": [], "warnings": []}
