"""Grants as ODRL policies: exactly what was said, and nothing that is not understood."""

from __future__ import annotations

import copy
import json
from datetime import date
from uuid import UUID, uuid4

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidError
from provenance.consent.odrl import Agreement, from_odrl, reservation_to_odrl, to_odrl
from provenance.consent.odrl.writing import CONTEXT, PROFILE
from provenance.consent.rules import (
    AFTER_END,
    BY_HOLDERS,
    BY_THE_PERSON,
    NAME_PLACES,
    PURPOSES,
    RECIPIENTS,
    Attribute,
    Compensate,
    DeleteAfter,
    Inform,
    Terms,
)

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
ODRL = rdflib.Namespace("http://www.w3.org/ns/odrl/2/")
IMP = rdflib.Namespace(PROFILE + "#")
WORK = UUID(int=7)
FULL = Agreement(
    UUID(int=1),
    UUID(int=2),
    Terms(
        ("train", "use-name"),
        commercial=True,
        not_before=date(2026, 1, 1),
        not_after=date(2027, 1, 1),
        bases=("tiny",),
        name_forms=("Maren",),
        max_models=3,
        duties=(
            Attribute("© M"),
            Inform(),
            Compensate("5.50", "EUR"),
            DeleteAfter(date(2030, 1, 1)),
        ),
        after_end="until",
        after_end_on=date(2031, 1, 1),
    ),
    (WORK,),
    UUID(int=3),
)


def some(values, **sizes):
    return st.lists(st.sampled_from(sorted(values)), unique=True, **sizes).map(tuple)


texts = st.text(min_size=1, max_size=40)
lists = st.lists(texts, max_size=3).map(tuple)
days = st.none() | st.dates()
duty = st.one_of(
    st.builds(Inform),
    st.builds(DeleteAfter, st.dates()),
    st.builds(
        Compensate,
        st.decimals("0.01", "9999", places=2).map(str),
        st.sampled_from(["EUR", "CHF", "JPY"]),
    ),
)
terms = st.builds(
    Terms,
    actions=some(BY_HOLDERS | BY_THE_PERSON, min_size=1),
    commercial=st.booleans(),
    territories=some(["world", "DE", "FR", "JP"]),
    bases=lists,
    not_before=days,
    not_after=days,
    credit_line=st.just("") | texts,
    name_forms=lists,
    name_places=some(NAME_PLACES),
    purposes=some(PURPOSES),
    recipients=some(RECIPIENTS),
    max_models=st.none() | st.integers(1, 10_000),
    duties=st.lists(duty, max_size=3, unique_by=type).map(tuple),
    revocable=st.booleans(),
    notice_days=st.integers(0, 3650),
    after_end=st.sampled_from(AFTER_END),
    after_end_on=days,
)
agreements = st.builds(
    Agreement,
    st.uuids(),
    st.uuids(version=4),
    terms,
    st.none() | st.lists(st.uuids(version=1), unique=True, max_size=3).map(tuple),
    st.none() | st.uuids(),
)


@given(agreements)
def test_the_way_out_and_back_loses_nothing(agreement: Agreement) -> None:
    assert from_odrl(json.loads(json.dumps(to_odrl(agreement)))) == agreement


def graph_of(document: dict) -> rdflib.Graph:
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld")


def test_others_read_it_as_odrl_without_asking_the_network() -> None:
    graph = graph_of(to_odrl(FULL))
    policy = rdflib.URIRef(f"urn:uuid:{FULL.uid}")
    assert (policy, rdflib.RDF.type, ODRL.Agreement) in graph
    assert (policy, ODRL.profile, rdflib.URIRef(PROFILE)) in graph
    assert graph.value(policy, ODRL.assigner) == rdflib.URIRef(f"urn:uuid:{FULL.assigner}")
    rule = graph.value(policy, ODRL.permission)
    assert set(graph.objects(rule, ODRL.action)) == {IMP.train, IMP["use-name"]}
    assert graph.value(rule, ODRL.target) == rdflib.URIRef(f"urn:uuid:{WORK}")
    ends = [
        c for c in graph.objects(rule, ODRL.constraint) if (c, ODRL.operator, ODRL.lteq) in graph
    ]
    values = {graph.value(c, ODRL.rightOperand).toPython() for c in ends}
    assert values == {date(2027, 1, 1), 3}
    duties = {graph.value(d, ODRL.action) for d in graph.objects(rule, ODRL.duty)}
    assert duties == {ODRL.attribute, ODRL.inform, ODRL.compensate, ODRL.delete}
    assert graph.value(policy, IMP.afterEnd) == IMP.until
    assert all(str(term).startswith(("http", "urn")) for term in graph.predicates())


def test_an_offer_to_anyone_of_everything_has_no_assignee_and_a_collection() -> None:
    graph = graph_of(to_odrl(Agreement(uuid4(), FULL.assigner, Terms(("train",)))))
    policy = graph.value(predicate=rdflib.RDF.type, object=ODRL.Offer)
    target = graph.value(graph.value(policy, ODRL.permission), ODRL.target)
    assert (target, rdflib.RDF.type, ODRL.AssetCollection) in graph
    held = graph.value(target, ODRL.refinement)
    assert graph.value(held, ODRL.rightOperand) == rdflib.URIRef(f"urn:uuid:{FULL.assigner}")


@pytest.mark.parametrize(
    "target",
    [
        {"work": WORK, "url_prefix": ""},
        {"work": None, "url_prefix": ""},
        {"work": None, "url_prefix": "https://a.example/x"},
    ],
)
def test_a_reservation_is_a_prohibition_to_train(target: dict) -> None:
    made = reservation_to_odrl(uid=uuid4(), party=uuid4(), since=date(2024, 5, 6), **target)
    graph = graph_of(made)
    rule = next(graph.objects(None, ODRL.prohibition))
    assert graph.value(rule, ODRL.action) == IMP.train
    since = graph.value(graph.value(rule, ODRL.constraint), ODRL.rightOperand)
    assert since.toPython() == date(2024, 5, 6)


def changed(path: list, value: object) -> dict:
    document = copy.deepcopy(to_odrl(FULL))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


RULE = ["permission", 0]
FIRST = [*RULE, "constraint", 0]
UNKNOWN = [
    (["@context"], "http://www.w3.org/ns/odrl.jsonld", "@context"),
    (["@type"], "Set", "@type 'Set'"),
    (["profile"], "urn:other", "profile 'urn:other'"),
    (["uid"], "urn:uuid:7", "as uid 'urn:uuid:7'"),
    (["assigner"], ["urn:uuid:7"], "as assigner"),
    (["prohibition"], [], "unknown property 'prohibition'"),
    (["obligation"], [], "unknown property 'obligation'"),
    (["permission"], [], "0 values of permission"),
    ([*RULE, "action"], ["imp:train", "imp:eat"], "unknown action 'imp:eat'"),
    ([*RULE, "action"], ["train"], "unknown action 'train'"),
    ([*RULE, "action"], [{"@id": "imp:train"}], "unknown action"),
    ([*RULE, "remedy"], [], "unknown property 'remedy'"),
    ([*RULE, "target"], [], "0 works"),
    ([*RULE, "target"], {"@type": "AssetCollection"}, "collection"),
    ([*FIRST, "leftOperand"], "imp:mood", "'imp:mood'"),
    ([*FIRST, "operator"], "neq", "'neq'"),
    ([*FIRST, "rightOperand"], "yes", "'yes'"),
    ([*FIRST, "dataType"], "x", "unknown property 'dataType'"),
    ([*RULE, "constraint"], [{"and": []}], "unknown property 'and'"),
    ([*RULE, "duty", 0, "action"], ["sing"], "unknown duty 'sing'"),
    ([*RULE, "duty", 0, "constraint"], [], "0 values"),
    (["imp:afterEnd"], "imp:maybe", "unknown imp:afterEnd"),
    (["imp:afterEndOn"], "20310101", "the day '20310101'"),
    (["imp:noticeDays"], True, "wrong type"),
]


@pytest.mark.parametrize(("path", "value", "says"), UNKNOWN)
def test_what_is_not_understood_is_refused_by_name(path: list, value: object, says: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        from_odrl(changed(path, value))
    assert says in str(refusal.value)


@pytest.mark.parametrize("name", ["@context", "uid", "profile", "assigner", "permission", "@type"])
def test_what_is_missing_is_named(name: str) -> None:
    document = to_odrl(FULL)
    del document[name]
    with pytest.raises(InvalidError, match=f"no {name}"):
        from_odrl(document)


def test_the_same_constraint_twice_is_refused() -> None:
    document = copy.deepcopy(to_odrl(FULL))
    rules = document["permission"][0]["constraint"]
    rules.append(copy.deepcopy(rules[-1]))
    with pytest.raises(InvalidError, match="two constraints"):
        from_odrl(document)


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (deep(50_000), "deep"),
        ({"permission": ["x"] * 20_000}, "values"),
        ({"uid": "x" * 2000}, "characters"),
        ([], "no object"),
        (None, "no object"),
        ("odrl", "no object"),
        (
            changed([*RULE, "target"], [f"urn:uuid:{UUID(int=n)}" for n in range(1, 1200)]),
            "1199 works",
        ),
    ],
)
def test_hostile_documents_are_refused_quickly(document: object, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        from_odrl(document)


def test_the_profiles_page_names_every_word_that_is_used() -> None:
    with open("docs/odrl-profile.md", encoding="utf-8") as page:  # noqa: PTH123
        told = page.read()
    wanted = {PROFILE, *(f"imp:{a}" for a in BY_HOLDERS | BY_THE_PERSON), *PURPOSES, *RECIPIENTS}
    wanted |= {name for name in CONTEXT if name.startswith("imp:")}
    wanted |= {"imp:commercial", "imp:baseModel", "imp:nameForm", "imp:namePlace", "imp:heldBy"}
    wanted |= {"imp:addressPrefix", "imp:creditLine", "imp:release", "imp:revocable"}
    wanted |= {"imp:noticeDays"}
    assert [word for word in sorted(wanted) if f"`{word}`" not in told] == []
