"""Everything that must hold before the first step, in one numbered function, without torch.

What is hashed here is what is trained on: pictures are read once and decoded from those bytes.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ledger.signing import Signature, SignatureRefusedError, read_trusted_keys, verify
from training.bases.anatomy import require_whole
from training.bases.rules import BaseRefusedError, folder_digest
from training.datasets.rules import (
    ClassManifest,
    Manifest,
    ManifestRefusedError,
    NamePrompts,
    digest,
    says,
)
from training.dreambooth.progress import RefusedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.dreambooth.job import Job

KEYS_VARIABLE = "IMPRIMATUR_TRUSTED_KEYS"
LONGEST_PROMPT = 1000
MOST_PIXELS = 80_000_000
SPARE_BYTES = 64 * 2**20
"""Disk kept free beyond the copy of the base that a run writes."""


@dataclass(frozen=True)
class Approved:
    """A run that passed the checks: the manifest and the pictures' pixels, decoded."""

    manifest: Manifest
    manifest_sha256: str
    base: Path
    pictures: tuple[NDArray[np.uint8], ...]
    class_pictures: tuple[NDArray[np.uint8], ...]
    class_manifest_sha256: str = ""
    """Digest of the list of class pictures; empty where none are trained on."""
    names: tuple[tuple[str, str], ...] = ()
    """(party, prompt) that are drawn for the audit alone."""


def check_run(job: Job) -> Approved:
    """Refuse (RefusedError) unless every byte of the run was approved and there is room for it."""
    # 1. The manifest is signed by a key that this machine's operator trusts.
    trusted = _trusted_keys()
    signed = _signed_bytes(job, "manifest", trusted)
    # 2. It is a manifest, and its prompts can be trained.
    manifest = _manifest(signed)
    # 3. The base is Stable Diffusion, and the very one that was approved.
    base = _base(job, manifest)
    # 4. Each picture is the approved one, byte for byte.
    pictures = tuple(
        _picture(job.beside("images") / f"{image.normalised_sha256}.png", image.normalised_sha256)
        for image in manifest.images
    )
    # 5. Class pictures are on a second signed list, made for this very manifest.
    class_pictures, class_sha256 = _class_pictures(job, manifest, digest(signed), trusted)
    # 6. Prompts with names, where there are any, were signed for this very manifest.
    names = _names(job, digest(signed), trusted)
    # 7. The result can be written.
    require_room(job, base, "output")
    return Approved(manifest, digest(signed), base, pictures, class_pictures, class_sha256, names)


def check_base(job: Job) -> Approved:
    """Checks 1, 2, 3 and 7 of `check_run`: all that generating class pictures needs."""
    signed = _signed_bytes(job, "manifest", _trusted_keys())
    manifest = _manifest(signed)
    base = _base(job, manifest)
    require_room(job, base, "class_pictures")
    return Approved(manifest, digest(signed), base, (), ())


def require_same_base(approved: Approved) -> None:
    """Refuse if the base's files changed between the check and now, after they were loaded."""
    if _base_digest(approved.base) != approved.manifest.base_sha256:
        raise RefusedError("base_changed", "The base was changed while it was loaded: start again.")


def _trusted_keys() -> frozenset[str]:
    name = os.environ.get(KEYS_VARIABLE)
    if not name:
        raise RefusedError(
            "keys_missing",
            f"{KEYS_VARIABLE} is not set: name the file of the keys whose approvals count here.",
        )
    try:
        return read_trusted_keys(Path(name))
    except (OSError, SignatureRefusedError) as error:
        raise RefusedError("keys_missing", f"No trusted key can be read: {error}.") from error


def _signed_bytes(job: Job, stem: str, trusted: frozenset[str]) -> bytes:
    path = job.manifest if stem == "manifest" else job.beside(f"{stem}.json")
    signature_path = path.with_name(f"{path.stem}.sig.json")
    try:
        data = path.read_bytes()
        signature = Signature.from_json(signature_path.read_text(encoding="utf-8"))
        verify(data, signature, trusted=trusted)
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(
            f"{stem}_missing", f"{path.name} or its signature is missing."
        ) from error
    except SignatureRefusedError as error:
        raise RefusedError(
            f"{stem}_signature",
            f"{path.name} is not approved: {error}. Have it approved and signed again.",
        ) from error
    return data


def _manifest(signed: bytes) -> Manifest:
    try:
        manifest = Manifest.from_bytes(signed)
    except ManifestRefusedError as error:
        raise RefusedError(
            "manifest_malformed", f"The manifest cannot be used: {error}."
        ) from error
    captions = [image.caption for image in manifest.images if image.caption]
    prompts = (manifest.instance_prompt, manifest.class_prompt, *manifest.sample_prompts, *captions)
    if any(not prompt.strip() or len(prompt) > LONGEST_PROMPT for prompt in prompts):
        raise RefusedError(
            "prompt_length", f"Each prompt needs 1 to {LONGEST_PROMPT} characters: shorten it."
        )
    if not manifest.token or not says(manifest.instance_prompt, manifest.token):
        raise RefusedError("token_missing", "The instance prompt must contain the token as a word.")
    if says(manifest.class_prompt, manifest.token):
        raise RefusedError("token_in_class", "The class prompt must not contain the token.")
    return manifest


def _base(job: Job, manifest: Manifest) -> Path:
    folder = job.beside("base").resolve()
    try:
        require_whole(folder)
    except BaseRefusedError as error:
        raise RefusedError("base_unfit", str(error)) from error
    if _base_digest(folder) != manifest.base_sha256:
        raise RefusedError(
            "base_changed", f"The base is not the approved {manifest.base}: its files differ."
        )
    return folder


def _base_digest(folder: Path) -> str:
    try:
        return folder_digest(folder)
    except BaseRefusedError as error:
        raise RefusedError("base_linked", f"The base cannot be used: {error}") from error


def _picture(path: Path, sha256: str) -> NDArray[np.uint8]:
    """The pixels, (height, width, 3), of the PNG at `path`, whose bytes must hash to `sha256`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RefusedError("picture_missing", f"The picture {path.name} is missing.") from error
    if digest(data) != sha256:
        raise RefusedError(
            "picture_changed", f"{path.name} is not the approved picture: its bytes differ."
        )
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedError(
                    "picture_large",
                    f"{path.name} has {picture.width} x {picture.height} pixels and at most "
                    f"{MOST_PIXELS:,} are decoded: reduce it, and have the smaller one approved.",
                )
            return np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RefusedError("picture_unreadable", f"{path.name} is not a whole PNG.") from error


def _class_pictures(
    job: Job, manifest: Manifest, manifest_sha256: str, trusted: frozenset[str]
) -> tuple[tuple[NDArray[np.uint8], ...], str]:
    """The pixels of each class picture, and the digest of the list that names them."""
    if job.tuning.prior_weight == 0:
        return (), ""
    signed = _signed_bytes(job, "class_manifest", trusted)
    try:
        listed = ClassManifest.from_bytes(signed)
    except ManifestRefusedError as error:
        raise RefusedError("class_manifest_malformed", f"{error}.") from error
    if listed.manifest_sha256 != manifest_sha256 or listed.prompt != manifest.class_prompt:
        raise RefusedError(
            "class_manifest_other", "The class pictures were made for another manifest."
        )
    if not listed.pictures:
        raise RefusedError(
            "class_manifest_empty",
            "No class picture is listed: generate some, or set prior_weight to 0.",
        )
    folder = job.beside("class_pictures")
    pixels = tuple(_picture(folder / f"{sha256}.png", sha256) for sha256 in listed.pictures)
    return pixels, digest(signed)


def _names(job: Job, manifest_sha256: str, trusted: frozenset[str]) -> tuple[tuple[str, str], ...]:
    if not job.beside("names.json").exists():
        return ()
    try:
        listed = NamePrompts.from_bytes(_signed_bytes(job, "names", trusted))
    except ManifestRefusedError as error:
        raise RefusedError("names_malformed", f"{error}.") from error
    if listed.manifest_sha256 != manifest_sha256:
        raise RefusedError("names_other", "The list of names was made for another manifest.")
    return listed.prompts


def require_room(job: Job, base: Path, name: str) -> None:
    """Refuse a run folder that cannot be written, or too full a disk."""
    folder = job.beside(name)
    if not os.access(folder.parent, os.W_OK) or (folder.exists() and not folder.is_dir()):
        raise RefusedError(
            "output_unwritable", f"The run's folder {name} cannot be written: check its owner."
        )
    needed = disk_bytes(job, base) if name == "output" else SPARE_BYTES
    free = shutil.disk_usage(folder.parent).free
    if free < needed:
        raise RefusedError(
            "disk_full",
            f"The run needs {needed >> 20} MB of disk and {free >> 20} MB are free: make room, or "
            "lower checkpoint_limit.",
        )


def disk_bytes(job: Job, base: Path) -> int:
    """Disk that a run writes at its fullest."""
    tuning = job.tuning
    size = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    # The pipeline's weights are written, then written again with their metadata.
    needed = 2 * size + SPARE_BYTES
    if tuning.method == "lora":
        return needed
    parts = ["unet", *(["text_encoder", "text_encoder_2"] if tuning.train_text_encoder else [])]
    trained = sum(
        path.stat().st_size for name in parts for path in (base / name).glob("*.safetensors")
    )
    # A checkpoint holds weights, two moments, the average; the oldest goes when the new is there.
    kept = tuning.checkpoint_limit + 1 if 0 < tuning.checkpoint_every < tuning.steps else 1
    return needed + kept * trained * (3 + bool(tuning.ema_decay))
