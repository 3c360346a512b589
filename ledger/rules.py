"""What an entry may hold and the bytes its digest is taken of. Pure: knows no database, no clock.

Entries outlive the people in them, so an event's fields are codes (ids, digests, names of states);
words and personal data go into the statement, of which an entry holds a salted commitment only.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, dataclass_transform

import rfc8785

from ledger.merkle import leaf_hash

Scalar = str | int | bool | None
Code = Scalar | tuple[Scalar, ...]

CODE = re.compile(r"[!-?A-~]{0,200}")
"""Printable ASCII without blank and without `@`: neither a sentence nor an address fits."""
KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
STATEMENT = "statement"
"""The key in an entry's data under which the commitment to its statement stands."""


class EventRefusedError(ValueError):
    """An event, a subject or an actor holds something that may not stand in the ledger."""


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Event:
    """The base of typed events: each subclass is a frozen dataclass, named in the past tense.

    Example: `class RequestApproved(Event, kind="request.approved")`, then its fields.
    """

    kind: ClassVar[str]

    def __init_subclass__(cls, *, kind: str = "") -> None:
        if not KIND.fullmatch(kind):
            raise EventRefusedError(f"{cls.__name__} needs a kind such as 'request.approved'.")
        for taken in {"codes", "kind", STATEMENT} & {*vars(cls), *inspect.get_annotations(cls)}:
            raise EventRefusedError(f"{cls.__name__}: no field may be called {taken!r}.")
        cls.kind = kind
        dataclass(frozen=True)(cls)

    def codes(self) -> dict[str, Code]:
        """The fields by name; refuses whatever is not a code, naming the field."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in values.items():
            for part in value if isinstance(value, tuple) else (value,):
                _require_scalar(f"{self.kind}.{name}", part)
        return values


def _require_scalar(name: str, value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise EventRefusedError(f"{name} is too large a number for JSON: write it as text.")
        return
    if not isinstance(value, str):
        raise EventRefusedError(f"{name} is a {type(value).__name__}; a code is text or a number.")
    require_code(name, value)


def require_code(name: str, value: str, *, empty: bool = True) -> None:
    """Refuse text that is no code: what people write belongs into the statement."""
    if not CODE.fullmatch(value) or not (value or empty):
        raise EventRefusedError(
            f"{name} is not a code (at most 200 printable ASCII characters without blanks or @). "
            "Put words, names and addresses into the statement, which can be erased."
        )


def canonical(value: Any) -> str:
    """`value` as the one JSON text that RFC 8785 gives it."""
    return rfc8785.dumps(value).decode()


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as both databases keep them."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: str, text: str) -> str:
    """SHA-256 (hex) of the 32 bytes of `salt` (hex), then `text`.

    Once the salt is gone, nobody can check a guess at the text.
    """
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def entry_digest(record: dict[str, Any]) -> str:
    """The leaf hash (RFC 9162, hex) of an entry's canonical record."""
    return leaf_hash(canonical(record).encode()).hex()
