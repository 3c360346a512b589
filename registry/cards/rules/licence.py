"""A model's licence and conditions, computed from what went into it. There is no default.

Narrow on purpose: a licence that is not in the table is refused, because a wrong licence is
worse than none. The strictest of all inputs decides each condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from registry.cards.rules.facts import CardFacts, CardRefusedError, GrantFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")
ACTIONS = ("commercial-outputs", "distribute-weights", "further-train", "host-as-service")


@dataclass(frozen=True)
class Terms:
    """A public licence: the Hub's identifier, its text, and what it asks for."""

    hub: str
    name: str
    url: str
    attribution: bool = True
    restricts_use: bool = False
    share_alike: bool = False


def _creative_commons(kind: str, version: str) -> Terms:
    url = f"https://creativecommons.org/licenses/{kind}/{version}/"
    name = f"CC {kind.upper()} {version}"
    return Terms(f"cc-{kind}-{version}", name, url, share_alike=kind.endswith("sa"))


CC0 = Terms("cc0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", False)
LICENCES = {
    "CC0-1.0": CC0,
    "LicenseRef-PDM-1.0": Terms(
        "cc0-1.0",
        "Public Domain Mark 1.0",
        "https://creativecommons.org/publicdomain/mark/1.0/",
        attribution=False,
    ),
    **{f"CC-BY-{v}": _creative_commons("by", v) for v in ("2.0", "2.5", "3.0", "4.0")},
    **{f"CC-BY-SA-{v}": _creative_commons("by-sa", v) for v in ("2.0", "2.5", "3.0", "4.0")},
    "Apache-2.0": Terms("apache-2.0", "Apache 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "MIT": Terms("mit", "MIT", "https://opensource.org/license/mit"),
    "creativeml-openrail-m": Terms(
        "creativeml-openrail-m",
        "CreativeML Open RAIL-M",
        "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
        restricts_use=True,
    ),
    "openrail++": Terms(
        "openrail++",
        "CreativeML Open RAIL++-M",
        "https://huggingface.co/stabilityai/stable-diffusion-2/blob/main/LICENSE-MODEL",
        restricts_use=True,
    ),
}


@dataclass(frozen=True)
class LicenceInput:
    """One thing that went into the model: a work, or its base, with all its permissions."""

    source: str
    licence: str | None = None
    grants: tuple[GrantFacts, ...] = ()


@dataclass(frozen=True)
class Answer:
    """May one do this with the model? `sources` are the licences and grants that decide it."""

    permitted: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ModelLicence:
    """What the model may be used for. `hub` is the Hub's identifier, `name` is set for other."""

    hub: str
    name: str | None
    link: str | None
    attribution: tuple[str, ...]
    """The licences and grants that ask for credit."""
    non_commercial: bool
    restricts_use: bool
    until: str | None
    """The last day of the first grant to end."""
    territories: frozenset[str] | None
    answers: dict[str, Answer]
    """By action."""
    licences: tuple[Terms, ...]


def model_licence(inputs: Sequence[LicenceInput]) -> ModelLicence:
    """The licence that fits all `inputs`. Nothing on record, or a licence unknown here, refuses."""
    if not inputs:
        raise CardRefusedError("Nothing went into this model, so it can have no licence.")
    for item in inputs:
        _require_permission(item)
    grants = _distinct(grant for item in inputs for grant in item.grants)
    licences = _distinct(LICENCES[item.licence] for item in inputs if item.licence is not None)
    hub, name, link = _identify(licences, grants)
    answers = {action: _answer(action, licences, grants) for action in ACTIONS}
    return ModelLicence(
        hub=hub,
        name=name,
        link=link,
        attribution=(
            *sorted(terms.name for terms in licences if terms.attribution),
            *sorted(f"grant {grant.grant}" for grant in grants if grant.attribution),
        ),
        non_commercial=not answers["commercial-outputs"].permitted,
        restricts_use=any(terms.restricts_use for terms in licences),
        until=min((grant.until for grant in grants if grant.until), default=None),
        territories=_common_territories(grants),
        answers=answers,
        licences=tuple(sorted(licences, key=lambda terms: terms.name)),
    )


def licence_of(facts: CardFacts) -> ModelLicence:
    """The licence of the model that `facts` describe, its base being one of the inputs."""
    works = [LicenceInput(w.work, w.licence, facts.grants_of(w)) for w in facts.works]
    if not works:
        raise CardRefusedError("The card names no work: an empty set has no model.")
    return model_licence([LicenceInput("base model", facts.base.licence), *works])


def _require_permission(item: LicenceInput) -> None:
    if item.licence is None and not item.grants:
        raise CardRefusedError(
            f"No licence and no grant is on record for {item.source}: record one, or leave it out."
        )
    if item.licence is not None and item.licence not in LICENCES:
        raise CardRefusedError(
            f"What the licence {item.licence!r} of {item.source} asks of a model is not known "
            "here: leave it out, or record its holders' grants instead."
        )
    for grant in item.grants:
        if "train" not in grant.permits:
            raise CardRefusedError(f"Grant {grant.grant} does not permit training: ask its holder.")


def _distinct(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))


def _identify(
    licences: list[Terms], grants: list[GrantFacts]
) -> tuple[str, str | None, str | None]:
    """Hub identifier, own name and link: one public licence if one fits all, else other.

    Share-alike passes to the model. CC BY and CC0 works may stand under it; two share-alike
    licences, or one beside terms that it does not allow to add, fit no model.
    """
    alike = [terms for terms in licences if terms.share_alike]
    if alike:
        return _share_alike(alike, [terms for terms in licences if not terms.share_alike], grants)
    if grants:
        return "other", "imprimatur-grants", "README.md"
    identifiers = {terms.hub for terms in licences} - {CC0.hub}
    if len(identifiers) > 1:
        return "other", "imprimatur-combined", "README.md"
    return (identifiers.pop() if identifiers else CC0.hub), None, None


def _share_alike(
    alike: list[Terms], others: list[Terms], grants: list[GrantFacts]
) -> tuple[str, None, None]:
    against = [terms.name for terms in others if not terms.hub.startswith("cc")]
    against += [terms.name for terms in alike[1:]]
    against += [f"grant {grant.grant}" for grant in grants]
    if against:
        raise CardRefusedError(
            f"{alike[0].name} asks that the model stand under {alike[0].name} itself, which does "
            f"not go together with {', '.join(sorted(set(against)))}: leave one of them out."
        )
    return alike[0].hub, None, None


def _answer(action: str, licences: list[Terms], grants: list[GrantFacts]) -> Answer:
    """Yes if every grant says yes; the public licences in the table permit all four actions."""
    refusing = tuple(f"grant {g.grant}" for g in grants if action not in g.permits)
    if refusing:
        return Answer(False, tuple(sorted(refusing)))
    names = sorted(terms.name for terms in licences)
    return Answer(True, (*names, *sorted(f"grant {grant.grant}" for grant in grants)))


def _common_territories(grants: list[GrantFacts]) -> frozenset[str] | None:
    """The countries that all grants cover; None is the whole world."""
    limited = [grant.territories for grant in grants if grant.territories is not None]
    if not limited:
        return None
    common = frozenset.intersection(*limited)
    if not common:
        raise CardRefusedError("There is no country in which all grants hold: no release.")
    return common
