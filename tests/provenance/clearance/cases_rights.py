"""The findings about chains of title, layers, persons, addresses, files and the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from provenance.clearance.rules import (
    BaseFact,
    DelegationFact,
    Facts,
    GrantFact,
    Known,
    LayerFact,
    LinkFact,
    Minimum,
    PersonFact,
    Policy,
    ReservationFact,
    SaidFact,
    Severity,
    SignalFact,
    StatusFact,
)
from tests.provenance.clearance.build import CC0, CC_BY, CHECKED, GRANT, facts, picture, work
from tests.provenance.clearance.cases import (
    BLOCK,
    CASES,
    FLAG,
    GERMANY,
    GRANTED,
    SELF,
    STUDIO,
    Case,
    granted,
)

READ = SaidFact(read=True)
PRESS = replace(GRANT, id="h", assigner="press")
MADE = LinkFact("mira", CHECKED, "deed", id="1", kind="authored")
SOLD = LinkFact(
    "studio", CHECKED, "contract", id="2", kind="assignment", grantor="mira", conveys=("*",)
)
LICENSED_OUT = replace(SOLD, id="3", kind="exclusive-licence", party="press", territories=("DE",))


def chain(*links: LinkFact, grants: tuple[GrantFact, ...] = (GRANT,), **changes: Any) -> Facts:
    return facts(work(links=links, **changes), grants=grants)


def on_picture(**changes: Any) -> Facts:
    return facts(STUDIO, picture(**changes), grants=(GRANT,))


def said(**changes: Any) -> Facts:
    return on_picture(said=SaidFact(read=True, **changes))


def signal(training: str) -> Facts:
    return said(signals=(SignalFact("xmp:plus:DataMining", "DMI-PROHIBITED", training),))


def blanket(found: Facts) -> Facts:
    """The same, where the holder permits everything at once and nothing by name."""
    return replace(found, grants=(replace(GRANT, works=None),))


def showing(*layers: LayerFact, grants: tuple[GrantFact, ...] = (GRANT,)) -> Facts:
    statue = replace(work("press"), id="statue", title="Statue", creators=())
    shown = replace(STUDIO, layers=layers)
    return facts(shown, works=(shown, statue), grants=grants)


def portrait(*shown: PersonFact, **changes: Any) -> Facts:
    found = on_picture(persons="identifiable", shown=shown)
    return replace(found, **changes)


RELEASE = GrantFact("r", "mira", ("use-likeness",), (), identity=CHECKED)
MIRA = PersonFact("mira")
CHILD = PersonFact("mira", minor=True)
GUARDIAN = DelegationFact("mira", "press", "guardian", ("use-likeness",), CHECKED)
STATUE = LayerFact("artwork", "known", "statue")
FOR_STATUE = replace(GRANT, id="s", assigner="press", works=("statue",))
ADDRESS = ReservationFact(
    "press", date(2026, 1, 1), url_prefix="https://press.example/art/", level=CHECKED
)
HERE = on_picture(source_url="https://press.example/art/1.png")
WEIGHTS = Policy(evidence=(Minimum("distribute-weights", Known.CONTACT_CONFIRMED, SELF),))
FREE = StatusFact("world", "public-domain", CHECKED, "catalogue")
SHARED = replace(CC_BY, code="CC-BY-SA-4.0", share_alike=True)
NON_COMMERCIAL = replace(CC_BY, code="CC-BY-NC-4.0", commercial=False)


def both(one: Any, other: Any, **changes: Any) -> Facts:
    """Two works under a licence each; the site lets silent licences pass."""
    first = work("mira", licences=(one,))
    second = replace(work("mira", licences=(other,)), id="v", title="Harbour")
    shown = (picture(), picture(id="q", label="IMG_2.jpg", work="v"))
    found = facts(first, works=(first, second), policy=Policy(silent_licence=None))
    return replace(found, pictures=shown, **changes)


RIGHTS = [
    Case(
        "title_gap", BLOCK, chain(SOLD), chain(MADE, SOLD), "how Mira Example came", "missing link"
    ),
    Case(
        "title_conflict",
        BLOCK,
        chain(MADE, SOLD, replace(SOLD, id="9", party="press", starts=date(2025, 1, 1))),
        chain(MADE, SOLD),
        "to Studio Example and to Example Press",
        "see both contracts",
    ),
    Case(
        "title_silent_on_training",
        BLOCK,
        chain(MADE, replace(SOLD, conveys=("display",))),
        chain(MADE, SOLD),
        "does not speak of this",
        "Ask both sides",
    ),
    Case(
        "territory_uncovered",
        BLOCK,
        chain(MADE, SOLD, replace(LICENSED_OUT, grantor="studio")),
        chain(MADE, SOLD, replace(LICENSED_OUT, grantor="studio"), grants=(GRANT, PRESS)),
        "permission of Example Press on record for “Lighthouse” in: DE",
        "Ask Example Press",
    ),
    Case(
        "co_holder_missing",
        BLOCK,
        chain(MADE, replace(SOLD, share=50.0)),
        chain(MADE, SOLD),
        "Mira Example gave no permission",
        "Ask Mira Example as well",
    ),
    Case(
        "disputed",
        BLOCK,
        facts(replace(STUDIO, dispute="evidenced"), grants=(GRANT,)),
        GRANTED,
        "Two parties claim",
        "until a reviewer has resolved",
    ),
    Case(
        "disputed",
        FLAG,
        facts(replace(STUDIO, dispute="claimed"), grants=(GRANT,)),
        GRANTED,
        "Two parties claim",
        "until a reviewer has resolved",
    ),
    Case(
        "grant_used_up", BLOCK, granted(models_left=0), granted(models_left=1), "so many", "another"
    ),
    Case("grant_scope", BLOCK, granted(purposes=("research",)), GRANTED, "not for all", "widen"),
    Case("grant_scope", BLOCK, granted(recipients=("registered",)), GRANTED, "not for all", "less"),
    Case(
        "evidence_insufficient",
        BLOCK,
        replace(granted(identity=SELF), policy=WEIGHTS),
        replace(GRANTED, policy=WEIGHTS),
        "not known well enough who spoke",
        "cannot clear this without new evidence",
    ),
    Case(
        "status_weak",
        FLAG,
        facts(work(statuses=(replace(FREE, title=SELF),))),
        facts(work(statuses=(FREE,))),
        "public domain",
        "which countries",
    ),
    Case(
        "rights_holder_unknown",
        BLOCK,
        facts(work(statuses=(replace(FREE, territory="US"),))),
        facts(work(statuses=(FREE,))),
        "Nobody has said",
        "State the work",
    ),
    Case(
        "rights_holder_unknown",
        BLOCK,
        facts(work(statuses=(replace(FREE, territory="US"),))),
        facts(work(statuses=(replace(FREE, territory="DE"),))),
        "Nobody has said",
        "State the work",
        GERMANY,
    ),
    Case(
        "underlying_holder_missing",
        BLOCK,
        showing(STATUE),
        showing(STATUE, grants=(GRANT, FOR_STATUE)),
        "shows a work of art, “Statue”",
        "Ask Example Press as well",
    ),
    Case(
        "underlying_unsure",
        FLAG,
        showing(LayerFact("character", "unsure")),
        showing(LayerFact("character", "none")),
        "may show a character",
        "Say what it shows",
    ),
    Case(
        "likeness_release_missing",
        BLOCK,
        portrait(MIRA),
        portrait(MIRA, grants=(GRANT, RELEASE)),
        "permission of Mira Example on record for the use of their likeness",
        "only the person shown",
    ),
    Case(
        "likeness_release_missing",
        BLOCK,
        portrait(),
        portrait(MIRA, grants=(GRANT, RELEASE)),
        "permission of somebody",
        "only the person shown",
    ),
    Case(
        "likeness_weak",
        FLAG,
        portrait(MIRA, grants=(GRANT, replace(RELEASE, identity=SELF))),
        portrait(MIRA, grants=(GRANT, RELEASE)),
        "nobody has checked",
        "signed release",
    ),
    Case(
        "minor_shown",
        BLOCK,
        portrait(CHILD, grants=(GRANT, RELEASE)),
        portrait(
            CHILD, grants=(GRANT, replace(RELEASE, assigner="press")), delegations=(GUARDIAN,)
        ),
        "shows a minor",
        "parent or guardian",
    ),
    Case(
        "persons_undeclared",
        FLAG,
        on_picture(persons="undeclared"),
        on_picture(persons="crowd"),
        "Nobody has said whether people",
        "nobody, a crowd",
    ),
    Case(
        "reservation_address",
        BLOCK,
        replace(blanket(HERE), reservations=(ADDRESS,)),
        replace(
            blanket(HERE), reservations=(replace(ADDRESS, url_prefix="https://other.example/"),)
        ),
        "at https://press.example/art/",
        "names this work",
    ),
    Case(
        "reservation_address",
        FLAG,
        replace(HERE, reservations=(replace(ADDRESS, level=SELF),)),
        facts(
            STUDIO,
            HERE.pictures[0],
            grants=(replace(GRANT, given_on=date(2026, 2, 1)),),
            reservations=(replace(ADDRESS, level=SELF),),
        ),
        "Example Press has forbidden",
        "Take the picture out",
    ),
    Case(
        "reservation_embedded",
        BLOCK,
        blanket(signal("prohibited")),
        replace(signal("prohibited"), grants=(replace(GRANT, given_on=date(2026, 2, 1)),)),
        "says: “DMI-PROHIBITED”",
        "names this work",
    ),
    Case(
        "reservation_conditional",
        FLAG,
        blanket(signal("conditional")),
        blanket(signal("allowed")),
        "only under conditions",
        "Meet the conditions",
    ),
    Case(
        "metadata_unreadable",
        FLAG,
        signal("unreadable"),
        GRANTED,
        "could not be read (xmp:plus:DataMining)",
        "undamaged",
    ),
    Case(
        "metadata_unreadable",
        FLAG,
        on_picture(said=SaidFact()),
        GRANTED,
        "could not be read",
        "reviewer",
    ),
    Case(
        "metadata_contradicts",
        FLAG,
        said(creators=("Tom Other",)),
        said(creators=("mira  EXAMPLE",)),
        "Tom Other as creator; here is stated: Mira Example",
        "Correct what is stated",
    ),
    Case(
        "metadata_contradicts",
        FLAG,
        said(owners=("Tom Other",)),
        said(owners=("Studio Example",)),
        "Tom Other as rights-holder",
        "explain it",
    ),
    Case("metadata_contradicts", FLAG, said(generated=True), GRANTED, "a generator", "Correct"),
    Case("metadata_contradicts", FLAG, said(persons=("Ada",)), GRANTED, "shows Ada", "Correct"),
    Case(
        "metadata_contradicts",
        FLAG,
        said(artworks=("Mural · Bo Li",)),
        GRANTED,
        "a work that it shows (Mural · Bo Li); here is stated: none",
        "Correct",
    ),
    Case("metadata_contradicts", FLAG, said(minor=True), GRANTED, "a minor", "Correct"),
    Case(
        "licence_incompatible",
        BLOCK,
        both(SHARED, NON_COMMERCIAL),
        both(SHARED, CC0),
        "“CC-BY-SA-4.0” asks that the model stand under it, and “CC-BY-NC-4.0”",
        "ask their holders for a grant",
    ),
    Case(
        "licence_incompatible",
        BLOCK,
        both(SHARED, replace(SHARED, code="LAL-1.3")),
        both(SHARED, replace(SHARED, code="CC-BY-SA-3.0")),
        "“LAL-1.3” does not allow",
        "Leave the pictures",
    ),
    Case(
        "licence_incompatible",
        BLOCK,
        both(SHARED, CC0, base=BaseFact("sd", "cleared", "creativeml-openrail-m")),
        both(SHARED, CC0, base=BaseFact("sd", "cleared", "CC0-1.0")),
        "the base's licence creativeml-openrail-m",
        "Leave the pictures",
    ),
    Case(
        "creator_objects",
        FLAG,
        facts(replace(STUDIO, objectors=("mira",)), grants=(GRANT,)),
        GRANTED,
        "does not want it",
        "reviewer decides",
    ),
    Case(
        "base_uncleared",
        BLOCK,
        replace(
            GRANTED, base=BaseFact("sd", "unknown"), policy=Policy(uncleared_base=Severity.BLOCK)
        ),
        replace(GRANTED, base=BaseFact("sd", "cleared")),
        "sd is unknown",
        "choose a cleared base",
    ),
]
ALL = [*CASES, *RIGHTS]
