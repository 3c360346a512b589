"""A base made in seconds and run folders signed by a key of the test's own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from ledger.signing import public_hex, sign
from training.bases.rules import folder_digest
from training.datasets.rules import ClassManifest, Manifest, ManifestImage, NamePrompts, digest
from training.dreambooth.job import Job, read_job

ROOT = Path(__file__).parents[3]


@dataclass
class RunFolder:
    path: Path
    key: Ed25519PrivateKey
    manifest: Manifest
    environment: dict[str, str]

    def job(self, **tuning) -> Job:
        return read_job(self.write_job(**tuning))

    def write_job(self, **tuning) -> Path:
        path = self.path / "job.json"
        path.write_text(json.dumps({"manifest": "manifest.json", **tuning}))
        return path

    def write_manifest(self, **changes) -> None:
        self.manifest = replace(self.manifest, **changes)
        write_signed(self.path, "manifest", self.manifest.to_bytes(), self.key)

    def write_class_manifest(self, **changes) -> None:
        names = tuple(sorted(p.stem for p in (self.path / "class_pictures").glob("*.png")))
        listed = ClassManifest(digest(self.manifest.to_bytes()), self.manifest.class_prompt, names)
        signed = replace(listed, **changes).to_bytes()
        write_signed(self.path, "class_manifest", signed, self.key)

    def write_names(self, key: Ed25519PrivateKey | None = None, **changes) -> None:
        listed = NamePrompts(digest(self.manifest.to_bytes()), (("p1", "a drawing by Bo Ferro"),))
        write_signed(self.path, "names", replace(listed, **changes).to_bytes(), key or self.key)

    def start(self, module: str, *, dry=False, **tuning) -> subprocess.Popen[str]:
        flags = ["--dry-run"] if dry else []
        return subprocess.Popen(
            [sys.executable, "-m", module, str(self.write_job(**tuning)), *flags],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, module: str, **tuning) -> tuple[int, list[dict]]:
        process = self.start(module, **tuning)
        out, _ = process.communicate(timeout=300)
        return process.returncode, [json.loads(line) for line in out.splitlines()]


def write_signed(folder: Path, stem: str, data: bytes, key: Ed25519PrivateKey) -> None:
    (folder / f"{stem}.json").write_bytes(data)
    (folder / f"{stem}.sig.json").write_text(sign(data, key).to_json())


def write_png(folder: Path, seed: int) -> str:
    folder.mkdir(exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 48, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    name = hashlib.sha256(buffer.getvalue()).hexdigest()
    (folder / f"{name}.png").write_bytes(buffer.getvalue())
    return name


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bases") / "tiny"
    command = [sys.executable, "-m", "training.dreambooth.build_base", str(folder), "--steps", "4"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def run_folder(tmp_path, tiny_base, monkeypatch) -> RunFolder:
    path = tmp_path / "run"
    path.mkdir()
    (path / "base").symlink_to(tiny_base)
    names = [write_png(path / "images", seed) for seed in range(3)]
    manifest = Manifest(
        request="r1",
        base="tiny",
        base_sha256=folder_digest(tiny_base),
        owner="press",
        name="meadow",
        token="zwx",
        instance_prompt="an illustration of zwx style",
        class_prompt="an illustration",
        sample_prompts=("a zwx style lighthouse",),
        use={},
        images=tuple(ManifestImage(name, name, "0", str(i)) for i, name in enumerate(names)),
    )
    key = Ed25519PrivateKey.generate()
    keys = tmp_path / "trusted-keys"
    keys.write_text(public_hex(key) + "\n")
    monkeypatch.setenv("IMPRIMATUR_TRUSTED_KEYS", str(keys))
    folder = RunFolder(path, key, manifest, {"IMPRIMATUR_TRUSTED_KEYS": str(keys)})
    folder.write_manifest()
    write_png(path / "class_pictures", 100)
    write_png(path / "class_pictures", 101)
    folder.write_class_manifest()
    return folder
