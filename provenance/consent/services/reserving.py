"""A party forbids training, one by one or by a list, and lifts the prohibition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.services import append
from provenance.clearance.rules.addresses import covers, host_of, located, normal
from provenance.clearance.services import mark_stale
from provenance.consent import events, selectors
from provenance.consent.lists import read_list
from provenance.consent.services.members import member_of
from provenance.models import Party, Reservation, SetImage, Work

if TYPE_CHECKING:
    from datetime import date

    from accounts.actors import Actor
    from provenance.consent.lists import Line

LONGEST_PREFIX = 500


def reserve(
    *,
    actor: Actor,
    party: Party,
    work: Work | None = None,
    url_prefix: str = "",
    statement: str = "",
    stated_on: date | None = None,
) -> Reservation:
    """A party forbids training on a work, on what lies at addresses, or on all that it holds.

    Anybody may reserve addresses; until the domain is known to be the party's it is only a claim.
    """
    member_of(actor, party)
    prefix = _prefix(url_prefix)
    if work is not None and prefix:
        raise InvalidError("two_targets", "Name a work or an address, not both.")
    if work is not None and not selectors.is_of(work, party):
        raise InvalidError(
            "not_your_work", f"{party} neither holds nor made this work.", "Name one of your own."
        )
    if stated_on is not None and stated_on > timezone.now().date():
        raise InvalidError("stated_later", "What was stated cannot have a day that is to come.")
    with transaction.atomic():
        reservation = Reservation.objects.create(
            party=party,
            work=work,
            url_prefix=prefix,
            stated_on=stated_on,
            statement=statement.strip(),
            registered_by_id=actor.id,
        )
        event = events.ReservationRegistered(
            reservation=str(reservation.pk),
            work=str(work.pk) if work else None,
            by_url=bool(prefix),
        )
        told = "\n".join(text for text in (prefix, statement.strip()) if text)
        append(actor=actor.id, subject=f"party:{party.pk}", event=event, statement=told)
        _mark(reservation)
    return reservation


def lift_reservation(*, actor: Actor, reservation: Reservation) -> None:
    """A party lifts its prohibition; what it blocked may be asked for again."""
    member_of(actor, reservation.party)
    with transaction.atomic():
        live = Reservation.objects.filter(pk=reservation.pk, lifted_at=None)
        if not live.update(lifted_at=timezone.now()):
            raise RefusedError("already_lifted", "This reservation was lifted before.")
        event = events.ReservationLifted(reservation=str(reservation.pk))
        append(actor=actor.id, subject=f"party:{reservation.party_id}", event=event)
        mark_stale(kind="party", refs=[str(reservation.party_id)], improves=True)


def import_reservations(*, actor: Actor, party: Party, text: str) -> list[Reservation]:
    """Register a whole list (CSV), or nothing where a line is bad; what is known is left alone.

    Returns what was new.
    """
    member_of(actor, party)
    made, wrong = [], []
    with transaction.atomic():
        for line in read_list(text):
            try:
                made += _import(actor, party, line)
            except (InvalidError, ValueError) as error:
                wrong.append(f"Line {line.number}: {error}")
        if wrong:
            more = f" And {len(wrong) - 10} more." if len(wrong) > 10 else ""  # noqa: PLR2004
            raise InvalidError(
                "bad_lines", " ".join(wrong[:10]) + more, "Nothing was imported: mend these first."
            )
    return made


def _import(actor: Actor, party: Party, line: Line) -> list[Reservation]:
    works = _works(party, line)
    prefix = _prefix(line.url_prefix)
    found = []
    targets: list[Work | None] = [*works] or [None]
    for work in targets:
        live = Reservation.objects.filter(party=party, lifted_at=None)
        if not live.filter(work=work, url_prefix=prefix).exists():
            found.append(
                reserve(
                    actor=actor,
                    party=party,
                    work=work,
                    url_prefix=prefix,
                    statement=line.statement,
                    stated_on=line.stated_on,
                )
            )
    return found


def _works(party: Party, line: Line) -> list[Work]:
    """The works that a line names, by id or by the holder's own reference."""
    if line.work is None and not line.reference:
        return []
    named = Work.of([party])
    if line.work:
        named = named.filter(pk=line.work)
    if line.reference:
        named = named.filter(reference=line.reference)
    found = list(named)
    if not found:
        raise InvalidError("not_your_work", f"{party} neither holds nor made such a work.")
    return found


def _prefix(address: str) -> str:
    if not address:
        return ""
    try:
        prefix = normal(address)
    except ValueError as error:
        raise InvalidError("bad_address", f"{address[:80]!r}: {error}") from error
    if len(prefix) > LONGEST_PREFIX:
        raise InvalidError("bad_address", f"An address has at most {LONGEST_PREFIX} characters.")
    return prefix


def _mark(reservation: Reservation) -> None:
    if not reservation.url_prefix:
        work, party = reservation.work_id, reservation.party_id
        kind, ref = ("work", work) if work else ("party", party)
        mark_stale(kind=kind, refs=[str(ref)])
        return
    host = host_of(reservation.url_prefix)
    by_host = Q(source_url__icontains=host) | Q(source_url__icontains=_readable(host))
    rows = SetImage.objects.filter(by_host).values_list("source_url", "image__sha256")
    found = {sha256 for url, sha256 in rows if covers(reservation.url_prefix, located(url))}
    owned = selectors.owns_domain(reservation.party, host)
    mark_stale(kind="image", refs=found, merely_claimed=not owned)


def _readable(host: str) -> str:
    """A domain in its own script, as people write it."""
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host
