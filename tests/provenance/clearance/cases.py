"""Every finding once: facts that bring it, facts that clear it, and words of its sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from provenance.clearance.rules import (
    BaseFact,
    Facts,
    Known,
    NameFact,
    ReservationFact,
    Severity,
    Speaks,
    Use,
)
from tests.provenance.clearance.build import (
    CC0,
    CC_BY,
    CC_BY_NC,
    CC_BY_ND,
    GRANT,
    MATCH,
    TODAY,
    USE,
    facts,
    picture,
    work,
)

SELF = Known.SELF_DECLARED
STUDIO = work("studio")
GRANTED = facts(STUDIO, grants=(GRANT,))
JOINT = work("studio", "press")
BOTH = (GRANT, replace(GRANT, id="h", assigner="press"))
MIRAS = replace(GRANT, assigner="mira")
COMMERCIAL = replace(USE, commercial=True)
GERMANY = replace(USE, territories=("DE",))
NAME = NameFact("token", "miraexample", "mira", "miraexample", proven=True)
BLOCK, FLAG, INFO = Severity.BLOCK, Severity.FLAG, Severity.INFO


class Case(NamedTuple):
    code: str
    severity: Severity
    brings: Facts
    clears: Facts
    says: str
    remedy: str
    use: Use = USE


def granted(**changes: object) -> Facts:
    return facts(STUDIO, grants=(replace(GRANT, **changes),))


def licensed(licence: object, **changes: object) -> Facts:
    return facts(work("mira", licences=(licence,), **changes))


def shown(**changes: object) -> Facts:
    """A picture of unknown work that looks like the protected one."""
    return facts(STUDIO, picture(work=None, matches=(replace(MATCH, **changes),)))


def with_names(**changes: object) -> Facts:
    return replace(GRANTED, names=(replace(NAME, **changes),))


RESERVED = ReservationFact("studio", date(2026, 6, 1))
LATER = replace(GRANT, given_on=date(2026, 7, 1))

CASES = [
    Case("empty_set", BLOCK, replace(GRANTED, pictures=()), GRANTED, "no picture", "Add pictures"),
    Case(
        "rights_holder_unknown", BLOCK, facts(work()), GRANTED, "Nobody has said", "State the work"
    ),
    Case("licence_missing", BLOCK, facts(STUDIO), GRANTED, "no permission on record", "Ask Studio"),
    Case(
        "licence_forbids_use", BLOCK, licensed(CC_BY_ND), licensed(CC0), "CC-BY-ND-4.0", "Ask Mira"
    ),
    Case(
        "licence_forbids_use",
        BLOCK,
        licensed(CC_BY_NC),
        licensed(CC0),
        "not permit",
        "change the use",
        COMMERCIAL,
    ),
    Case(
        "licence_forbids_use",
        BLOCK,
        licensed(replace(CC0, training=Speaks.NO)),
        licensed(CC0),
        "does not permit this use",
        "take the picture out",
    ),
    Case(
        "licence_silent",
        FLAG,
        licensed(CC_BY),
        licensed(CC0),
        "does not speak of training",
        "reviewer",
    ),
    Case(
        "grant_missing",
        BLOCK,
        facts(work("studio", licences=(CC0,))),
        GRANTED,
        "but not by Studio Example",
        "Ask Studio Example",
    ),
    Case("grant_scope", BLOCK, granted(actions=("train",)), GRANTED, "not for all", "widen"),
    Case("grant_scope", BLOCK, granted(bases=("other",)), GRANTED, "not for all", "ask for less"),
    Case(
        "grant_scope", BLOCK, granted(not_before=date(2027, 1, 1)), GRANTED, "not for all", "widen"
    ),
    Case(
        "grant_scope",
        BLOCK,
        granted(),
        granted(commercial=True),
        "not for all",
        "widen",
        COMMERCIAL,
    ),
    Case(
        "grant_expired",
        BLOCK,
        granted(not_after=date(2026, 10, 31)),
        granted(not_after=TODAY),
        "has ended",
        "renew",
    ),
    Case(
        "grant_revoked", BLOCK, granted(revoked_on=TODAY), GRANTED, "has withdrawn", "only Studio"
    ),
    Case(
        "territory_uncovered",
        BLOCK,
        granted(territories=("FR",)),
        granted(territories=("DE", "FR")),
        "in: DE",
        "these territories too",
        GERMANY,
    ),
    Case(
        "co_holder_missing",
        BLOCK,
        facts(JOINT, grants=(GRANT,)),
        facts(JOINT, grants=BOTH),
        "Example Press gave no permission",
        "Ask Example Press",
    ),
    Case(
        "creator_is_not_holder",
        BLOCK,
        facts(STUDIO, grants=(MIRAS,)),
        GRANTED,
        "Mira Example made “Lighthouse” and said yes, but the rights are held by Studio Example",
        "Ask Studio Example",
    ),
    Case(
        "reservation_registered",
        BLOCK,
        replace(GRANTED, reservations=(RESERVED,)),
        facts(STUDIO, grants=(LATER,), reservations=(RESERVED,)),
        "Studio Example has forbidden",
        "grant that names this work",
    ),
    Case(
        "creator_objects",
        FLAG,
        replace(GRANTED, reservations=(replace(RESERVED, party="mira"),)),
        GRANTED,
        "Mira Example, who made",
        "reviewer decides",
    ),
    Case(
        "match_protected",
        BLOCK,
        shown(),
        replace(shown(), grants=(GRANT,)),
        "a protected work of Studio Example",
        "Ask Studio Example",
    ),
    Case(
        "match_possible",
        FLAG,
        facts(
            work("mira", licences=(CC0,)),
            picture(matches=(replace(MATCH, work="v", level=SELF),)),
            works=(work("mira", licences=(CC0,)), replace(STUDIO, id="v")),
        ),
        licensed(CC0),
        "may show",
        "reviewer looks at both",
    ),
    Case(
        "match_possible",
        FLAG,
        replace(
            facts(
                work("mira", licences=(CC0,)),
                picture(matches=(replace(MATCH, work="v", level=SELF),)),
                works=(work("mira", licences=(CC0,)), replace(STUDIO, id="v")),
            ),
            reservations=(RESERVED,),
        ),
        licensed(CC0),
        "rights-holder forbids training",
        "reviewer looks at both",
    ),
    Case(
        "match_listed",
        FLAG,
        facts(
            STUDIO,
            picture(matches=(replace(MATCH, work=None, listed="“Leak” on the list “Watch”"),)),
            grants=(GRANT,),
        ),
        GRANTED,
        "resembles “Leak” on the list “Watch”",
        "reviewer looks at both",
    ),
    Case(
        "match_listed",
        BLOCK,
        facts(
            STUDIO,
            picture(matches=(replace(MATCH, work=None, listed="“Leak”", blocks=True),)),
            grants=(GRANT,),
        ),
        GRANTED,
        "resembles “Leak”",
        "take the picture out",
    ),
    Case(
        "match_unavailable",
        FLAG,
        facts(STUDIO, picture(screened=False), grants=(GRANT,)),
        GRANTED,
        "not been compared",
        "ask again",
    ),
    Case(
        "low_information_image",
        FLAG,
        facts(STUDIO, picture(low_information=True), grants=(GRANT,)),
        GRANTED,
        "too flat",
        "more detail",
    ),
    Case("evidence_weak", FLAG, granted(identity=SELF), GRANTED, "nobody has checked", "document"),
    Case(
        "evidence_weak",
        FLAG,
        facts(work("studio", title=SELF), grants=(GRANT,)),
        GRANTED,
        "nobody has checked",
        "document",
    ),
    Case(
        "evidence_weak",
        FLAG,
        licensed(replace(CC0, identity=SELF)),
        licensed(CC0),
        "nobody has checked",
        "document",
    ),
    Case(
        "synthetic_source",
        FLAG,
        facts(work("studio", source="generated"), grants=(GRANT,)),
        GRANTED,
        "made by a generator",
        "which generator",
    ),
    Case(
        "custody_incomplete",
        FLAG,
        facts(STUDIO, picture(custody=False), grants=(GRANT,)),
        GRANTED,
        "where it came from",
        "Add the collector",
    ),
    Case(
        "duplicate_in_set",
        INFO,
        facts(STUDIO, picture(duplicate_of="IMG_0.jpg"), grants=(GRANT,)),
        GRANTED,
        "IMG_0.jpg",
        "Keep one",
    ),
    Case(
        "base_uncleared",
        FLAG,
        replace(GRANTED, base=BaseFact("sd", "unknown")),
        replace(GRANTED, base=BaseFact("sd", "cleared")),
        "sd is unknown",
        "card will say it",
    ),
    Case(
        "name_protected",
        BLOCK,
        with_names(),
        with_names(consented=True),
        "the name of Mira Example",
        "neutral name",
    ),
    Case(
        "name_protected",
        FLAG,
        with_names(proven=False),
        with_names(consented=True),
        "who has not permitted it",
        "neutral name",
    ),
    Case(
        "name_consent_missing",
        BLOCK,
        with_names(has_consent_for_other_forms=True),
        with_names(consented=True),
        "not as “miraexample” in the token",
        "exactly a permitted form",
    ),
    Case("name_unregistered", FLAG, with_names(party=None), GRANTED, "not on record", "nobody's"),
]
