"""The pictures of a set: what they show, what they look like and what their files say.

Rows are read as tuples, and related rows by one query each: a model instance for every row and
relation made the reading of a large set cost twenty times what its decision costs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from provenance.clearance import rules
from provenance.clearance.gathering.columns import ident, text
from provenance.clearance.rules import Known
from provenance.models import Bank, Exhibit, Match, PersonShown

if TYPE_CHECKING:
    from provenance.models import ImageSet

GENERATED = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})
"""IPTC Digital Source Types of pictures that a generator made, or had a part in."""
MINOR = frozenset({f"AG-A{age}" for age in range(14, 18)} | {"AG-U14"})
"""PLUS codes of the youngest person's age, if under 18."""
ITEM = (
    text("pk"),
    "filename",
    text("work"),
    "collector",
    "source_url",
    "persons",
    text("fetched"),
    text("image"),
    "image__sha256",
    "image__normalised_sha256",
    text("image__embedded"),
    "image__screening__bank_version",
    "image__screening__low_information",
)


def pictures(image_set: ImageSet) -> tuple[rules.PictureFact, ...]:
    """The pictures as the decision sees them; of equal ones the first is the original."""
    version = Bank.current().version
    matches, shown = _matches(Q(image__items__image_set=image_set)), _shown(image_set)
    firsts: dict[str, tuple[Any, str]] = {}
    return tuple(
        rules.PictureFact(
            id=ident(pk),
            label=filename,
            sha256=sha256,
            work=ident(work),
            matches=tuple(matches.get(image, ())),
            screened=screened is not None and screened >= version,
            low_information=bool(low_information),
            duplicate_of=_original(firsts.setdefault(normalised, (pk, filename)), pk),
            custody=bool(collector and source_url),
            source_url=source_url,
            persons=persons,
            shown=tuple(shown.get(pk, ())),
            said=_said(embedded, fetched),
        )
        for (
            pk,
            filename,
            work,
            collector,
            source_url,
            persons,
            fetched,
            image,
            sha256,
            normalised,
            embedded,
            screened,
            low_information,
        ) in image_set.items.order_by("position").values_list(*ITEM)
    )


def _original(first: tuple[Any, str], pk: object) -> str | None:
    return None if first[0] == pk else first[1]


def exhibits(subject: str) -> tuple[rules.PictureFact, ...]:
    """The pictures that `subject` shows, by what they resemble; nothing is declared of them."""
    version = Bank.current().version
    rows = Exhibit.objects.filter(subject=subject).order_by("label")
    columns = ("label", text("image"), "image__sha256", "image__screening__bank_version")
    found = list(rows.values_list(*columns))
    matches = _matches(Q(image__exhibits__subject=subject)) if found else {}
    return tuple(
        rules.PictureFact(
            id=f"sample:{label}",
            label=label,
            sha256=sha256,
            matches=tuple(
                replace(one, explanation=f"It is {label}, which the model drew. {one.explanation}")
                for one in matches.get(image, ())
            ),
            screened=screened is not None and screened >= version,
        )
        for label, image, sha256, screened in found
    )


def _matches(shown: Q) -> dict[Any, list[rules.MatchFact]]:
    """By image: the listed pictures that it resembles."""
    found: dict[Any, list[rules.MatchFact]] = defaultdict(list)
    live = Match.objects.filter(shown, entry__ended_version=None)
    live = live.exclude(outcome=Match.Outcome.DISCOUNTED).order_by("entry")
    for image, work, level, bank, blocks, label, outcome, explanation in live.values_list(
        text("image"),
        text("entry__protection__work"),
        "entry__protection__level",
        "entry__bank__name",
        "entry__bank__blocks",
        "entry__label",
        "outcome",
        "explanation",
    ):
        listed = "" if work else f"“{label}” on the list “{bank}”"
        known = Known(level or 0)
        fact = rules.MatchFact(ident(work), outcome, known, explanation, listed, blocks)
        found[image].append(fact)
    return found


def _shown(image_set: ImageSet) -> dict[Any, list[rules.PersonFact]]:
    """By picture: who can be recognised in it."""
    found: dict[Any, list[rules.PersonFact]] = defaultdict(list)
    rows = PersonShown.objects.filter(item__image_set=image_set).order_by("pk")
    for item, party, minor in rows.values_list(text("item"), text("party"), "minor"):
        found[item].append(rules.PersonFact(ident(party), minor))
    return found


@lru_cache(maxsize=4096)
def _said(of_file: str, of_server: str) -> rules.SaidFact:
    """What the file says, and what the server said that sent this copy: both as JSON."""
    embedded: dict[str, Any] = json.loads(of_file)
    fetched: dict[str, Any] = json.loads(of_server)
    signals = (*embedded.get("signals", ()), *fetched.get("signals", ()))
    return rules.SaidFact(
        read=bool(embedded),
        signals=tuple(
            rules.SignalFact(one["source"], one["quote"], one["training"]) for one in signals
        ),
        creators=tuple(embedded.get("creators", ())),
        owners=tuple(embedded.get("owners", ())),
        persons=tuple(embedded.get("persons", ())),
        artworks=tuple(embedded.get("artworks", ())),
        generated=embedded.get("digital_source_type") in GENERATED,
        minor=embedded.get("minor_age", "") in MINOR,
    )
