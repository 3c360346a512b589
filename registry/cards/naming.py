"""Who is named on a card, and how: the creator's own choice goes before everybody's wish.

A creator who chose is credited as written, or not at all. One who was not asked is named in the
credits file alone, unless they asked for credit themselves: by a licence's credit line, or by
that of their own permission. A holder's duty to credit does not name anybody on the card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.models import CreditChoice, Party, PartyName
from provenance.naming.rules import NameIndex, ProtectedName, check
from registry.cards.rules import PartyFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from provenance.models import Work

AS_WRITTEN = CreditChoice.Choice.AS_WRITTEN


@dataclass(frozen=True)
class Credit:
    """A credit line and the party who owes it to themselves; None: a licence asks for it."""

    line: str
    asked_by: UUID | None


@dataclass(frozen=True)
class Lines:
    """Credit lines for the card, and all that may stand in the credits file."""

    card: tuple[str, ...]
    file: tuple[str, ...]


@dataclass(frozen=True)
class Wishes:
    """What is on record of how the creators of a model's works want to be credited."""

    choices: Mapping[tuple[UUID, UUID | None], CreditChoice]
    names: NameIndex
    spellings: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, works: Iterable[Work]) -> Wishes:
        """The wishes of all creators and holders of these works, in two queries."""
        parties = {party.pk: party for work in works for party in work.creators.all()}
        parties |= {link.party_id: link.party for work in works for link in work.title_links.all()}
        chosen = CreditChoice.objects.filter(party__in=parties)
        others = PartyName.objects.filter(party__in=parties).order_by("pk")
        spellings = {str(pk): [party.name] for pk, party in parties.items()}
        for party_id, text in others.values_list("party_id", "text"):
            spellings[str(party_id)].append(text)
        forms = {pk: tuple(texts) for pk, texts in spellings.items()}
        index = NameIndex(
            tuple(
                ProtectedName(party_id=pk, forms=texts, proven=True, kind=Party.Kind.PERSON)
                for pk, texts in sorted(forms.items())
            )
        )
        return cls({(c.party_id, c.work_id): c for c in chosen}, index, forms)

    def choice(self, party: Party, work: Work | None) -> CreditChoice | None:
        """What the party chose for this work, or else for all."""
        if work is not None and (party.pk, work.pk) in self.choices:
            return self.choices[party.pk, work.pk]
        return self.choices.get((party.pk, None))

    def lines(self, work: Work, owed: Iterable[Credit]) -> Lines:
        """The credit lines that the creators of `work` agree with."""
        credits_ = [credit for credit in owed if credit.line]
        creators = list(work.creators.all())
        card = [c.line for c in credits_ if all(self._fits(c, p, work) for p in creators)]
        file = [c.line for c in credits_ if not any(self._denied(c, p, work) for p in creators)]
        return Lines(tuple(dict.fromkeys(card)), tuple(dict.fromkeys(file)))

    def _fits(self, credit: Credit, creator: Party, work: Work) -> bool:
        choice = self.choice(creator, work)
        if choice is None:
            own = credit.asked_by in (None, creator.pk)
            return own or not self._names(credit.line, creator)
        return not self._denied(credit, creator, work)

    def _denied(self, credit: Credit, creator: Party, work: Work) -> bool:
        """Names the creator otherwise than they chose."""
        choice = self.choice(creator, work)
        if choice is None or (choice.choice == AS_WRITTEN and choice.text in credit.line):
            return False
        return self._names(credit.line, creator)

    def _names(self, line: str, party: Party) -> bool:
        folded = line.casefold()
        if any(form.casefold() in folded for form in self.spellings[str(party.pk)]):
            return True
        return any(hit.party_id == str(party.pk) for hit in check(line, self.names, ()).hits)

    def creator(self, party: Party, work: Work, lines: Iterable[str]) -> PartyFacts:
        """A creator, with the name for the card and the one for the credits file alone."""
        if self.choice(party, work) is not None:
            return self.holder(party, work, lines)
        asked = any(self._names(line, party) for line in lines)
        name = party.name if asked or party.kind == Party.Kind.ORGANISATION else None
        return PartyFacts(str(party.pk), name, on_file=None if name else party.name)

    def holder(self, party: Party, work: Work | None, lines: Iterable[str]) -> PartyFacts:
        """A holder: organisations are named, people where they or their licence asked for it."""
        choice = self.choice(party, work)
        if choice is not None:
            written = choice.text if choice.choice == AS_WRITTEN else None
            return PartyFacts(str(party.pk), written, as_written=written is not None)
        credited = any(party.name in line for line in lines)
        named = party.kind == Party.Kind.ORGANISATION or credited
        return PartyFacts(str(party.pk), party.name if named else None)
