"""A reason before it is put into words: a code with what it rests on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.clearance.rules.verdict import Severity


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a picture may not pass as it is. `words` fill the sentences of its code."""

    code: str
    severity: Severity
    missing: tuple[str, ...] = ()
    """Ids of the parties whose permission is missing."""
    words: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    source: str = ""
    evidence: tuple[str, ...] = ()
    """Digests of the evidence looked at, with its levels; a resolution is bound to them."""

    chain: tuple[str, ...] = ()
    """The work with its holders and creators: another chain is another question."""

    @property
    def group(self) -> str:
        """Shared by findings that one decision may resolve together."""
        return _digest((self.code, self.licence, self.source, *sorted(set(self.evidence))))[:16]

    def evidence_digest(self, subject: str) -> str:
        """What a resolution of this reason is bound to: any change of it re-opens the flag."""
        words = [f"{key}={value}" for key, value in sorted(self.words.items())]
        rests_on = [*self.chain, *sorted(set(self.evidence))]
        return _digest((self.code, subject, self.licence, *words, *rests_on))


@lru_cache(maxsize=1024)
def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
