#!/usr/bin/env python3
"""Check an exported ledger offline: no entry changed, removed, added or moved since it was signed.

One file that needs only Python and `cryptography`, so that a stranger can read all of it first.
`manage.py export_ledger FILE` writes what it reads. Whoever has the site's key can make another
ledger as a whole: only a tree head that you kept elsewhere (SITE/tree-heads/) shows that.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from base64 import b64decode
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    CRYPTOGRAPHY = False
else:
    CRYPTOGRAPHY = True

WHOLE, CHANGED, CANNOT_CHECK, NOT_PINNED = range(4)
RESULTS = ("whole", "changed", "cannot check", "whole, signer not pinned")
RECORD = {
    "id": str, "subject": str, "position": int, "kind": str,
    "actor": str, "data": dict, "previous": str, "at": str,
}  # fmt: skip
LINES: dict[str, dict[str, Any]] = {
    "ledger": {"version": int, "site": str, "keys": list},
    "entry": {"leaf": (int, type(None)), "digest": str, "record": dict},
    "tree_head": {"signed": dict, "key": str, "signature": str},
    "end": {"entries": int, "leaves": int, "tree_heads": int},
}
HEAD_TYPE = "imprimatur-tree-head-1"
HEX = frozenset("0123456789abcdef")
DIGITS = 64
MAX_LINE = 1024 * 1024
MAX_FILE = 1024 * 1024


class CannotCheckError(Exception):
    """There is nothing to check, and the sentence says what to do."""


class ChangedError(Exception):
    """The first thing that does not fit; `entry` is the id of the entry, where it is known."""

    def __init__(self, sentence: str, entry: str = "") -> None:
        super().__init__(sentence)
        self.entry = entry


@dataclass
class Report:
    """What was found. `code` is the exit status, `problem` a sentence about the first bad thing."""

    code: int = CANNOT_CHECK
    problem: str = ""
    entry: str = ""
    line: int = 0
    """Where the check stopped, counted from 1; 0 before the first line."""
    entries: int = 0
    leaves: int = 0
    tree_heads: int = 0
    subjects: int = 0
    root: str = hashlib.sha256(b"").hexdigest()
    signers: list[str] = field(default_factory=list)
    kept: int = 0
    """How many tree heads that were kept elsewhere the ledger agrees with."""

    @property
    def result(self) -> str:
        return RESULTS[self.code]


@dataclass
class Ledger:
    """What has been read so far: the tree's frontier, and the end of each subject's chain."""

    pinned: frozenset[str]
    kept: dict[int, str]
    report: Report
    tops: list[bytes] = field(default_factory=list)
    chains: dict[str, tuple[int, str]] = field(default_factory=dict)
    covered: int = 0
    """Leaves that a tree head of the export covers."""
    since: str = ""
    """The first entry after the last tree head: where a wrong root may come from."""
    ended: bool = False

    def take(self, body: dict[str, Any]) -> None:
        if self.ended:
            raise ChangedError("something follows after the end.")
        what = body["line"]
        if what == "entry":
            self._entry(body)
        elif what == "tree_head":
            self._head(body)
        elif what == "end":
            self._end(body)
        else:
            raise ChangedError("a second header stands in the middle.")

    def _entry(self, body: dict[str, Any]) -> None:
        record, leaf, digest = body["record"], body["leaf"], body["digest"]
        entry = shown(str(record.get("id", "")))
        # 2. Each entry's record gives its digest.
        if digest_of(record) != digest:
            raise ChangedError("its record does not give its digest: it was changed.", entry)
        # 3. Leaf numbers run from 0 without a gap; entries that wait for one come last.
        waits = self.report.entries > self.report.leaves
        if leaf is not None and (leaf != self.report.leaves or waits):
            raise ChangedError(f"leaf {self.report.leaves} is missing; leaf {leaf} follows.", entry)
        # 4. Each entry continues the one before it of the same subject.
        self._link(record, digest, entry)
        self.report.entries += 1
        if leaf is None:
            return
        self.since = self.since or entry
        self.tops = grow(leaf, self.tops, bytes.fromhex(digest))
        self.report.leaves += 1
        # 5. The first leaves are those of every tree head that was kept elsewhere.
        self._compare_kept(entry)

    def _link(self, record: dict[str, Any], digest: str, entry: str) -> None:
        position, previous = self.chains.get(record["subject"], (-1, ""))
        if record["position"] != position + 1:
            raise ChangedError(f"an entry before it on {record['subject']} is missing.", entry)
        if record["previous"] != previous:
            raise ChangedError("it does not continue the entry before it.", entry)
        self.chains[record["subject"]] = (record["position"], digest)

    def _compare_kept(self, entry: str) -> None:
        root = self.kept.get(self.report.leaves)
        if root is None:
            return
        if root != fold(self.tops).hex():
            raise ChangedError(
                f"the first {self.report.leaves} leaves are not those of the tree head that was "
                f"kept; the change is between this one and entry {entry}.",
                self.since,
            )
        self.report.kept += 1

    def _head(self, body: dict[str, Any]) -> None:
        # 6. Every tree head signs the root of the leaves before it, with a pinned key.
        signed, key = body["signed"], body["key"]
        size = signed.get("size")
        if type(size) is not int or size != self.report.leaves or size <= self.covered:
            raise ChangedError(
                f"the tree head of {shown(str(size))} stands after {self.report.leaves} leaves: "
                "entries are missing, moved or added.",
                self.since,
            )
        if signed.get("root") != fold(self.tops).hex():
            raise ChangedError(
                f"the tree head of {size} has another root than its leaves.", self.since
            )
        if self.pinned and key not in self.pinned:
            raise ChangedError(f"the tree head of {size} is signed by {shown(key)}, not pinned.")
        check_signature(signed, key, body["signature"])
        if key not in self.report.signers:
            self.report.signers.append(key)
        self.report.tree_heads += 1
        self.covered, self.since = size, ""

    def _end(self, body: dict[str, Any]) -> None:
        # 7. Nothing is missing at the end.
        report = self.report
        counts = (report.entries, report.leaves, report.tree_heads)
        if counts != (body["entries"], body["leaves"], body["tree_heads"]):
            raise ChangedError("the export holds another number of entries than it says.")
        if self.covered != report.leaves:
            raise ChangedError("no tree head covers the last leaves.", self.since)
        self.ended = True

    def close(self) -> None:
        """Refuse an export that stops early, or before what a kept tree head covers."""
        if not self.ended:
            raise ChangedError("the export breaks off: its end is missing.")
        beyond = max(self.kept, default=0)
        if beyond > self.report.leaves:
            raise ChangedError(
                f"the tree head kept covers {beyond} leaves, here are {self.report.leaves}: "
                "the last entries are missing."
            )
        if not self.report.tree_heads:
            raise CannotCheckError("it holds no tree head: nothing is signed yet.")


def verify(
    path: Path, pinned: frozenset[str] = frozenset(), kept: dict[int, str] | None = None
) -> Report:
    """Check the export at `path`; never raises for its content.

    1. The file is an export of a ledger.
    2. Each entry's record gives its digest.
    3. Leaf numbers run from 0 without a gap; entries that wait for one come last.
    4. Each entry continues the one before it of the same subject.
    5. The first leaves are those of every tree head that was `kept` elsewhere (size to root).
    6. Every tree head signs the root of the leaves before it, with one of the `pinned` keys (hex).
    7. Nothing is missing at the end.
    """
    report = Report()
    ledger = Ledger(pinned, kept or {}, report)
    try:
        _read(path, ledger)
        ledger.close()
    except CannotCheckError as error:
        report.problem = str(error)  # and the code stays CANNOT_CHECK
    except ChangedError as error:
        report.code, report.problem, report.entry = CHANGED, str(error), error.entry
    else:
        report.code = WHOLE if pinned else NOT_PINNED
        report.root = fold(ledger.tops).hex()
    report.subjects = len(ledger.chains)
    return report


def _read(path: Path, ledger: Ledger) -> None:
    # 1. The file is an export of a ledger.
    if not CRYPTOGRAPHY:
        raise CannotCheckError(
            "the library that checks signatures is not installed. Run: pip install cryptography"
        )
    try:
        with path.open("rb") as file:
            _require_header(file.readline(MAX_LINE + 1), path)
            ledger.report.line = 1
            while data := file.readline(MAX_LINE + 1):
                ledger.report.line += 1
                ledger.take(parse(data))
    except OSError as error:
        raise CannotCheckError(f"{shown(str(path))} cannot be read: {error.strerror}.") from None


def _require_header(data: bytes, path: Path) -> None:
    try:
        body = parse(data)
    except ChangedError:
        body = {}
    if body.get("line") != "ledger":
        raise CannotCheckError(
            f"{shown(str(path))} is no exported ledger. Give a file of manage.py export_ledger."
        )
    if body["version"] != 1:
        raise CannotCheckError("its version is not known here; use a newer verify_ledger.py.")


def parse(data: bytes) -> dict[str, Any]:
    """One line, which holds exactly the fields that its kind has."""
    body: Any = None
    try:
        body = _load(data)
        _require_line(body)
    except (ValueError, RecursionError) as error:
        record = body.get("record") if isinstance(body, dict) else None
        entry = str(record.get("id", "")) if isinstance(record, dict) else ""
        raise ChangedError(f"the line is malformed: {shown(str(error))}.", shown(entry)) from None
    line: dict[str, Any] = body
    return line


def _load(data: bytes) -> Any:
    if not data.endswith(b"\n"):
        raise ValueError("it is too long, or breaks off")
    return json.loads(
        data.decode(),
        object_pairs_hook=_no_duplicates,
        parse_constant=_refuse,
        parse_float=_refuse,
    )


def _require_line(body: Any) -> None:
    if not isinstance(body, dict) or body.get("line") not in LINES:
        raise ValueError("it is of no kind that is known here")
    _require_fields({k: v for k, v in body.items() if k != "line"}, LINES[body["line"]])
    if body["line"] == "entry":
        _require_fields(body["record"], RECORD)
        if not is_digest(body["digest"]):
            raise ValueError("its digest is none")


def _require_fields(body: dict[str, Any], fields: dict[str, Any]) -> None:
    if body.keys() != fields.keys():
        names = ", ".join(sorted(body.keys() ^ fields.keys()))
        raise ValueError(f"it lacks fields or has too many ({names})")
    for name, kind in fields.items():
        if not isinstance(body[name], kind) or isinstance(body[name], bool):
            raise ValueError(f"{name} is not what it should be")  # noqa: TRY004 - all are caught


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a field appears twice")
    return body


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


def is_digest(value: object) -> bool:
    """Whether `value` is 64 lowercase hex digits."""
    return isinstance(value, str) and len(value) == DIGITS and set(value) <= HEX


def canonical(value: Any) -> bytes:
    """RFC 8785 for what entries hold: no fractions, and names of fields in ASCII."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(record: dict[str, Any]) -> str:
    """The leaf hash (RFC 9162) of an entry; "" for text that cannot be written."""
    try:
        return hashlib.sha256(b"\0" + canonical(record)).hexdigest()
    except UnicodeEncodeError:
        return ""


def grow(size: int, tops: list[bytes], leaf: bytes) -> list[bytes]:
    """The perfect subtrees of a tree (RFC 9162, widest first) once `leaf` is added."""
    rest = list(tops)
    while size & 1:
        leaf = _node(rest.pop(), leaf)
        size >>= 1
    return [*rest, leaf]


def fold(tops: list[bytes]) -> bytes:
    """The root above the perfect subtrees."""
    if not tops:
        return hashlib.sha256(b"").digest()
    root = tops[-1]
    for left in reversed(tops[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def check_signature(signed: dict[str, Any], key: str, signature: str) -> None:
    """Refuse a tree head of another type, or whose Ed25519 signature does not fit."""
    if signed.get("type") != HEAD_TYPE:
        raise ChangedError(f"what stands as tree head is of type {shown(str(signed.get('type')))}.")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(b64decode(signature, validate=True), canonical(signed))
    except (InvalidSignature, ValueError):
        size = signed.get("size")
        raise ChangedError(f"the signature of the tree head of {size} does not fit.") from None


def read_kept(paths: list[str]) -> dict[int, str]:
    """Size and root of the tree heads kept in files; two that contradict each other are refused."""
    kept: dict[int, str] = {}
    for path in paths:
        try:
            body = json.loads(_small(Path(path)))
            size, root = body["size"], body["root"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            size, root = None, None
        if type(size) is not int or size < 1 or not is_digest(root):
            raise CannotCheckError(f"{shown(path)} is no tree head. Save one from SITE/tree-heads/")
        if kept.setdefault(size, root) != root:
            raise ChangedError(
                f"two tree heads that you kept have {size} leaves and different roots: the site "
                "showed different ledgers."
            )
    return kept


def read_keys(values: list[str]) -> frozenset[str]:
    """The hex keys of `--key`: each a key, or a file with one key a line (`#` begins a comment)."""
    lines: list[str] = []
    for value in values:
        try:
            lines += _small(Path(value)).splitlines() if Path(value).is_file() else [value]
        except (OSError, ValueError):
            raise CannotCheckError(f"the key file {shown(value)} cannot be read.") from None
    keys = frozenset(line.split("#", 1)[0].strip().replace(":", "").lower() for line in lines)
    keys -= {""}
    if (values and not keys) or not all(map(is_digest, keys)):
        raise CannotCheckError("--key takes a key of 64 hex digits, or a file that lists such.")
    return keys


def _small(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_FILE).decode()


def shown(text: str) -> str:
    """`text` fit for a terminal: control characters are spelled out, long text is cut."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:300])


def sentences(report: Report) -> list[str]:
    """The report for people."""
    if report.code == CANNOT_CHECK:
        return [f"CANNOT CHECK: {report.problem}"]
    if report.code == CHANGED:
        where = f"entry {report.entry}" if report.entry else "the ledger"
        return [f"CHANGED: {where} (line {report.line}): {report.problem}"]
    waiting = report.entries - report.leaves
    said = [
        f"{report.entries} entries on {report.subjects} subjects, {report.leaves} of them numbered "
        f"under {report.tree_heads} signed tree heads; root {report.root}.",
    ]
    if waiting:
        said.append(f"{waiting} wait for their number: no signature covers them yet.")
    if report.kept:
        said.append(f"They agree with {report.kept} tree head(s) that you kept.")
    else:
        said.append("You gave no tree head kept elsewhere (--tree-head): one who has the site's")
        said.append("key could have made all of it anew.")
    if report.code == NOT_PINNED:
        signers = ", ".join(report.signers)
        return [*said, f"WHOLE, SIGNER NOT PINNED: signed by {signers}. Pin it with --key."]
    return [*said, "WHOLE: no entry was changed, removed, added or moved since it was signed."]


def main(arguments: list[str] | None = None) -> int:
    """Print the report and give back the exit status."""
    parser = argparse.ArgumentParser(
        description="Check an exported ledger offline.",
        epilog="Exit status: 0 whole; 1 an entry was changed, is missing or extra (the first is "
        "named), or another key than the pinned one signed; 2 cannot check; 3 whole, but no key "
        "was pinned.",
    )
    parser.add_argument("export", type=Path, metavar="FILE", help="from manage.py export_ledger")
    parser.add_argument("--key", action="append", default=[], help="a signer's key, or a file")
    parser.add_argument(
        "--tree-head", action="append", default=[], metavar="FILE", help="one kept elsewhere"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    try:
        pinned, kept = read_keys(options.key), read_kept(options.tree_head)
        report = verify(options.export, pinned, kept)
    except CannotCheckError as error:
        report = Report(problem=str(error))
    except ChangedError as error:
        report = Report(CHANGED, str(error))
    if options.json:
        print(json.dumps({"result": report.result, **asdict(report)}, indent=1))
    else:
        print("\n".join(sentences(report)))
    return report.code


if __name__ == "__main__":
    sys.exit(main())
