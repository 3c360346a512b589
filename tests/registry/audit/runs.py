"""Real runs of the trainer on the story's own illustrations, for the audit to look at."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.signing import public_hex, sign
from registry.audit.reduced import picture_of
from story.pictures.portfolio import portfolio
from training.bases.rules import folder_digest
from training.datasets.rules import ClassManifest, Manifest, ManifestImage, digest

ROOT = Path(__file__).parents[3]
SIDE = 32
NORMAL = {"steps": 300, "samples_per_prompt": 8, "class_count": 16}
OVERTRAINED = {"steps": 1500, "learning_rate": 1e-3, "prior_weight": 0.0, "samples_per_prompt": 8}


def build_base(folder: Path, *, steps: int = 600) -> Path:
    """The tiny base of the demo: a minute or two of CPU."""
    command = ["-m", "training.dreambooth.build_base", str(folder), "--steps", str(steps)]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


def illustrations(folder: Path, count: int) -> list[str]:
    """The first `count` of the illustrator's pictures as PNG files called by their sha256."""
    folder.mkdir(parents=True)
    names = []
    for drawing in portfolio()[:count]:
        path = folder / "new.png"
        drawing.image.convert("RGB").save(path)
        names.append(hashlib.sha256(path.read_bytes()).hexdigest())
        path.rename(folder / f"{names[-1]}.png")
    return names


def train(folder: Path, base: Path, *, count: int, **tuning: float) -> Path:
    """Train on `count` illustrations; the run's folder, with images/ and output/samples/."""
    names = illustrations(folder / "images", count)
    (folder / "base").symlink_to(base)
    images = tuple(ManifestImage(name, name, "0", str(i)) for i, name in enumerate(names))
    manifest = Manifest(
        request="r", base="tiny", base_sha256=folder_digest(base), owner="press", name="quays",
        token="vqz", instance_prompt="a vqz drawing", class_prompt="a drawing",
        sample_prompts=("a vqz drawing of a house",), use={}, images=images,
    )  # fmt: skip
    key = Ed25519PrivateKey.generate()
    body = manifest.to_bytes()
    (folder / "manifest.json").write_bytes(body)
    (folder / "manifest.sig.json").write_text(sign(body, key).to_json())
    (folder / "keys").write_text(public_hex(key) + "\n")
    if tuning.get("prior_weight") != 0:
        _class_pictures(folder, key, tuning)
    (folder / "job.json").write_text(json.dumps({"manifest": "manifest.json", **tuning}))
    _run("training.dreambooth", folder)
    return folder


def _class_pictures(folder: Path, key: Ed25519PrivateKey, tuning: dict[str, float]) -> None:
    (folder / "job.json").write_text(json.dumps({"manifest": "manifest.json", **tuning}))
    _run("training.dreambooth.class_pictures", folder)
    names = tuple(sorted(p.stem for p in (folder / "class_pictures").glob("*.png")))
    listed = ClassManifest(digest((folder / "manifest.json").read_bytes()), "a drawing", names)
    (folder / "class_manifest.json").write_bytes(listed.to_bytes())
    (folder / "class_manifest.sig.json").write_text(sign(listed.to_bytes(), key).to_json())


def _run(module: str, folder: Path) -> None:
    told = {**os.environ, "IMPRIMATUR_TRUSTED_KEYS": str(folder / "keys")}
    command = [sys.executable, "-m", module, str(folder / "job.json")]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stdout[-500:]} {done.stderr[-2000:]}")


def known_and_samples(folder: Path):
    """What the audit compares: the samples, and the pictures that the run learnt from."""
    samples = sorted((folder / "output" / "samples").glob("*.png"))
    known = sorted((folder / "images").glob("*.png"))
    return tuple(
        tuple(picture_of(path.stem, path, SIDE) for path in paths) for paths in (samples, known)
    )
