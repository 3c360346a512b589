"""Facts and use as canonical JSON and back, so that an old decision can be made again."""

from __future__ import annotations

import json
import typing
from dataclasses import is_dataclass
from datetime import date
from types import UnionType
from typing import TYPE_CHECKING, Any

from provenance.clearance.rules import facts as facts_module
from provenance.clearance.rules.facts import Facts, LinkFact
from provenance.clearance.rules.use import Use

if TYPE_CHECKING:
    from collections.abc import Callable


def encode(facts: Facts, use: Use, salt_of: Callable[[bytes], str]) -> bytes:
    """The RFC 8785 bytes of what a decision was made from.

    Names stand in them, so a salt does too: without it their digest could be guessed from a list
    of names. `salt_of` makes it of the rest, the same for the same facts.
    """
    told, asked = canonical(facts), canonical(use)
    salt = canonical(salt_of(told + asked))
    return b'{"facts":%b,"salt":%b,"use":%b}' % (told, salt, asked)


def decode(body: bytes | str) -> tuple[Facts, Use]:
    """What `encode` wrote, as dataclasses again."""
    loaded = json.loads(body)
    return _typed(Facts, loaded["facts"]), _typed(Use, loaded["use"])


def canonical(value: Any) -> bytes:
    """RFC 8785 for what facts are made of: ASCII keys, whole numbers and shares of a title.

    Python's own encoder writes these alike, and a large set in a tenth of the time.
    """
    text = json.dumps(
        value, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, LinkFact) and value.share is not None and value.share % 1 == 0:
        return vars(value) | {"share": int(value.share)}
    return vars(value)


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
