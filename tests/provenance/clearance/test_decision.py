"""Properties of the decision that hold for every set of facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.clearance.rules import (
    POLICY_VERSION,
    DelegationFact,
    Facts,
    GrantFact,
    Known,
    LayerFact,
    LinkFact,
    MatchFact,
    Outcome,
    PartyFact,
    PersonFact,
    PictureFact,
    Policy,
    ReservationFact,
    ResolutionFact,
    SaidFact,
    Severity,
    SignalFact,
    StatusFact,
    WorkFact,
    evaluate,
)
from provenance.clearance.rules.basis import bases
from provenance.clearance.rules.encoding import decode, encode
from tests.provenance.clearance.build import (
    CC0,
    CC_BY,
    GRANT,
    MATCH,
    PARTIES,
    TODAY,
    USE,
    facts,
    only,
    open_findings,
    picture,
    work,
)

RANK = [Outcome.CLEARED, Outcome.FLAGGED, Outcome.BLOCKED]
people = st.sampled_from(["mira", "studio", "press"])
works_ = st.sampled_from(["w", "v"])
levels = st.sampled_from(list(Known))
days = st.dates(date(2026, 10, 1), date(2026, 12, 1))

grants = st.builds(
    GrantFact,
    id=st.text("abc", min_size=1, max_size=3),
    assigner=people,
    actions=st.sampled_from(
        [("train",), ("train", "distribute-weights"), ("display",), ("use-likeness",)]
    ),
    works=st.none() | st.tuples(works_),
    assignee=st.none() | st.sampled_from(["curator", "other"]),
    territories=st.sampled_from([("world",), ("DE",)]),
    not_after=st.none() | days,
    revoked_on=st.none() | days,
    identity=levels,
    given_on=days,
    purposes=st.sampled_from([(), ("research",)]),
    models_left=st.none() | st.integers(0, 1),
)
SHARE_ALIKE = replace(CC_BY, code="CC-BY-SA-4.0", share_alike=True)
FREE_ART = replace(CC_BY, code="LAL-1.3", share_alike=True, licensor="studio")
licences = st.sampled_from(
    [CC0, CC_BY, SHARE_ALIKE, FREE_ART, replace(CC0, licensor="studio", identity=Known.SIGNED)]
)
roots = st.builds(LinkFact, people, levels, kind=st.just("authored"))
transfers = st.builds(
    LinkFact,
    people,
    levels,
    id=st.sampled_from("123"),
    kind=st.sampled_from(["assignment", "exclusive-licence", "inheritance", "mandate"]),
    grantor=people,
    conveys=st.sampled_from([("*",), ("train",), ()]),
    territories=st.sampled_from([("world",), ("DE",)]),
    share=st.none() | st.sampled_from([50.0, 100.0]),
    starts=st.none() | days,
    ends=st.none() | days,
)
undoings = st.builds(
    LinkFact,
    people,
    levels,
    kind=st.sampled_from(["termination", "rescission"]),
    grantor=people,
    undoes=st.sampled_from("123"),
    starts=st.none() | days,
)
statuses = st.builds(
    StatusFact,
    st.sampled_from(["world", "DE"]),
    st.sampled_from(["in-copyright", "public-domain", "unknown"]),
    levels,
)
layers = st.builds(LayerFact, st.just("artwork"), st.just("known"), works_)


def a_work(identity: str) -> st.SearchStrategy[WorkFact]:
    return st.builds(
        WorkFact,
        id=st.just(identity),
        title=st.just(f"Work {identity}"),
        creators=st.lists(people, unique=True, max_size=2).map(tuple),
        links=st.tuples(
            st.lists(roots, max_size=2, unique_by=lambda link: link.party),
            st.lists(transfers | undoings, max_size=3),
        ).map(lambda both: (*both[0], *both[1])),
        layers=st.lists(layers, max_size=1).map(tuple),
        statuses=st.lists(statuses, max_size=1).map(tuple),
        licences=st.lists(licences, max_size=2).map(tuple),
    )


pictures = st.builds(
    PictureFact,
    id=st.sampled_from("pqr"),
    label=st.just("IMG.jpg"),
    sha256=st.just("00"),
    work=st.none() | works_,
    matches=st.lists(
        st.builds(MatchFact, works_, st.sampled_from(["match", "possible"]), levels), max_size=2
    ).map(tuple),
    screened=st.booleans(),
    custody=st.booleans(),
    persons=st.sampled_from(["none", "identifiable", "undeclared"]),
    shown=st.lists(st.builds(PersonFact, st.none() | people, st.booleans()), max_size=1).map(tuple),
    said=st.builds(
        SaidFact,
        read=st.booleans(),
        signals=st.lists(
            st.builds(
                SignalFact,
                st.just("xmp"),
                st.just("a quote"),
                st.sampled_from(["allowed", "prohibited", "conditional", "unreadable"]),
            ),
            max_size=1,
        ).map(tuple),
    ),
)
reservations = st.builds(ReservationFact, people, days, st.none() | works_)
delegations = st.builds(
    DelegationFact,
    people,
    people,
    st.sampled_from(["agent", "guardian"]),
    st.sampled_from([("train", "distribute-weights"), ("use-likeness",)]),
    levels,
)
some_facts = st.builds(
    Facts,
    today=st.just(TODAY),
    pictures=st.lists(pictures, max_size=3, unique_by=lambda p: p.id).map(tuple),
    works=st.tuples(a_work("w"), a_work("v")),
    parties=st.just(PARTIES),
    grants=st.lists(grants, max_size=4).map(tuple),
    reservations=st.lists(reservations, max_size=2).map(tuple),
    delegations=st.lists(delegations, max_size=1).map(tuple),
)


def rank(found: Facts) -> int:
    return RANK.index(evaluate(found, USE).outcome)


@given(some_facts, grants)
def test_adding_a_permission_never_worsens_a_verdict(before: Facts, grant: GrantFact) -> None:
    grant = replace(grant, revoked_on=None)
    assert rank(replace(before, grants=(*before.grants, grant))) <= rank(before)


@given(some_facts, reservations)
def test_adding_a_reservation_never_improves_a_verdict(
    before: Facts, reservation: ReservationFact
) -> None:
    after = replace(before, reservations=(*before.reservations, reservation))
    assert rank(after) >= rank(before)


@given(some_facts)
def test_revoking_every_grant_never_improves_a_verdict(before: Facts) -> None:
    revoked = tuple(replace(grant, revoked_on=TODAY) for grant in before.grants)
    assert rank(replace(before, grants=revoked)) >= rank(before)


@given(some_facts, st.sampled_from(["claimed", "evidenced"]))
def test_a_dispute_never_improves_a_verdict(before: Facts, dispute: str) -> None:
    works = tuple(replace(one, dispute=dispute) for one in before.works)
    assert rank(replace(before, works=works)) >= rank(before)


@given(some_facts)
def test_an_expiry_never_improves_a_verdict(before: Facts) -> None:
    over = tuple(replace(grant, not_after=date(2026, 10, 1)) for grant in before.grants)
    assert rank(replace(before, grants=over)) >= rank(before)


@given(some_facts)
def test_a_prohibition_in_a_file_never_improves_a_verdict(before: Facts) -> None:
    signal = SignalFact("c2pa", "notAllowed", "prohibited")
    pictures = tuple(
        replace(one, said=replace(one.said, signals=(*one.said.signals, signal)))
        for one in before.pictures
    )
    assert rank(replace(before, pictures=pictures)) >= rank(before)


@given(some_facts)
def test_what_rests_on_a_decision_is_on_record(before: Facts) -> None:
    for basis in bases(before, USE).values():
        assert set(basis.grants) <= {grant.id for grant in before.grants}


@given(some_facts, st.randoms(use_true_random=False))
def test_order_and_duplicates_of_facts_do_not_matter(before: Facts, random: object) -> None:
    mixed = {}
    for name in ("grants", "works", "reservations", "pictures", "parties"):
        values = list(getattr(before, name))
        random.shuffle(values)  # type: ignore[attr-defined]
        mixed[name] = tuple(values + values[:1])
    assert evaluate(replace(before, **mixed), USE) == evaluate(before, USE)


@given(some_facts)
def test_what_nobody_permitted_is_never_cleared(before: Facts) -> None:
    bare = replace(
        before,
        grants=(),
        works=tuple(replace(work_, licences=(), statuses=()) for work_ in before.works),
    )
    assert evaluate(bare, USE).outcome is Outcome.BLOCKED


@given(some_facts)
@settings(max_examples=50)
def test_stored_facts_give_the_same_decision_again(before: Facts) -> None:
    again, use = decode(encode(before, USE, lambda _: "salt"))
    assert again == before
    assert evaluate(again, use) == evaluate(before, USE)


@given(some_facts, st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50)
def test_stored_facts_are_canonical_json(before: Facts, name: str) -> None:
    named = replace(before, parties=(PartyFact("mira", name),))
    body = encode(named, USE, lambda _: name)
    assert body == rfc8785.dumps(json.loads(body))


def test_a_resolution_clears_its_flag_until_the_evidence_changes() -> None:
    flagged = facts(work("mira", licences=(CC_BY,)))
    finding = only(flagged)
    resolved = ResolutionFact(finding.code, "p", finding.evidence_digest, POLICY_VERSION)
    assert evaluate(replace(flagged, resolutions=(resolved,)), USE).outcome is Outcome.CLEARED
    other_evidence = facts(work("mira", licences=(replace(CC_BY, evidence="other"),)))
    changed = evaluate(replace(other_evidence, resolutions=(resolved,)), USE)
    assert open_findings(changed) == ["licence_silent"]


def test_a_resolution_under_an_older_policy_counts_no_more() -> None:
    flagged = facts(work("mira", licences=(CC_BY,)))
    old = ResolutionFact("licence_silent", "p", only(flagged).evidence_digest, "2020-01")
    assert evaluate(replace(flagged, resolutions=(old,)), USE).outcome is Outcome.FLAGGED


def test_a_block_is_never_resolved_away() -> None:
    blocked = facts(work("studio"))
    finding = only(blocked)
    forced = ResolutionFact(finding.code, "p", finding.evidence_digest, POLICY_VERSION)
    assert evaluate(replace(blocked, resolutions=(forced,)), USE).outcome is Outcome.BLOCKED


def test_a_holder_trains_on_pictures_that_match_their_own_protected_work() -> None:
    matching = facts(work("studio"), picture(matches=(MATCH,)), grants=(GRANT,))
    assert evaluate(matching, USE).outcome is Outcome.CLEARED


def test_a_grant_to_somebody_else_is_no_grant_to_the_applicant() -> None:
    other = facts(work("studio"), grants=(replace(GRANT, assignee="somebody"),))
    assert only(other).code == "licence_missing"


def test_a_declared_licence_does_not_cover_what_the_picture_is_found_to_show() -> None:
    own = work("mira", id="v", licences=(CC0,))
    found = facts(work("studio"), picture(work="v", matches=(MATCH,)), works=(own, work("studio")))
    assert only(found).code == "match_protected"


def test_like_findings_share_a_group_and_unlike_ones_do_not() -> None:
    two = (picture(), picture(id="q"))
    same = evaluate(facts(work("mira", licences=(CC_BY,)), pictures=two), USE).findings
    assert len({finding.group for finding in same}) == 1
    other = evaluate(facts(work("mira", licences=(replace(CC_BY, evidence="b"),))), USE).findings
    assert other[0].group != same[0].group


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (Policy(silent_licence=Severity.BLOCK), Outcome.BLOCKED),
        (Policy(silent_licence=Severity.FLAG), Outcome.FLAGGED),
        (Policy(silent_licence=None), Outcome.CLEARED),
    ],
)
def test_the_site_decides_about_licences_that_do_not_speak_of_training(
    policy: Policy, outcome: Outcome
) -> None:
    silent = facts(work("mira", licences=(CC_BY,)), policy=policy)
    assert evaluate(silent, USE).outcome is outcome
