"""Ed25519 keys and detached signatures, as files that other programs can read.

Used for tree heads, approved manifests and releases. Knows no Django, so that the trainer,
which runs in a process of its own, checks signatures with the very same code.
"""

from __future__ import annotations

import json
import os
import tempfile
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path


class SignatureRefusedError(ValueError):
    """A signature is missing, malformed, by an untrusted key, or does not fit its bytes."""


@dataclass(frozen=True)
class Signature:
    """A detached Ed25519 signature: the signer's public key (64 hex digits) and 64 bytes."""

    key: str
    signature: bytes

    def to_json(self) -> str:
        encoded = b64encode(self.signature).decode()
        body = {"algorithm": "ed25519", "key": self.key, "signature": encoded}
        return json.dumps(body, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Signature:
        try:
            body = json.loads(text)
            if body["algorithm"] != "ed25519":
                raise SignatureRefusedError(f"unknown algorithm {body['algorithm']!r}")
            return cls(str(body["key"]), b64decode(body["signature"], validate=True))
        except (json.JSONDecodeError, KeyError, TypeError, Base64Error) as error:
            raise SignatureRefusedError(f"not a signature file: {error!r}") from error


def write_once(path: Path, make: Callable[[], bytes]) -> None:
    """Make the file at `path` (mode 0600) unless it is there.

    Two processes may start at once: the file appears whole, by a hard link that only one of them
    can win, and both then read the same bytes.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # created with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        os.link(name, path)
    except FileExistsError:
        pass  # the other process won
    finally:
        os.unlink(name)  # noqa: PTH108 - mkstemp gives a string


def write_whole(path: Path, data: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write the file at `path` whole or not at all; of several writers at once the last wins.

    `durable`: on the disk before it is seen; a cache has no need of that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(name, path)  # noqa: PTH105 - mkstemp gives a string
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


def _new_key() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_or_create_key(path: Path) -> Ed25519PrivateKey:
    """The private key at `path` (PKCS#8 PEM, mode 0600), made on first use."""
    write_once(path, _new_key)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureRefusedError(f"{path} is not an Ed25519 key")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half of `key`, as 64 lowercase hex digits."""
    return key.public_key().public_bytes_raw().hex()


def sign(data: bytes, key: Ed25519PrivateKey) -> Signature:
    """Sign the stored bytes as they are; nothing is re-canonicalised on the way."""
    return Signature(public_hex(key), key.sign(data))


def verify(data: bytes, signature: Signature, *, trusted: Collection[str]) -> None:
    """Refuse unless `signature` fits `data` and its key is one of the `trusted` hex keys."""
    if signature.key not in trusted:
        raise SignatureRefusedError(f"signed by key {signature.key}, which is not trusted here")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key)).verify(
            signature.signature, data
        )
    except (InvalidSignature, ValueError) as error:
        raise SignatureRefusedError("the signature does not fit these bytes") from error


def read_trusted_keys(path: Path) -> frozenset[str]:
    """The hex keys in the file `path`, one a line; `#` begins a comment. None is an error."""
    lines = (line.split("#", 1)[0].strip() for line in path.read_text().splitlines())
    keys = frozenset(line for line in lines if line)
    if not keys:
        raise SignatureRefusedError(f"{path} lists no trusted key")
    return keys


def trust_key(path: Path, key: str) -> None:
    """Add `key` to the trusted keys in the file `path`, if it is not there yet."""
    if path.exists() and key in path.read_text():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(key + "\n")
