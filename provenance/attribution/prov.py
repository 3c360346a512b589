"""Where a work, a set or a model comes from, as PROV-O in JSON-LD. Pure: facts in, a document out.

People and organisations appear by their random ids only: what was exported cannot be called back,
so that no name may stand in it. docs/vocabulary.md explains the terms of our own (`imp:`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OWN = "urn:x-imprimatur:"
LINKS = (
    "prov:actedOnBehalfOf", "prov:hadMember", "prov:specializationOf", "prov:used",
    "prov:wasAssociatedWith", "prov:wasAttributedTo", "prov:wasDerivedFrom", "prov:wasGeneratedBy",
    "imp:covers", "imp:rightsHeldBy",
)  # fmt: skip
TIMES = (
    "prov:startedAtTime", "prov:endedAtTime", "prov:generatedAtTime", "prov:invalidatedAtTime",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "prov": "http://www.w3.org/ns/prov#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "imp": {"@id": OWN, "@prefix": True},
    **{name: {"@type": "@id"} for name in LINKS},
    **{name: {"@type": "xsd:dateTime"} for name in TIMES},
}
"""Stands in the document itself, so that a reader needs no network."""
Value = str | int | bool | None


@dataclass(frozen=True)
class Agent:
    """Somebody who is responsible: a party, a user, or the site's own software."""

    id: str
    kind: str = "prov:Agent"
    acts_for: tuple[str, ...] = ()

    def node(self) -> dict[str, Any]:
        return _node(self.id, ["prov:Agent", self.kind], {"prov:actedOnBehalfOf": self.acts_for})


@dataclass(frozen=True)
class Activity:
    """Something that happened: `kind` is Declaration, Grant, Evaluation, Training or Release."""

    id: str
    kind: str
    by: str | None = None
    started: str | None = None
    ended: str | None = None
    used: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    def node(self) -> dict[str, Any]:
        links = {"prov:used": self.used, "prov:wasAssociatedWith": (self.by,) if self.by else ()}
        times = {"prov:startedAtTime": self.started, "prov:endedAtTime": self.ended}
        types = ["prov:Activity", f"imp:{self.kind}"]
        return _node(self.id, types, links, {**times, **self.values})


@dataclass(frozen=True)
class Entity:
    """Something there is: `kind` is Work, Image, ImageSet, Grant, Base, Model or Revision.

    `links` and `values` are by the name of their property, such as "prov:wasDerivedFrom".
    """

    id: str
    kind: str
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Value | tuple[str, ...]] = field(default_factory=dict)
    types: tuple[str, ...] = ()

    def node(self) -> dict[str, Any]:
        types = ["prov:Entity", f"imp:{self.kind}", *self.types]
        return _node(self.id, types, self.links, self.values)


def document(things: Iterable[Agent | Activity | Entity]) -> dict[str, Any]:
    """The JSON-LD document. Of things with one id the first stands; agents' delegations add up."""
    found: dict[str, Agent | Activity | Entity] = {}
    for thing in things:
        before = found.setdefault(thing.id, thing)
        if isinstance(before, Agent) and isinstance(thing, Agent):
            acts_for = tuple(sorted({*before.acts_for, *thing.acts_for}))
            found[thing.id] = Agent(thing.id, before.kind, acts_for)
    return {"@context": CONTEXT, "@graph": [found[key].node() for key in sorted(found)]}


def urn(identifier: UUID | str) -> str:
    """The public name of a record; the site's own software, which has no id, is `imp:system`."""
    try:
        return f"urn:uuid:{UUID(str(identifier))}"
    except ValueError:
        return f"{OWN}{identifier}"


def _node(
    identifier: str,
    types: list[str],
    links: Mapping[str, tuple[str, ...]],
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Without what is not on record: an empty value would say something."""
    linked = {name: sorted(set(ids)) for name, ids in links.items() if ids}
    told = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in (values or {}).items()
        if value not in (None, "", ())
    }
    return {"@id": identifier, "@type": list(dict.fromkeys(types)), **linked, **told}
