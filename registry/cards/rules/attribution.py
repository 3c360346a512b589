"""Who made the pictures and who permitted their use, as they themselves wish to be told."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from registry.cards.rules.licence import LICENCES
from registry.cards.rules.text import link, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.cards.rules.facts import CardFacts, GrantFacts, PartyFacts, WorkFacts

MAX_WORKS_SHOWN = 300
BY_GRANT = "By permission of the rights-holders"


def attribution(facts: CardFacts) -> list[str]:
    """One line a work, grouped by licence; a long set goes on in the credits file."""
    works = sorted(facts.works, key=lambda w: (_basis(w), w.title.casefold(), w.work))
    lines = ["## Credits", ""]
    for basis, group in groupby(works[:MAX_WORKS_SHOWN], key=_basis):
        lines += [f"### {basis}", "", *(f"- {_credit(work, facts.numbers)}" for work in group), ""]
    hidden = len(works) - MAX_WORKS_SHOWN
    if hidden > 0:
        lines += [f"And {hidden} more works.", ""]
    lines += ["`provenance/credits.json` lists all works, with the records' ids.", ""]
    return lines


def _basis(work: WorkFacts) -> str:
    """What a work is used under, with a link to a licence's text."""
    if not work.licence:
        return BY_GRANT
    terms = LICENCES[work.licence]
    return f"[{terms.name}](<{terms.url}>)"


def _credit(work: WorkFacts, numbers: Mapping[str, int]) -> str:
    """The credit line exactly as asked for; without one, what the record knows."""
    line = work.credit_line or ""
    if plain(work.title) in plain(line):  # it need not be told twice
        parts = [link(line, work.source_url)]
    else:
        parts = [link(work.title, work.source_url), *filter(None, [markdown(line, limit=2000)])]
    if line:
        chosen = [p for p in work.creators if p.as_written and (p.name or "") not in line]
        if chosen:
            parts.append(f"by {named(chosen, 'creator')}")
    else:
        parts.append(f"by {named(work.creators, 'creator')}")
        if work.holders and _ids(work.holders) != _ids(work.creators):
            parts.append(f"rights: {named(work.holders, 'rights-holder')}")
    if work.grants:
        parts.append(f"grant {', '.join(str(numbers[grant]) for grant in work.grants)}")
    return " · ".join(parts)


def _ids(parties: Iterable[PartyFacts]) -> set[str]:
    return {party.party for party in parties}


def named(parties: Iterable[PartyFacts], role: str) -> str:
    """Their chosen names; those who wish not to be named are only counted."""
    parties = list(parties)
    names = sorted({markdown(p.name) for p in parties if p.name and plain(p.name)})
    silent = len({p.party for p in parties if not (p.name and plain(p.name))})
    if not parties:
        return f"{role} not on record"
    if silent:
        names.append(f"{silent} {role}{'s' if silent > 1 else ''} not named here")
    return ", ".join(names)


def people(facts: CardFacts) -> list[str]:
    """All creators and rights-holders in one place, and a word on those without a name here."""
    creators = {party for work in facts.works for party in work.creators}
    holders = {party for work in facts.works for party in work.holders}
    listed = [f"- Creators: {named(creators, 'creator')}."]
    if creators == holders:
        listed = [f"- Creators, who hold the rights as well: {named(creators, 'creator')}."]
    else:
        listed.append(f"- Rights-holders: {named(holders, 'rights-holder')}.")
    return [
        "## Creators and rights-holders",
        "",
        *listed,
        "",
        (
            "People are named as they asked to be, or not at all. A credit is for a work: it does "
            "not make anybody the author of this model, and is no permission to use a name."
        ),
        "",
    ]


def credits_record(facts: CardFacts) -> dict[str, Any]:
    """`provenance/credits.json`: opaque ids, and names save of those who wish not to be named."""
    return {
        "version": 1,
        "kind": "credits",
        "model": facts.model,
        "manifest_sha256": facts.manifest_sha256,
        "works": [_work_record(work) for work in sorted(facts.works, key=lambda w: w.work)],
        "grants": [_grant_record(grant) for grant in sorted(facts.grants, key=lambda g: g.grant)],
    }


def _work_record(work: WorkFacts) -> dict[str, Any]:
    return {
        "work": work.work,
        "title": work.title,
        "pictures": work.pictures,
        "licence": work.licence,
        "credit_line": work.credit_line or work.credit_on_file,
        "source_url": work.source_url,
        "creators": [_party_record(party) for party in work.creators],
        "holders": [_party_record(party) for party in work.holders],
        "grants": list(work.grants),
    }


def _grant_record(grant: GrantFacts) -> dict[str, Any]:
    territories = grant.territories
    return {
        "grant": grant.grant,
        "holder": _party_record(grant.holder),
        "permits": sorted(grant.permits),
        "until": grant.until,
        "territories": sorted(territories) if territories is not None else None,
        "after_end": grant.after_end,
        "after_end_on": grant.after_end_on.isoformat() if grant.after_end_on else None,
    }


def _party_record(party: PartyFacts) -> dict[str, Any]:
    return {"party": party.party, "name": party.name or party.on_file}
