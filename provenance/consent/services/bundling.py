"""Ask everybody whose permission a set lacks, each with one request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from accounts.errors import InvalidError, RefusedError
from provenance.clearance.services import evaluate_set, open_findings
from provenance.consent.rules import NEEDED_TO_RELEASE
from provenance.consent.services.asking import ask_party
from provenance.intake.selectors import current_evaluation, plain_use, subject_of
from provenance.models import Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.actors import Actor
    from provenance.models import Ask, ImageSet


@dataclass(frozen=True)
class Asked:
    """A party with the request made to it, or the sentence that says why there is none."""

    party: Party
    ask: Ask | None
    refusal: str = ""


def ask_all(
    *,
    actor: Actor,
    image_set: ImageSet,
    purpose: str,
    model_name: str,
    actions: Iterable[str] = NEEDED_TO_RELEASE,
    commercial: bool = False,
    message: str = "",
    addresses: Mapping[str, str] | None = None,
) -> list[Asked]:
    """One request to each party that the set's open findings miss; `addresses` by party id.

    A party that cannot be asked now does not keep the others from being asked.
    """
    lacking = missing(actor, image_set)
    if not lacking:
        raise InvalidError(
            "nobody_missing",
            "No permission is missing for this set that somebody could be asked for.",
            "What blocks it otherwise is told with its pictures.",
        )
    wanted, given = tuple(actions), addresses or {}
    done = []
    for party, for_what in lacking:
        names = ("use-name",) if "name" in for_what and party.kind == Party.Kind.PERSON else ()
        try:
            ask = ask_party(
                actor=actor,
                image_set=image_set,
                party=party,
                purpose=purpose,
                model_name=model_name,
                actions=(*(wanted if "works" in for_what else ()), *names),
                commercial=commercial,
                message=message,
                address=given.get(str(party.pk), ""),
            )
            done.append(Asked(party, ask))
        except RefusedError as refusal:
            done.append(Asked(party, None, str(refusal)))
    return done


def missing(actor: Actor, image_set: ImageSet) -> list[tuple[Party, set[str]]]:
    """Whose permission is missing, and for what: "works", "name" or both."""
    if str(image_set.owner_id) != actor.id:
        raise PermissionDenied("Only the owner of a set asks for permissions for it.")
    evaluation = current_evaluation(image_set) or evaluate_set(
        image_set=image_set, use=plain_use(image_set), subject=subject_of(image_set)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for finding in open_findings(evaluation):
        for party in finding["missing"]:
            found[party].add("name" if finding["subject"].startswith("name:") else "works")
    parties = Party.objects.filter(pk__in=found).order_by("name", "pk")
    return [(party, found[str(party.pk)]) for party in parties]
