#!/usr/bin/env python3
"""Check a release folder offline: nothing changed, missing or added since it was signed.

One file that needs only Python and `cryptography`, so that a stranger can read all of it first.
A key's fingerprint is the public key itself (64 hex digits): it is no longer than a digest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import stat
import sys
import unicodedata
import urllib.request
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import (
        decode_dss_signature,
        encode_dss_signature,
    )
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
except ImportError:
    CRYPTOGRAPHY = False
else:
    CRYPTOGRAPHY = True

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, dict[str, Any]]

VERIFIED, CHANGED, CANNOT_CHECK, NOT_PINNED = range(4)
RESULTS = ("verified", "changed", "cannot check", "intact, signer not pinned")
LIST = "provenance/release.json"
SIGNATURE = "provenance/release.sig.json"
MANIFEST = "provenance/manifest.json"
AUDIT = "provenance/audit.json"
RECEIPT = "provenance/receipt.json"
GRANTS = "provenance/grants.jsonld"
MODEL_SIGNATURE = "provenance/model.sig"
MODEL_KEY = "provenance/model-signing.pem"
UNLISTED = (LIST, SIGNATURE, MODEL_SIGNATURE)
IGNORED = (".cache/huggingface/", ".gitattributes")
"""What the Hugging Face client leaves in a download folder: no part of a release."""
MAX_LIST_BYTES = 16 * 1024 * 1024
MAX_SIGNATURE_BYTES = 4096
SECONDS = 20
IN_TOTO = "application/vnd.in-toto+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
TREE_HEAD, REVOCATIONS = "imprimatur-tree-head-1", "imprimatur-revocations-1"
HEX = frozenset("0123456789abcdef")
SHA256_DIGITS = 64


class CannotCheckError(Exception):
    """The folder gives nothing to check, and the sentence says what to do."""


class RefusedError(Exception):
    """A file does not show what it must: why, and the `files` at fault where it is not that one."""

    def __init__(self, why: str, *files: str) -> None:
        super().__init__(why)
        self.files = files


@dataclass
class Report:
    """What was found. `code` is the exit status, `lines` are for people."""

    code: int = CANNOT_CHECK
    lines: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """Path to the reason why it counts as changed."""
    missing: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    model: str | None = None
    revision: str | None = None
    signer: str | None = None
    withdrawn: str | None = None
    """Why the registry's own list says that it is not served any more."""

    @property
    def result(self) -> str:
        return RESULTS[self.code]

    @property
    def differs(self) -> bool:
        return bool(self.changed or self.missing or self.extra or self.withdrawn)

    def say(self, number: int, good: bool | None, sentence: str) -> None:
        """One line; neither good nor bad: there was nothing to check."""
        mark = "--" if good is None else "ok" if good else "FAIL"
        self.lines.append(f"{f'{number}.':<4}{mark:<6}{shown(sentence)}")

    def step(self, number: int, name: str, check: Callable[[], str]) -> None:
        """Do a check about the file `name`: it answers what is good, or raises what is wrong."""
        if name in {*self.changed, *self.missing, *self.unreadable}:
            self.say(number, False, f"{name} is not what was signed, so it shows nothing")
            return
        try:
            self.say(number, True, check())
        except FileNotFoundError:
            self.missing.append(name)
            self.say(number, False, f"missing: {name}")
        except FAULTS as error:
            why = reason(error)
            for file in getattr(error, "files", ()) or (name,):
                self.changed.setdefault(file, why)
            self.say(number, False, f"{name}: {why}")


FAULTS: tuple[type[Exception], ...] = (
    RefusedError, OSError, ValueError, KeyError, TypeError, RecursionError,
)  # fmt: skip
if CRYPTOGRAPHY:
    FAULTS += (InvalidSignature, UnsupportedAlgorithm)


def reason(error: Exception) -> str:
    """Why, in words; what a parser says of a hostile file is nobody's business."""
    if isinstance(error, OSError):
        return str(error.strerror or error)
    if CRYPTOGRAPHY and isinstance(error, InvalidSignature):
        return "its signature does not fit"
    return str(error) if isinstance(error, RefusedError) else "it cannot be understood"


def verify(
    directory: Path, pinned: frozenset[str] = frozenset(), revocations: bytes | None = None
) -> Report:
    """Check the release folder `directory` against its signed list; never raises for its content.

    `pinned` are hex keys; `revocations` is the registry's signed list of what is not served any
    more, as it answers it.
    """
    report = Report()
    try:
        # 1. The folder holds a release list.
        data = _read_list(directory)
        report.revision = hashlib.sha256(data).hexdigest()[:40]
        report.say(1, True, f"found {LIST}")

        # 2. The signature fits the stored bytes of the list.
        report.step(2, SIGNATURE, lambda: _signature(directory, data, report))

        # 3. The list is well formed and not empty.
        statement = _check_list(data, report)
        files: Files = statement["files"]

        # 4. Every file in the folder is an ordinary file that is on the list.
        found = _check_extra(directory, files, report)

        # 5. Every file on the list is there, with the bytes that were signed.
        _check_files(files, found, report)

        # 6. The training manifest is the one that the release was made from.
        report.step(6, MANIFEST, lambda: _manifest(statement))

        # 7. The OpenSSF model signature covers the same files, and the list.
        if MODEL_KEY not in files:
            report.say(7, None, "this release carries no OpenSSF model signature")
        elif MODEL_KEY in found:
            report.step(7, MODEL_SIGNATURE, lambda: _model_signature(directory, files))

        # 8. The ledger's receipt shows that its approval and its audit are on record.
        # 9. Every training picture rests on a licence, or on a permission that is told.
        for number, name, prove in ((8, RECEIPT, _receipt), (9, GRANTS, _permissions)):
            if name in files:
                report.step(number, name, lambda prove=prove: prove(statement, found))  # type: ignore[misc]
            else:
                report.say(number, None, f"this release carries no {name}")

        # 10. The signer is one of the pinned keys.
        report.code = _check_signer(report, pinned)

        # 11. It is not on the signed list of revocations, where one is given.
        _check_withdrawn(revocations, report)
    except (CannotCheckError, OSError) as error:
        report.code = CANNOT_CHECK
        report.lines.append(f"Stopped: {error}")
    if report.differs:
        report.code = CHANGED
    report.lines += _conclusion(report, pinned)
    return report


def _read_list(directory: Path) -> bytes:
    if not CRYPTOGRAPHY:
        raise CannotCheckError(
            "the library that checks signatures is not installed. Run: pip install cryptography"
        )
    if not directory.is_dir():
        raise CannotCheckError(f"{shown(str(directory))} is not a folder. Give a release's folder.")
    try:
        return read_small(directory / LIST, MAX_LIST_BYTES)
    except FileNotFoundError:
        raise CannotCheckError(
            f"there is no {LIST} here. Give the top folder of a downloaded release; if this is "
            "one, download it again."
        ) from None
    except OSError as error:
        raise CannotCheckError(f"{LIST} cannot be read: {reason(error)}.") from None


def read_small(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most `limit` bytes, its folder being no link either."""
    if path.parent.is_symlink():
        raise OSError("its folder is a link")
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("it is not an ordinary file")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"it has more than {limit:,} bytes, far too many for what it is")
    return data


def _signature(directory: Path, data: bytes, report: Report) -> str:
    """Only the very bytes that a signer writes are read: no freedom to hide in."""
    stored = read_small(directory / SIGNATURE, MAX_SIGNATURE_BYTES)
    body = json.loads(stored.decode())
    key, signature = bytes.fromhex(body["key"]), b64decode(body["signature"], validate=True)
    encoded = b64encode(signature).decode()
    written = {"algorithm": "ed25519", "key": key.hex(), "signature": encoded}
    if (json.dumps(written, indent=1) + "\n").encode() != stored:
        raise RefusedError("it is not written as a signer writes it")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise RefusedError("the list and its signature do not fit", LIST, SIGNATURE) from None
    report.signer = key.hex()
    return f"the list is signed by key {report.signer}"


def _check_list(data: bytes, report: Report) -> dict[str, Any]:
    try:
        body = _parse_list(data)
    except (ValueError, RecursionError) as error:
        report.say(3, False, f"{LIST} is malformed: {error}")
        raise CannotCheckError("without a list there is nothing to check against.") from None
    report.model = shown(body["model"])
    created = body.get("created", "an unknown time")
    report.say(3, True, f"{body['model']}, made {created}: {len(body['files'])} files listed")
    if report.signer is None:
        report.lines.append("    note  nobody vouches for this list; what follows is a help only")
    return body


def _parse_list(data: bytes) -> dict[str, Any]:
    body = json.loads(data.decode(), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    if not isinstance(body, dict) or body.get("kind") != "release":
        raise ValueError("it is not a release list")
    if type(body.get("version")) is not int or body["version"] != 1:
        raise ValueError("its version is not known here; use a newer verify_release.py")
    digests = is_digest(body.get("manifest_sha256")) and is_digest(body.get("base_sha256"))
    if not digests or not isinstance(body.get("model"), str):
        raise ValueError("it lacks its model's name, or the digest of its manifest or base")
    files = body.get("files")
    if not isinstance(files, dict) or not files:
        raise ValueError("it lists no files, and an empty list proves nothing")
    seen: set[str] = set()
    for path, entry in files.items():
        _require_safe_path(path, seen)
        if not isinstance(entry, dict) or not is_digest(entry.get("sha256")):
            raise ValueError(f"{path!r} has no sha256")
        if type(entry.get("size")) is not int or entry["size"] < 0:
            raise ValueError(f"{path!r} has no size")
    return body


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key appears twice")
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _require_safe_path(path: str, seen: set[str]) -> None:
    """Refuse a path that leaves the folder, or that some file system reads as another one's."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or ":" in path:
        raise ValueError(f"the path {path!r} does not stay inside the folder")
    if not path.isprintable() or path in UNLISTED:
        raise ValueError(f"the path {path!r} may not be on the list")
    folded = unicodedata.normalize("NFC", path).casefold()
    if folded in seen:
        raise ValueError(f"the path {path!r} is on the list twice, differing in case only")
    seen.add(folded)


def is_digest(value: object) -> bool:
    """Whether `value` is 64 lowercase hex digits."""
    return isinstance(value, str) and len(value) == SHA256_DIGITS and set(value) <= HEX


def _check_extra(directory: Path, files: Files, report: Report) -> dict[str, Path]:
    """The listed, ordinary files of the folder by their path; all others are told."""
    found: dict[str, Path] = {}
    for path, entry in _walk(directory):
        if path in UNLISTED and (path != MODEL_SIGNATURE or MODEL_KEY in files):
            continue
        if path not in files and path.startswith(IGNORED):
            report.ignored.append(path)
        elif entry.is_symlink():
            report.extra[path] = (
                "a link, and links are not followed; download into a folder of its own, "
                "with hf download --local-dir"
            )
        elif not stat.S_ISREG(entry.lstat().st_mode):
            report.extra[path] = "not an ordinary file"
        elif path not in files:
            report.extra[path] = "not on the signed list"
        else:
            found[path] = entry
    if report.ignored:
        left = f"{len(report.ignored)} file(s) of the download client were left out"
        report.lines.append(f"    note  {left} ({', '.join(IGNORED)})")
    for path, why in report.extra.items():
        report.say(4, False, f"extra: {path} ({why})")
    if not report.extra:
        report.say(4, True, "no file was added")
    return found


def _walk(directory: Path) -> list[tuple[str, Path]]:
    """Everything below `directory` but its folders, sorted; links are named, never followed."""

    def refuse(error: OSError) -> NoReturn:
        raise CannotCheckError(f"{shown(str(error.filename))} cannot be read: {reason(error)}.")

    entries = []
    for parent, folders, names in os.walk(directory, onerror=refuse):
        here = Path(parent)
        links = [name for name in folders if (here / name).is_symlink()]
        paths = (here / name for name in names + links)
        entries += [(path.relative_to(directory).as_posix(), path) for path in paths]
    return sorted(entries)


def _check_files(files: Files, found: dict[str, Path], report: Report) -> None:
    for path, entry in sorted(files.items()):
        try:
            why = _difference(found[path], entry) if path in found else None
        except OSError as error:
            report.unreadable[path] = reason(error)
            report.say(5, False, f"unreadable: {path} ({reason(error)})")
            continue
        if path not in found:
            report.missing.append(path)
            report.say(5, False, f"missing: {path}")
        elif why:
            report.changed[path] = why
            report.say(5, False, f"changed: {path} ({why})")
    if not set(files) & {*report.changed, *report.missing, *report.unreadable}:
        report.say(5, True, f"all {len(files)} files have the bytes that were signed")


def _difference(path: Path, entry: dict[str, Any]) -> str | None:
    size = path.stat().st_size
    if size != entry["size"]:
        return f"its size is {size:,} instead of {entry['size']:,}"
    return None if _sha256(path) == entry["sha256"] else "its sha256 differs"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(statement: dict[str, Any]) -> str:
    named = statement["manifest_sha256"]
    if statement["files"].get(MANIFEST, {}).get("sha256") != named:
        raise RefusedError(f"it is not the manifest that the release names, {named}")
    return f"made from the training manifest {named}"


def _model_signature(directory: Path, files: Files) -> str:
    """Checked as strictly as the list's own signature: there is one way to write it."""
    key = read_small(directory / MODEL_KEY, MAX_SIGNATURE_BYTES)
    covered = _covered(read_small(directory / MODEL_SIGNATURE, MAX_LIST_BYTES), key)
    signed = {path: entry["sha256"] for path, entry in files.items()}
    signed |= {
        path: _sha256(directory / path)
        for path in (LIST, SIGNATURE)
        if (directory / path).is_file()
    }
    differing = sorted(p for p in {*signed, *covered} if signed.get(p) != covered.get(p))
    if differing:
        raise RefusedError(f"it does not cover {', '.join(differing)} as found", *differing)
    return f"the OpenSSF model signature covers all {len(covered)} files"


def _covered(stored: bytes, key: bytes) -> dict[str, str]:
    """The files and digests that a signature bundle covers, once it has been checked.

    What stands around the payload is written anew from what was read, the smaller of ECDSA's two
    values for s: whatever else a bundle may hold, and whatever way to write it, does not compare.
    """
    envelope = json.loads(stored.decode())["dsseEnvelope"]
    payload = b64decode(envelope["payload"], validate=True)
    raw = b64decode(envelope["signatures"][0]["sig"], validate=True)
    r, s = decode_dss_signature(raw)
    r_s = encode_dss_signature(r, min(s, ec.SECP256R1.group_order - s))
    written = {
        "mediaType": BUNDLE,
        "verificationMaterial": {
            "publicKey": {"hint": hashlib.sha256(key).hexdigest()}, "tlogEntries": [],
        },
        "dsseEnvelope": {
            "payload": b64encode(payload).decode(), "payloadType": IN_TOTO,
            "signatures": [{"keyid": "", "sig": b64encode(r_s).decode()}],
        },
    }  # fmt: skip
    if (json.dumps(written, indent=1, sort_keys=True) + "\n").encode() != stored:
        raise RefusedError("it is not written as a signer writes it")
    public = load_pem_public_key(key)
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise RefusedError("its key is of another kind")
    prefix = f"DSSEv1 {len(IN_TOTO)} {IN_TOTO} {len(payload)} ".encode()
    public.verify(raw, prefix + payload, ec.ECDSA(hashes.SHA256()))
    resources = json.loads(payload)["predicate"]["resources"]
    return {str(one["name"]): str(one["digest"]) for one in resources}


def _receipt(statement: dict[str, Any], found: dict[str, Path]) -> str:
    """That the approval of this manifest and this audit are leaves of a signed tree."""
    body = _load(found[RECEIPT])
    tree = _signed(body["tree_head"], TREE_HEAD)
    told = {}
    for proof in body["entries"]:
        leaf = hashlib.sha256(b"\0" + proof["entry"].encode()).digest()
        path = [bytes.fromhex(step) for step in proof["path"]]
        if not _included(leaf, proof["leaf"], tree["size"], path, bytes.fromhex(tree["root"])):
            raise RefusedError(f"entry {proof['leaf']} is not in the signed tree")
        entry = json.loads(proof["entry"])
        told[entry["kind"]] = entry["data"]
    if told["request.approved"]["manifest"] != statement["manifest_sha256"]:
        raise RefusedError("the approval on record is of another manifest")
    accepted = "accepted" in _load(found[AUDIT])  # then the ledger has the report as it was flagged
    if not accepted and told["revision.audited"]["report"] != _sha256(found[AUDIT]):
        raise RefusedError(f"the audit on record is another one than {AUDIT}")
    return (
        f"approval and audit are on record, in a ledger of {tree['size']} entries signed by key "
        f"{body['tree_head']['key']}"
    )


def _signed(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """What a signed text of this kind says; its key is for the caller to judge."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(body["key"]))
    key.verify(b64decode(body["signature"], validate=True), body["signed"].encode())
    said: dict[str, Any] = json.loads(body["signed"])
    if said["type"] != kind:
        raise RefusedError(f"what is signed is no {kind}")
    return said


def _included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = hashlib.sha256(b"\1" + sibling + current).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = hashlib.sha256(b"\1" + current + sibling).digest()
        node, last = node >> 1, last >> 1
    return last == 0 and current == root


def _permissions(_statement: dict[str, Any], found: dict[str, Path]) -> str:
    """That each picture of the manifest has a licence, or a told permission to train."""
    images = _load(found[MANIFEST])["images"]
    permitting = {
        policy["uid"].removeprefix("urn:uuid:")
        for policy in _load(found[GRANTS])["@graph"]
        if any("imp:train" in rule["action"] for rule in policy["permission"])
    }
    for image in images:
        if not image["licence"] and not permitting & set(image["grants"]):
            raise RefusedError(f"nothing told permits picture {image['sha256']}")
    if not images:
        raise RefusedError("the manifest lists no picture")
    granted = sum(1 for image in images if permitting & set(image["grants"]))
    basis = f"{granted} by {len(permitting)} permissions" if granted else "all by their licences"
    return f"each of {len(images)} training pictures has a licence or permission: {basis}"


def _load(path: Path) -> Any:
    return json.loads(read_small(path, 4 * MAX_LIST_BYTES))


def _check_signer(report: Report, pinned: frozenset[str]) -> int:
    if report.signer is None:
        return CANNOT_CHECK
    if not pinned:
        report.say(10, None, "you pinned no key, so the signer may be anybody")
    elif report.signer in pinned:
        report.say(10, True, "the signer is a key that you pinned")
    else:
        report.say(10, False, "the signer is not a key that you pinned; somebody else signed this")
        return CHANGED
    if report.unreadable:
        return CANNOT_CHECK
    return VERIFIED if pinned else NOT_PINNED


def _check_withdrawn(answer: bytes | None, report: Report) -> None:
    """What the registry's list says of this revision; only a list by the same signer counts."""
    if answer is None:
        report.say(11, None, "not asked whether it was withdrawn since (--online ADDRESS asks)")
        return
    try:
        body = json.loads(answer)
        if report.signer is None or body["key"] != report.signer:
            raise CannotCheckError("the list of withdrawn releases is signed by another key.")
        said = _signed(body, REVOCATIONS)
        told = {one["commit"]: f"{one['state']} since {one['since']}" for one in said["ended"]}
        at = str(said["at"])
    except FAULTS:
        raise CannotCheckError("the list of withdrawn releases is damaged.") from None
    why = told.get(report.revision or "")
    report.withdrawn = shown(why) if why else None
    if why:
        report.say(11, False, f"the registry does not serve it any more: {why}")
    else:
        report.say(11, True, f"not withdrawn, as of {at}")


def ask(address: str) -> bytes:
    """The list of withdrawn releases of the registry at `address`."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise CannotCheckError("--online takes the registry's address, http or https.")
    url = address.rstrip("/") + "/api/v1/revocations/"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - checked above
            data: bytes = answer.read(MAX_LIST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CannotCheckError(f"{shown(url)} does not answer: {shown(str(error))}.") from None
    return data


def _conclusion(report: Report, pinned: frozenset[str]) -> list[str]:
    if report.code == VERIFIED:
        return [
            "VERIFIED: this is the release as it was signed, no byte changed, missing or added."
        ]
    if report.withdrawn:
        return [f"REFUSED: {report.withdrawn}. Stop using it; its page says more."]
    if report.code == NOT_PINNED:
        return [
            "INTACT, SIGNER NOT PINNED: nothing changed since it was signed, but by whom?",
            f"The signer's fingerprint: {report.signer}",
            "Compare it with the one that the registry shows. If they agree, pin it:",
            f"  verify_release.py DIR --key {report.signer}",
        ]
    if report.code == CANNOT_CHECK:
        return ["CANNOT CHECK: nothing was verified."]
    if not report.differs:
        keys = ", ".join(sorted(pinned))
        return [f"REFUSED: signed by {report.signer}, which is not the pinned key ({keys})."]
    counts = f"{len(report.changed)} changed, {len(report.missing)} missing, "
    return [f"REFUSED: {counts}{len(report.extra)} extra. Do not use it; download it again."]


def shown(text: str) -> str:
    """`text` fit for a terminal: control characters and undecodable bytes are spelled out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def read_keys(value: str) -> frozenset[str]:
    """The hex keys of `--key`: a file with one key a line (`#` begins a comment), or one key."""
    path = Path(value)
    lines = [value]
    if path.is_file():
        try:
            lines = read_small(path, MAX_LIST_BYTES).decode().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CannotCheckError(f"the key file cannot be read: {reason(error)}.") from None
    stripped = (line.split("#", 1)[0] for line in lines)
    keys = frozenset("".join(line.split()).replace(":", "").lower() for line in stripped) - {""}
    wrong = sorted(key for key in keys if not is_digest(key))
    if wrong or not keys:
        what = f"{shown(wrong[0][:80])!r} is not one" if wrong else "none was given"
        raise CannotCheckError(f"--key takes a file or a fingerprint of 64 hex digits; {what}.")
    return keys


def main(arguments: list[str] | None = None) -> int:
    """Print the report and give back the exit status."""
    parser = argparse.ArgumentParser(
        description="Check a downloaded release offline.",
        epilog="Exit status: 0 verified; 1 changed, missing or extra files, withdrawn, or signed "
        "by a key other than the pinned one; 2 cannot check; 3 intact, but no key was pinned.",
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="the release's top folder")
    parser.add_argument("--key", help="the signer's fingerprint, or a file that lists such")
    parser.add_argument(
        "--online", metavar="ADDRESS", help="ask the registry there whether it was withdrawn since"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    try:
        pinned = read_keys(options.key) if options.key is not None else frozenset()
        answer = ask(options.online) if options.online is not None else None
        report = verify(options.directory, pinned, answer)
    except CannotCheckError as error:
        report = Report(CANNOT_CHECK, [f"CANNOT CHECK: {error}"])
    if options.json:
        print(json.dumps({"result": report.result, **asdict(report)}, indent=1))
    else:
        print("\n".join(report.lines))
    return report.code


if __name__ == "__main__":
    sys.exit(main())
