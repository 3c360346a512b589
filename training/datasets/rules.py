"""The training manifest: what a reviewer approves, byte for byte, and what the trainer obeys.

A manifest is RFC 8785 canonical JSON; its sha256 is what is approved and signed. The trainer
imports this module, so it knows no Django.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

import rfc8785

MANIFEST_VERSION = 1


class ManifestRefusedError(ValueError):
    """A manifest is malformed or does not say what it must."""


@dataclass(frozen=True)
class ManifestImage:
    """One approved picture: its bytes as received and as normalised, and why it may be used."""

    sha256: str
    normalised_sha256: str
    pdq: str
    image: str
    """Id of the image record."""
    work: str | None = None
    creators: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    licence: str | None = None
    grants: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    """Digests of the evidence that the verdict rests on."""
    verdict: str = "cleared"
    caption: str = ""
    """What the picture is trained under, in place of the instance prompt; empty for that."""


def _image(body: dict[str, Any]) -> ManifestImage:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
    return ManifestImage(**fields)


@dataclass(frozen=True)
class Manifest:
    """A frozen set with its use. Prompts and token are part of it: the trainer takes no others."""

    request: str
    base: str
    """Name of the base model."""
    base_sha256: str
    """`training.bases.rules.folder_digest` of the base's folder."""
    owner: str
    name: str
    token: str
    instance_prompt: str
    class_prompt: str
    sample_prompts: tuple[str, ...]
    use: dict[str, Any]
    images: tuple[ManifestImage, ...]
    naming: dict[str, Any] = field(default_factory=dict)
    """The naming check: texts checked, the digest of the list of names, and its verdict."""
    verdict: dict[str, Any] = field(default_factory=dict)
    """The clearance verdict: outcome, facts digest, policy version."""
    version: int = MANIFEST_VERSION

    def to_bytes(self) -> bytes:
        return rfc8785.dumps(json.loads(json.dumps(asdict(self))))

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        try:
            body = json.loads(data)
            if body["version"] != MANIFEST_VERSION:
                raise ManifestRefusedError(f"manifest version {body['version']} is not known here")
            images = tuple(_image(image) for image in body.pop("images"))
            prompts = tuple(body.pop("sample_prompts"))
            manifest = cls(images=images, sample_prompts=prompts, **body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, ManifestRefusedError):
                raise
            raise ManifestRefusedError(f"not a training manifest: {error!r}") from error
        if not manifest.images:
            raise ManifestRefusedError("the manifest lists no image: an empty set is never trained")
        return manifest


@dataclass(frozen=True)
class ClassManifest:
    """The second signed list: class pictures made by the base, screened, for one manifest."""

    manifest_sha256: str
    prompt: str
    pictures: tuple[str, ...]
    """sha256 of each PNG, in the order the trainer draws them."""
    version: int = MANIFEST_VERSION

    def to_bytes(self) -> bytes:
        return rfc8785.dumps(json.loads(json.dumps(asdict(self))))

    @classmethod
    def from_bytes(cls, data: bytes) -> ClassManifest:
        try:
            body = json.loads(data)
            return cls(pictures=tuple(body.pop("pictures")), **body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestRefusedError(f"not a list of class pictures: {error!r}") from error


@dataclass(frozen=True)
class NamePrompts:
    """A third signed list, of one manifest: prompts that name a creator, drawn for the audit."""

    manifest_sha256: str
    prompts: tuple[tuple[str, str], ...]
    """(id of the party, prompt), at most a few; without an id, the name is nobody's."""
    version: int = MANIFEST_VERSION

    def to_bytes(self) -> bytes:
        return rfc8785.dumps(json.loads(json.dumps(asdict(self))))

    @classmethod
    def from_bytes(cls, data: bytes) -> NamePrompts:
        try:
            body = json.loads(data)
            prompts = tuple((str(party), str(prompt)) for party, prompt in body.pop("prompts"))
            return cls(prompts=prompts, **body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestRefusedError(f"not a list of names: {error!r}") from error


def says(prompt: str, token: str) -> bool:
    """Whether `token` stands in `prompt` as a word of its own, in small or capital letters."""
    return re.search(rf"(?<!\w){re.escape(token)}(?!\w)", prompt, re.IGNORECASE) is not None


def digest(data: bytes) -> str:
    """The sha256 of the stored bytes, as bare lowercase hex."""
    return hashlib.sha256(data).hexdigest()
