"""One picture: which works it shows, and the reasons that follow for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.clearance.rules.addresses import covers, located
from provenance.clearance.rules.facts import Known
from provenance.clearance.rules.permission import cover, is_sure, named_by_holder, reserved
from provenance.clearance.rules.persons import persons
from provenance.clearance.rules.reasons import Reason
from provenance.clearance.rules.said import said
from provenance.clearance.rules.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provenance.clearance.rules.facts import MatchFact, PictureFact, ReservationFact
    from provenance.clearance.rules.lookup import Lookup

FORBIDDEN = "Its rights-holder forbids training with it."
NOBODY_ASKED = frozenset({"licence_missing", "grant_missing", "rights_holder_unknown"})


def judge(picture: PictureFact, look: Lookup) -> list[Reason]:
    """The reasons for one picture: one root block, or all its flags, then what is good to know."""
    found = [
        *_of_matches(picture, look),
        *_of_declared(picture, look),
        *persons(picture, look),
        *_of_addresses(picture, look),
        *said(picture, look),
        *_of_file(picture),
    ]
    blocks = [reason for reason in found if reason.severity is Severity.BLOCK]
    notes = [reason for reason in found if reason.severity is Severity.INFO]
    if blocks:
        return [blocks[0], *notes]
    return _once(found)


def _once(found: Iterable[Reason]) -> list[Reason]:
    return list({(reason.code, str(reason.words)): reason for reason in found}.values())


def judge_exhibit(picture: PictureFact, look: Lookup) -> list[Reason]:
    """A sample of a model declares nothing: what it resembles decides."""
    found = _of_matches(picture, look)
    if not picture.screened:
        found.append(Reason("match_unavailable", Severity.FLAG))
    return _once(found)


def _of_matches(picture: PictureFact, look: Lookup) -> list[Reason]:
    """A match identifies the work; its own chain and grants decide."""
    found: list[Reason] = []
    for match in sorted(picture.matches, key=lambda m: (m.work or "", m.listed, m.outcome)):
        if match.work is None:
            words = {"listed": match.listed, "how": match.explanation}
            evidence = (f"{match.listed}:{match.outcome}",)
            severity = (
                Severity.BLOCK if match.blocks and match.outcome == "match" else Severity.FLAG
            )
            found.append(Reason("match_listed", severity, words=words, evidence=evidence))
            continue
        if match.work == picture.work:
            continue  # judged as the declared work
        reasons = cover(look.works[match.work], look)
        blocked = [r for r in reasons if r.severity is Severity.BLOCK]
        if not blocked:
            found += reasons if is_sure(match) else []
        elif is_sure(match):
            found.append(_protected(match, blocked[0]))
        else:
            found.append(_possible(match, blocked[0], reserved(look.works[match.work], look)))
    return found


def _protected(match: MatchFact, root: Reason) -> Reason:
    code = "match_protected" if root.code in NOBODY_ASKED else root.code
    words = root.words | {"how": match.explanation}
    return Reason(code, Severity.BLOCK, root.missing, words, root.licence, root.source)


def _possible(match: MatchFact, root: Reason, prohibitions: Iterable[Reason]) -> Reason:
    """A flag; whoever clears it sees that the work is forbidden, where it is."""
    forbidden = any(one.severity is Severity.BLOCK for one in prohibitions)
    how = f"{match.explanation} {FORBIDDEN}" if forbidden else match.explanation
    words = {"work": root.words["work"], "how": how, "level": match.level.name}
    evidence = (f"{match.work}:{match.outcome}:{int(match.level)}", *["forbidden"] * forbidden)
    return Reason("match_possible", Severity.FLAG, root.missing, words, evidence=evidence)


def _of_declared(picture: PictureFact, look: Lookup) -> list[Reason]:
    if picture.work is not None:
        return cover(look.works[picture.work], look)
    if any(match.work and is_sure(match) for match in picture.matches):
        return []  # the match has identified the work, and was judged above
    return [Reason("rights_holder_unknown", Severity.BLOCK, words={"work": picture.label})]


def _of_addresses(picture: PictureFact, look: Lookup) -> Iterator[Reason]:
    """Prohibitions for all that lies under an address, by whoever is known to own it."""
    found = located(picture.source_url) if look.addresses else ""
    work = look.works.get(picture.work or "")
    for prefix, reservation in look.addresses:
        if not covers(prefix, found):
            continue
        if work is not None and named_by_holder(work, reservation.registered_on, look):
            continue
        yield _at_address(picture, reservation)


def _at_address(picture: PictureFact, reservation: ReservationFact) -> Reason:
    known = reservation.level >= Known.CONTACT_CONFIRMED
    words = {"work": picture.label, "party": reservation.party, "url": reservation.url_prefix}
    return Reason(
        "reservation_address",
        Severity.BLOCK if known else Severity.FLAG,
        (reservation.party,),
        words,
        source=reservation.url_prefix,
    )


def _of_file(picture: PictureFact) -> Iterator[Reason]:
    if not picture.screened:
        yield Reason("match_unavailable", Severity.FLAG)
    if picture.low_information:
        yield Reason("low_information_image", Severity.FLAG)
    if not picture.custody:
        yield Reason("custody_incomplete", Severity.FLAG)
    if picture.duplicate_of:
        yield Reason("duplicate_in_set", Severity.INFO, words={"other": picture.duplicate_of})
