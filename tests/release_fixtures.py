"""A small sealed release, made by the product's own code."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.signing import public_hex, sign
from registry.release.rules import StatementFields, seal

if TYPE_CHECKING:
    from pathlib import Path

BASE = "b" * 64


def safetensors(metadata: dict[str, str]) -> bytes:
    header = json.dumps(
        {"__metadata__": metadata, "w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def pin(key: Ed25519PrivateKey) -> str:
    return public_hex(key)


@pytest.fixture
def unsealed(tmp_path: Path, key: Ed25519PrivateKey) -> Path:
    folder = tmp_path / "release"
    manifest = b'{"kind":"manifest"}'
    digest = hashlib.sha256(manifest).hexdigest()
    unet = safetensors(
        {
            "imprimatur.manifest_sha256": digest,
            "imprimatur.base_sha256": BASE,
            "imprimatur.token": "sks",
        }
    )
    files = {
        "README.md": b"# A card\n",
        "model_index.json": b"{}",
        "unet/diffusion_pytorch_model.safetensors": unet,
        "vae/config.json": b"{}",
        "samples/0.png": b"\x89PNG",
        "provenance/manifest.json": manifest,
        "provenance/manifest.sig.json": sign(manifest, key).to_json().encode(),
        "provenance/audit.json": b"{}",
        "provenance/credits.json": b"{}",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture
def fields(unsealed: Path) -> StatementFields:
    data = (unsealed / "provenance/manifest.json").read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return StatementFields("ada/lights", digest, BASE, "2026-01-02T03:04:05Z")


@pytest.fixture
def release(unsealed: Path, fields: StatementFields, key: Ed25519PrivateKey) -> Path:
    seal(unsealed, fields, key)
    return unsealed
