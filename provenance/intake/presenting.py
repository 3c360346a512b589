"""Sets and pictures as pages show them: verdicts, reasons, and who must be asked."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count

from provenance.attribution.selectors import statement_of
from provenance.intake import selectors
from provenance.models import Party, Standing

if TYPE_CHECKING:
    from accounts.models import User
    from provenance.models import Evaluation, ImageSet, SetImage

ABOUT_SET = ("set", "base")


@dataclass(frozen=True)
class Line:
    """A set in a list."""

    image_set: ImageSet
    pictures: int
    outcome: str
    is_own: bool


@dataclass(frozen=True)
class Card:
    """A picture with its outcome and reasons; the outcome is empty while nothing is decided."""

    item: SetImage
    outcome: str
    findings: list[dict[str, Any]]

    @property
    def holders(self) -> str:
        """Those stated to hold from the beginning; the work's page tells what followed."""
        return ", ".join(statement_of(self.item).holders)


@dataclass(frozen=True)
class Seen:
    """A set as one user sees it."""

    may_change: bool
    is_own: bool
    evaluation: Evaluation | None
    cards: list[Card]
    counts: dict[str, int]
    about: list[dict[str, Any]]
    """Findings about the whole set: its name, its base, its being empty."""
    missing: list[Party] = field(default_factory=list)
    """Parties whose permission is missing, by name."""
    verdict: str = ""


def lines(user: User) -> list[Line]:
    """The sets that the user may look at, one's own first, newest first."""
    found = list(
        selectors.visible_sets(user).select_related("owner").annotate(pictures=Count("items"))
    )
    standings = Standing.objects.filter(
        pk__in=[selectors.subject_of(s) for s in found], stale_at=None
    )
    outcomes = dict(standings.values_list("pk", "outcome"))
    made = [
        Line(s, s.pictures, outcomes.get(selectors.subject_of(s), ""), s.owner_id == user.pk)
        for s in found
    ]
    return sorted(made, key=lambda line: (not line.is_own, -line.image_set.created_at.timestamp()))


def of_set(user: User, image_set: ImageSet, *, verdict: str = "") -> Seen:
    """The set with a card for each picture, or for those of one verdict."""
    evaluation = selectors.current_evaluation(image_set)
    cards = _cards(image_set, evaluation)
    own = image_set.owner_id == user.pk
    findings = evaluation.findings if evaluation else []
    missing = {party for finding in findings for party in finding["missing"]}
    return Seen(
        may_change=own and image_set.frozen_at is None,
        is_own=own,
        evaluation=evaluation,
        cards=[card for card in cards if not verdict or card.outcome == verdict],
        counts=dict(Counter(card.outcome for card in cards if card.outcome)),
        about=[f for f in findings if f["subject"] in ABOUT_SET or f["subject"][:5] == "name:"],
        missing=list(Party.objects.filter(pk__in=missing)),
        verdict=verdict,
    )


def of_item(user: User, item: SetImage) -> Card:  # noqa: ARG001 - like of_set
    """One picture with its reasons."""
    evaluation = selectors.current_evaluation(item.image_set)
    return _card(item, evaluation, selectors.findings_by_item(evaluation) if evaluation else {})


def _cards(image_set: ImageSet, evaluation: Evaluation | None) -> list[Card]:
    findings = selectors.findings_by_item(evaluation) if evaluation else {}
    return [_card(item, evaluation, findings) for item in selectors.items_of(image_set)]


def _card(
    item: SetImage, evaluation: Evaluation | None, findings: dict[str, list[dict[str, Any]]]
) -> Card:
    outcome = evaluation.pictures.get(str(item.pk), "") if evaluation else ""
    return Card(item, outcome, findings.get(str(item.pk), []))


def template_lines(image_set: ImageSet) -> str:
    """A CSV line for each picture, with its name alone."""
    out = io.StringIO()
    table = csv.writer(out)
    for name in image_set.items.order_by("position").values_list("filename", flat=True):
        table.writerow([name, *([""] * 8)])
    return out.getvalue()


def uuids(texts: list[str]) -> list[UUID]:
    """Those of the texts that are ids."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
