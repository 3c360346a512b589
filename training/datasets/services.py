"""Lay out a run's folder: the signed manifest, its pictures, its base; all of it or nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from PIL import Image as Picture

from accounts.errors import RefusedError
from ledger import signing
from provenance.intake import storage
from training.bases.rules import BaseRefusedError, folder_digest
from training.datasets.rules import ClassManifest, Manifest, ManifestImage, NamePrompts, digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.models import Request, Run

SPARE = 64 * 1024 * 1024
"""Bytes to leave free beside what a run is known to need: logs, samples, class pictures."""
BLANK = "rehearsal"
"""The token of a dry run."""
NOISE_SIDE = 512
CLASS_PICTURES = 32
"""As many as the trainer asks its base for, by default."""
COPIES_OF_BASE = 2
"""A run writes the trained pipeline once, and moves it into place when it is whole."""


class FolderRefusedError(RefusedError):
    """A run's folder cannot be made, or is not what was approved."""


def run_folder(run: Run) -> Path:
    """Where a run's inputs and outputs lie."""
    return Path(settings.RUNS_DIR) / str(run.pk)


def write_run_folder(run: Run) -> Path:
    """Write everything that the trainer may read, verified, and move it into place at once.

    Raises FolderRefusedError in a sentence when the disk is too full, a stored picture is damaged,
    the manifest's approval does not hold, or the base changed.
    """
    target = run_folder(run)
    data = run.manifest.body.encode()
    manifest = _approved(run, data)
    base = Path(run.request.base.folder)
    _require_base(base, manifest)
    pictures = {image.normalised_sha256 for image in manifest.images}
    _require_space(target.parent, base, pictures)
    with _whole(target) as folder:
        (folder / "manifest.json").write_bytes(data)
        (folder / "manifest.sig.json").write_text(run.manifest.signature)
        (folder / "images").mkdir()
        for sha256 in sorted(pictures):
            _copy_picture(sha256, folder / "images" / f"{sha256}.png")
        (folder / "base").symlink_to(base.resolve(), target_is_directory=True)
        (folder / "job.json").write_text(json.dumps(_job(run.request), indent=1) + "\n")
    return target


def write_blank_folder(request: Request, folder: Path, *, names: int) -> Path:
    """Lay out a dry run of `request` in `folder`, and return the file of the key that signed it.

    As many pictures as its set has, all noise, with as many captions, prompts and `names`, none of
    which anybody wrote: so none needs an approval.

    Raises FolderRefusedError where the base is gone or changed.
    """
    noise = BytesIO()
    Picture.effect_noise((NOISE_SIDE, NOISE_SIDE), 64).save(noise, "PNG")
    picture = digest(noise.getvalue())
    for name in ("images", "class_pictures"):
        (folder / name).mkdir()
        (folder / name / f"{picture}.png").write_bytes(noise.getvalue())
    files = request.image_set.items.values_list("filename", flat=True)
    captions = [
        f"picture {n} of {BLANK}" if request.captions.get(file) else ""
        for n, file in enumerate(files)
    ]
    manifest = Manifest(
        request="", base=request.base_id, base_sha256=request.base.sha256, owner="", name="",
        token=BLANK, instance_prompt=f"a picture of {BLANK}", class_prompt="a picture",
        sample_prompts=tuple(f"{BLANK} {n}" for n in range(len(request.sample_prompts))), use={},
        images=tuple(
            ManifestImage(picture, picture, "", "", caption=one) for one in captions or [""]
        ),
    )  # fmt: skip
    data = manifest.to_bytes()
    _require_base(Path(request.base.folder), manifest)
    listed = ClassManifest(digest(data), manifest.class_prompt, (picture,) * CLASS_PICTURES)
    key = signing.load_or_create_key(folder / "key")
    prompts = tuple(("", f"a picture by {BLANK} {number}") for number in range(names))
    named = NamePrompts(digest(data), prompts)
    signed = {"manifest": data, "class_manifest": listed.to_bytes(), "names": named.to_bytes()}
    for stem, body in signed.items():
        (folder / f"{stem}.json").write_bytes(body)
        (folder / f"{stem}.sig.json").write_text(signing.sign(body, key).to_json())
    signing.trust_key(folder / "trusted", signing.public_hex(key))
    (folder / "base").symlink_to(Path(request.base.folder).resolve(), target_is_directory=True)
    (folder / "job.json").write_text(json.dumps(_job(request), indent=1) + "\n")
    return folder / "trusted"


def _job(asked: Request) -> dict[str, object]:
    """Where the manifest is, and numbers: nothing else may stand in a job."""
    preset = {"preset": asked.preset, "pace": asked.pace} if asked.preset else {}
    return {
        "manifest": "manifest.json",
        **preset,
        "steps": asked.steps,
        "seed": asked.seed,
        "threads": settings.TRAINER_THREADS,
        "checkpoint_every": settings.RUN_CHECKPOINT_EVERY,
    }


def _approved(run: Run, data: bytes) -> Manifest:
    try:
        signature = signing.Signature.from_json(run.manifest.signature)
        trusted = signing.read_trusted_keys(settings.TRUSTED_KEYS)
        signing.verify(data, signature, trusted=trusted)
        if digest(data) != run.manifest.sha256:
            raise signing.SignatureRefusedError("its digest differs")  # noqa: TRY301 - one refusal
    except (OSError, signing.SignatureRefusedError) as error:
        raise FolderRefusedError(
            "not_approved",
            f"The approval of this run does not hold: {error}.",
            "Have the request reviewed again.",
        ) from error
    return Manifest.from_bytes(data)


def _require_base(base: Path, manifest: Manifest) -> None:
    if not base.is_dir():
        raise FolderRefusedError(
            "base_missing",
            f"The folder of the base “{manifest.base}” is gone.",
            "Register the base again, then ask for the training anew.",
        )
    try:
        found = folder_digest(base)
    except BaseRefusedError as error:
        raise FolderRefusedError("base_refused", str(error), "Register the base again.") from error
    if found != manifest.base_sha256:
        raise FolderRefusedError(
            "base_changed",
            f"The files of the base “{manifest.base}” are not those that were approved.",
            "Restore them, or register the base again and ask for the training anew.",
        )


def _require_space(place: Path, base: Path, pictures: set[str]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    model = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    sizes = sum(_stored(sha256).stat().st_size for sha256 in pictures)
    needed = COPIES_OF_BASE * model + sizes + SPARE
    free = shutil.disk_usage(place).free
    if free < needed:
        raise no_space(f"{_mb(needed)} are needed and {_mb(free)} are free")


def no_space(what: str) -> FolderRefusedError:
    """The refusal for a full disk."""
    return FolderRefusedError(
        "no_disk_space",
        f"There is not enough disk space for this run: {what}.",
        "Make room where runs are kept, or set IMPRIMATUR_RUNS_DIR to a larger disk.",
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def _stored(sha256: str) -> Path:
    path = storage.path_of("normalised", sha256)
    if not path.is_file():
        raise FolderRefusedError(
            "picture_missing",
            f"The stored picture {sha256[:12]}… is gone.",
            "Restore the files from a backup, or take it out of the set and submit again.",
        )
    return path


def _copy_picture(sha256: str, target: Path) -> None:
    data = _stored(sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FolderRefusedError(
            "picture_changed",
            f"The stored picture {sha256[:12]}… is not the one that was approved.",
            "Restore the files from a backup; nothing is trained on other bytes.",
        )
    target.write_bytes(data)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """An empty folder whose parts take their places in the target when the block succeeds.

    What else lies in the target stays: checkpoints, from which a later attempt goes on, and logs.
    """
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
        work.chmod(0o755)
        if not target.exists():
            work.rename(target)
            return
        for part in work.iterdir():  # of an attempt that rests or whose worker was lost
            old = target / part.name
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            part.replace(old)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise no_space("the disk is full") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
