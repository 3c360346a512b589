"""The decision table: every code, when it is found, what follows, and the sentences people read.

`docs/decisions.md` is made of it. A test fails when the page differs from it.
"""

from __future__ import annotations

from typing import Final

from provenance.clearance.rules.sentences import SENTENCES
from provenance.clearance.rules.verdict import Severity

BLOCK, FLAG, INFO = Severity.BLOCK, Severity.FLAG, Severity.INFO
WHEN: Final[dict[str, tuple[tuple[Severity, ...], str]]] = {
    "empty_set": ((BLOCK,), "the set has no picture"),
    "rights_holder_unknown": (
        (BLOCK,),
        "the picture's work is not stated, or its chain of title leads to nobody",
    ),
    "disputed": (
        (BLOCK, FLAG),
        "a dispute about the work is open: blocks where both claims have evidence, else flags",
    ),
    "title_gap": ((BLOCK,), "a link of the chain comes from somebody who never held the rights"),
    "title_conflict": ((BLOCK,), "somebody gave away the same rights twice"),
    "title_silent_on_training": (
        (BLOCK,),
        "the contract does not speak of the action, and not both of its sides permit it",
    ),
    "licence_missing": ((BLOCK,), "no holder has granted, and there is no licence"),
    "licence_forbids_use": (
        (BLOCK,),
        "the licence forbids training, adaptations or, if asked for, commercial use; or is "
        "silent on training where the site's policy says block",
    ),
    "licence_silent": (
        (FLAG,),
        "the licence does not speak of training, and the site's policy says flag",
    ),
    "grant_missing": ((BLOCK,), "there is a licence, but no holder offers it, and no grant"),
    "grant_scope": (
        (BLOCK,),
        "a grant is for other actions, purposes, recipients, bases, dates, or not commercial",
    ),
    "grant_expired": ((BLOCK,), "the last day of the grant or licence is over"),
    "grant_revoked": ((BLOCK,), "the grant was withdrawn, and its notice is over"),
    "grant_used_up": ((BLOCK,), "as many models were approved as the grant is for"),
    "evidence_insufficient": (
        (BLOCK,),
        "identity or title is known less well than the site's policy asks for the action",
    ),
    "territory_uncovered": (
        (BLOCK,),
        "a territory asked for is in no permission of its holder there",
    ),
    "co_holder_missing": ((BLOCK,), "one of several holders gave no permission"),
    "creator_is_not_holder": ((BLOCK,), "a creator granted, and no holder did"),
    "reservation_registered": (
        (BLOCK,),
        "a holder forbids it, and has not permitted this very work since",
    ),
    "reservation_address": (
        (BLOCK, FLAG),
        "the copy came from an address that somebody reserved: blocks where the domain is known "
        "to be theirs, else flags",
    ),
    "reservation_embedded": (
        (BLOCK,),
        "the file or its address forbids training, and no holder has permitted this very work",
    ),
    "reservation_conditional": ((FLAG,), "the file or its address permits it under conditions"),
    "metadata_unreadable": ((FLAG,), "what the file says about itself could not be read"),
    "metadata_contradicts": ((FLAG,), "the file says something else than what is stated"),
    "creator_objects": ((FLAG,), "a creator who is no holder does not want it"),
    "match_protected": (
        (BLOCK,),
        "the picture shows a protected work (document checked or better) that nobody permitted",
    ),
    "match_possible": (
        (FLAG,),
        "it may show a protected work, or the protection is weaker than document checked",
    ),
    "match_listed": ((BLOCK, FLAG), "it resembles what is on a watch list or was withdrawn"),
    "match_unavailable": ((FLAG,), "it was not compared with all protected works of this moment"),
    "low_information_image": ((FLAG,), "it is too flat to be compared"),
    "evidence_weak": ((FLAG,), "identity or title is below document checked"),
    "status_weak": ((FLAG,), "the public domain is stated, below document checked"),
    "underlying_holder_missing": (
        (BLOCK,),
        "a work seen in this one is not permitted by its own holders",
    ),
    "underlying_unsure": ((FLAG,), "it may show another's work"),
    "likeness_release_missing": (
        (BLOCK,),
        "somebody recognisable has not permitted the use of their likeness",
    ),
    "likeness_weak": ((FLAG,), "the release of somebody shown is below document checked"),
    "minor_shown": ((BLOCK,), "a minor is shown, and no guardian has permitted it"),
    "persons_undeclared": ((FLAG,), "it is not stated whether people can be recognised"),
    "synthetic_source": ((FLAG,), "the work was made by a generator"),
    "custody_incomplete": ((FLAG,), "the collector or the source of the copy is not stated"),
    "duplicate_in_set": ((INFO,), "the same picture is in the set before"),
    "base_uncleared": ((BLOCK, FLAG), "the base model is not cleared; the site's policy decides"),
    "licence_incompatible": (
        (BLOCK,),
        "share-alike meets another share-alike, a narrower licence, a private permission, or a "
        "base with rules of use",
    ),
    "name_protected": (
        (BLOCK, FLAG),
        "a name-bearing text has a party's name: blocks where the party is proven, else flags",
    ),
    "name_consent_missing": ((BLOCK,), "the person permits other forms of the name"),
    "name_unregistered": ((FLAG,), "a text has what looks like a name that is not on record"),
}


def decision_table() -> str:
    """The table in Markdown, worst first, in the order in which a reader looks for it."""
    rows = [
        f"| `{code}` | {' or '.join(severities)} | {when} | {_cell(code, 0)} | {_cell(code, 1)} |"
        for code, (severities, when) in WHEN.items()
    ]
    head = "| code | outcome | when | what people read | what they can do |"
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *rows])


def _cell(code: str, part: int) -> str:
    return SENTENCES[code][part].replace("{", "*").replace("}", "*")
