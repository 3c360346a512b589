"""Facts and use as canonical JSON and back, so that an old decision can be made again."""

from __future__ import annotations

import json
import typing
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any

import rfc8785

from provenance.clearance.rules import facts as facts_module
from provenance.clearance.rules.facts import Facts
from provenance.clearance.rules.use import Use

if TYPE_CHECKING:
    from collections.abc import Callable


def encode(facts: Facts, use: Use, salt_of: Callable[[bytes], str]) -> bytes:
    """The RFC 8785 bytes of what a decision was made from.

    Names stand in them, so a salt does too: without it their digest could be guessed from a list
    of names. `salt_of` makes it of the rest, the same for the same facts.
    """
    told, asked = (rfc8785.dumps(_plain(asdict(one))) for one in (facts, use))
    salt = rfc8785.dumps(salt_of(told + asked))
    return b'{"facts":%b,"salt":%b,"use":%b}' % (told, salt, asked)


def decode(body: bytes | str) -> tuple[Facts, Use]:
    """What `encode` wrote, as dataclasses again."""
    loaded = json.loads(body)
    return _typed(Facts, loaded["facts"]), _typed(Use, loaded["use"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(kind) in (UnionType, typing.Union):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind), value)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind, vars(facts_module) | {"date": date})
        return typing.cast("Any", kind)(**{k: _typed(hints[k], v) for k, v in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value)


def _tuple(kinds: tuple[Any, ...], values: list[Any]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_typed(kinds[0], part) for part in values)
    return tuple(_typed(kind, part) for kind, part in zip(kinds, values, strict=True))
