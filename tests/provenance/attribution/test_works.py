"""Works, chains, layers, statuses and disputes over the API: who may say what, and what it does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.urls import reverse

from accounts.actors import Actor
from ledger.models import Entry
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set
from provenance.consent.services import confirm_member, give_grant
from provenance.intake.services import take_in
from provenance.models import (
    Dispute,
    Level,
    Party,
    Standing,
    TerritoryStatus,
    TitleLink,
    Work,
)
from provenance.screening.protecting import Portrayed, protect
from tests.provenance import records
from tests.provenance.rights import CHECKED, TERMS, self_declared

pytestmark = pytest.mark.django_db

SALE = {
    "kind": "assignment",
    "grantor": "Lantern Films",
    "party": "Quill Books",
    "conveys": ["train", "display"],
    "starts": "2019-04-01",
}


@pytest.fixture
def work(rights) -> Work:
    return rights.works[0]


def at(work, *parts) -> str:
    return "/api/v1/works/" + "/".join([str(work.pk), *map(str, parts)]) + "/"


def post(user, work, what, **body):
    return records.client_of(user).post(at(work, what), body, format="json")


def document(of, text=b"A contract."):
    return submit_evidence(actor=Actor.of(of), data=text, title="Contract")


def check(reviewer, evidence, level=CHECKED):
    check_evidence(
        actor=Actor.of(reviewer),
        evidence=evidence,
        identity=level,
        title=level,
        note="Seen.",
        citations=evidence.citations,
    )


def standing(rights) -> Standing:
    evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    return Standing.objects.get(pk=rights.subject)


def stale(rights) -> bool:
    return Standing.objects.get(pk=rights.subject).stale_at is not None


def test_the_chain_is_listed_in_order_with_plain_sentences(rights, work):
    answer = post(rights.studio, work, "chain", **SALE)
    assert answer.status_code == 201, answer.json()
    listed = records.client_of(rights.studio).get(at(work, "chain")).json()
    assert [link["sentence"] for link in listed] == [
        "Lantern Films is stated to hold the rights (no date).",
        "2019-04-01: Lantern Films assigned train, display to Quill Books; "
        "silent on everything else.",
    ]
    assert listed[1]["level"] == "self_declared"
    entry = Entry.objects.get(kind="title.linked")
    assert "Quill" not in entry.data


def test_a_holders_link_makes_decisions_stale_at_once_and_a_mere_claim_does_not(rights, work):
    standing(rights)
    post(rights.studio, work, "chain", **SALE)
    assert stale(rights)
    mine = Work.objects.create(title="Mine", registered_by=rights.applicant)
    TitleLink.objects.create(work=mine, party=rights.maren)
    rights.image_set.items.update(work=mine)
    standing(rights)
    assert post(rights.applicant, mine, "layers", kind="logo", state="unsure").status_code == 201
    assert not stale(rights)
    assert Entry.objects.filter(kind="standing.questioned").exists()


def test_a_stranger_finds_no_work_and_whoever_has_no_say_changes_nothing(rights, work, stranger):
    assert post(stranger, work, "chain", **SALE).status_code == 404
    reviewer = records.user("looker", is_reviewer=True)
    assert post(reviewer, work, "chain", **SALE).status_code == 403
    assert post(reviewer, work, "layers", kind="logo", state="none").status_code == 403
    assert TitleLink.objects.filter(work=work).count() == 1


def test_whoever_merely_registered_a_work_has_no_say_once_its_title_was_checked(rights, work):
    Work.objects.filter(pk=work.pk).update(registered_by=rights.applicant)
    assert post(rights.applicant, work, "chain", **SALE).status_code == 403
    TitleLink.objects.filter(work=work).update(level=Level.SELF_DECLARED)
    assert post(rights.applicant, work, "chain", **SALE).status_code == 201


def test_nobody_writes_a_checked_holder_out_of_the_chain(rights, work):
    theirs = SALE | {"party": str(rights.maren.pk)}
    assert post(rights.artist, work, "chain", **theirs).status_code == 403
    link = work.title_links.get()
    ended = records.client_of(rights.artist).delete(at(work, "chain", link.pk) + "?reason=mine")
    assert ended.status_code == 403
    assert work.title_links.filter(ended_at=None).count() == 1


def test_a_self_declared_member_and_one_who_may_not_sign_have_no_say(rights, work, stranger):
    self_declared(stranger, rights.lantern)
    assert post(stranger, work, "chain", **SALE).status_code in (403, 404)
    member = confirm_member(
        actor=Actor.of(rights.operator), party=rights.lantern, user=stranger, level=CHECKED
    )
    member.may_sign = False
    member.save()
    assert post(stranger, work, "chain", **SALE).status_code == 403


def test_a_wrong_link_is_ended_with_a_reason_and_kept_as_history(rights, work):
    link = post(rights.studio, work, "chain", **SALE).json()["id"]
    client = records.client_of(rights.studio)
    assert client.delete(at(work, "chain", link)).status_code == 400
    assert client.delete(at(work, "chain", link) + "?reason=A+typing+error").status_code == 204
    assert len(client.get(at(work, "chain")).json()) == 1
    assert client.get(at(work, "chain") + "?ended=1").json()[1]["ended_at"]
    assert client.delete(at(work, "chain", link) + "?reason=again").status_code == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"party": "Lantern Films"}, "circular_chain"),
        ({"conveys": ["sell"]}, "unknown_action"),
        ({"territories": ["XX"]}, "unknown_territory"),
        ({"starts": "2020-01-02", "ends": "2020-01-01"}, "ends_before_start"),
        ({"kind": "reversion", "party": "", "grantor": ""}, "undoes_missing"),
        ({"kind": "termination"}, "undoes_missing"),
        ({"evidence": "00000000-0000-4000-8000-000000000000"}, "unknown_evidence"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(rights, work, change, code):
    answer = post(rights.studio, work, "chain", **(SALE | change))
    assert answer.status_code == 400, answer.json()
    assert answer.json()["code"] == code
    assert work.title_links.count() == 1
    assert not Party.objects.filter(name="Quill Books").exists()


def test_a_link_of_another_work_is_not_undone(rights, work):
    link = post(rights.studio, work, "chain", **SALE).json()["id"]
    other = rights.works[1]
    answer = post(rights.studio, other, "chain", kind="reversion", undoes=link)
    assert answer.json()["code"] == "unknown_link"
    back = post(rights.operator, work, "chain", kind="reversion", undoes=link, starts="2024-01-01")
    assert back.status_code == 201, back.json()
    assert back.json()["party_name"] == "Lantern Films"


def test_a_check_raises_the_link_that_cites_the_evidence_and_no_later_one(rights, work, reviewer):
    evidence = document(rights.studio)
    first = post(rights.studio, work, "chain", **SALE, evidence=str(evidence.pk)).json()
    before = evidence.citations
    assert before != document(rights.studio).citations
    check(reviewer, evidence)
    assert TitleLink.objects.get(pk=first["id"]).level == CHECKED
    again = SALE | {"party": "Else", "starts": "2021-01-01", "evidence": str(evidence.pk)}
    assert post(rights.studio, work, "chain", **again).json()["code"] == "evidence_checked_before"


def test_a_declaration_neither_shows_nor_destroys_a_longer_chain(rights):
    image_set, (item,) = records.a_set(rights.applicant, 7)
    me = Actor.of(rights.applicant)

    def say(**changes):
        declare(actor=me, image_set=image_set, changes={item.pk: changes})
        item.refresh_from_db()
        return item.work

    work = say(title="Cat", holders=("Mira",))
    sale = SALE | {"grantor": "Mira"}
    assert post(rights.applicant, work, "chain", **sale).status_code == 201
    assert say(collector="Me", title="Cats") == work
    shown = records.client_of(rights.applicant).get(at(work)).json()
    assert [one["party_name"] for one in shown["holdings"]] == ["Mira"]
    answer = records.client_of(rights.applicant).patch(
        f"/api/v1/image-sets/{image_set.pk}/images/{item.pk}/", {"holders": ["Me"]}, format="json"
    )
    assert answer.json()["code"] == "chain_on_record"
    item.refresh_from_db()
    assert item.work == work
    assert work.title_links.filter(ended_at=None).count() == 2


def test_a_work_is_described_and_gets_identifiers_of_the_right_form(rights, work):
    client = records.client_of(rights.studio)
    changed = client.patch(at(work), {"year": 1926, "country": "NO"}, format="json").json()
    assert (changed["year"], changed["country"], changed["title"]) == (1926, "NO", work.title)
    assert client.patch(at(work), {"country": "XX"}, format="json").status_code == 400
    for scheme, value, kept in (
        ("doi", "https://doi.org/10.1234/AbC", "10.1234/abc"),
        ("wikidata", "https://www.wikidata.org/wiki/Q12418", "Q12418"),
        ("url", "https://example.org/a", "https://example.org/a"),
        ("iscc", "ISCC:KECYCLYPZMK3TRYNCRR2WPQM5SAP4", "ISCC:KECYCLYPZMK3TRYNCRR2WPQM5SAP4"),
    ):
        answer = post(rights.studio, work, "identifiers", scheme=scheme, value=value)
        assert answer.json().get("value") == kept, answer.json()
    for scheme in ("doi", "wikidata", "url", "iscc"):
        answer = post(rights.studio, work, "identifiers", scheme=scheme, value="javascript:1")
        assert answer.json()["code"] == "bad_identifier"
    number = work.identifiers.first().pk
    assert client.delete(at(work, "identifiers", number)).status_code == 204
    assert len(client.get(at(work)).json()["identifiers"]) == 3


def test_nobody_slips_a_work_into_a_collection_that_others_hold(rights, work):
    mine = Work.objects.create(title="Mine", registered_by=rights.applicant)
    client = records.client_of(rights.operator)
    assert client.patch(at(mine), {"part_of": str(work.pk)}, format="json").status_code == 200
    assert client.patch(at(work), {"part_of": str(mine.pk)}, format="json").json()["code"] == (
        "circular_part"
    )
    other = Work.objects.create(title="Other", registered_by=rights.applicant)
    TitleLink.objects.create(work=work, party=Party.objects.create(name="P", kind="person"))
    rights.lantern.members.create(user=rights.applicant)  # merely says so
    work.creators.add(Party.objects.create(name="Me", kind="person"))
    Party.objects.get(name="Me").members.create(user=rights.applicant)
    answer = records.client_of(rights.applicant).patch(
        at(other), {"part_of": str(work.pk)}, format="json"
    )
    assert answer.status_code == 403


def test_no_more_levels_are_stated_than_decisions_read(rights, work):
    client = records.client_of(rights.operator)
    chain = [Work.objects.create(title=f"Level {n}") for n in range(3)]
    for part, whole in pairwise([*chain, work]):
        answer = client.patch(at(part), {"part_of": str(whole.pk)}, format="json")
    assert answer.json()["code"] == "too_deep"
    below = client.patch(at(work), {"part_of": str(chain[0].pk)}, format="json")
    assert below.json()["code"] == "too_deep"
    assert client.patch(at(chain[1]), {"part_of": None}, format="json").status_code == 200
    assert client.patch(at(chain[2]), {"part_of": str(work.pk)}, format="json").status_code == 200


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_a_layer_at_any_depth_keeps_the_set_back(rights, work, depth):
    give_grant(actor=Actor.of(rights.studio), party=rights.lantern, terms=TERMS, works=None)
    decided = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert decided.outcome == "cleared"
    outer = work
    for level in range(depth):
        inner = Work.objects.create(title=f"Inner {level}")
        TitleLink.objects.create(
            work=inner, party=rights.lantern if level < depth - 1 else rights.maren, level=CHECKED
        )
        outer.layers.create(kind="artwork", state="known", shows=inner)
        outer = inner
    again = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    assert again.outcome == ("blocked" if depth < 4 else "flagged")


def test_layers_are_none_unsure_or_a_work_with_a_holder_of_its_own(rights, work):
    assert post(rights.studio, work, "layers", kind="artwork", state="unsure").status_code == 201
    known = {"kind": "artwork", "state": "known"}
    assert post(rights.studio, work, "layers", **known).json()["code"] == "layer_missing"
    made = post(rights.studio, work, "layers", **known, title="Mural", holder="Bo").json()
    assert made["shows_title"] == "Mural"
    assert work.layers.count() == 1
    mural = Work.objects.get(title="Mural")
    assert mural.title_links.get().level == Level.SELF_DECLARED
    none = post(rights.studio, work, "layers", kind="artwork", state="none")
    assert none.json()["code"] == "layer_on_record"
    round_about = post(rights.studio, mural, "layers", **known, shows=str(work.pk))
    assert round_about.json()["code"] == "circular_layer"
    client = records.client_of(rights.studio)
    assert client.delete(at(work, "layers", made["id"])).status_code == 204
    assert post(rights.studio, work, "layers", kind="artwork", state="none").status_code == 201


def test_the_public_domain_has_a_reason_and_a_check_raises_it(rights, work, reviewer):
    free = {"territory": "US", "status": "public-domain"}
    assert post(rights.studio, work, "statuses", **free).json()["code"] == "reason_missing"
    evidence = document(rights.studio)
    free |= {"reason": "Published in 1926", "year": 2022, "evidence": str(evidence.pk)}
    assert post(rights.studio, work, "statuses", **free).json()["level"] == "self_declared"
    standing(rights)
    check(reviewer, evidence)
    assert TerritoryStatus.objects.get().level == CHECKED
    assert stale(rights)
    post(rights.studio, work, "statuses", territory="US", status="unknown")
    assert TerritoryStatus.objects.get().level == Level.SELF_DECLARED
    nowhere = post(rights.studio, work, "statuses", territory="XX", status="unknown")
    assert nowhere.json()["code"] == "unknown_territory"


@pytest.fixture
def claimant(rights):
    """Somebody who may see the work and speaks for another party that claims it."""
    found = records.user("claimant")
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(found, party)
    self_declared(found, Party.objects.create(name="Looker", kind="person"))
    rights.works[0].creators.add(Party.objects.get(name="Looker"))
    return found


def claim(claimant, work, **more):
    party = Party.objects.get(name="Old Lantern")
    return post(claimant, work, "disputes", party=str(party.pk), statement="Ours.", **more)


def test_a_mere_claim_disputes_and_holds_nothing_up(rights, work, claimant):
    standing(rights)
    answer = claim(claimant, work)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["evidenced"] is False
    assert not stale(rights)
    assert claim(claimant, work).json()["code"] == "already_disputed"
    for_others = post(claimant, work, "disputes", party=str(rights.maren.pk), statement="x")
    assert for_others.status_code == 403


def test_a_claimant_disputes_by_reference_and_sees_nothing_of_the_work(rights, work, stranger):
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(stranger, party)
    client = records.client_of(stranger)
    Work.objects.filter(pk=work.pk).update(reference="lamp-1", title="Secret lamp")
    said = {"party": str(party.pk), "statement": "Ours since 1990."}

    def claim(**more):
        return client.post("/api/v1/disputes/", said | more, format="json")

    def told():
        return client.get("/api/v1/disputes/").json()

    nothing = [
        claim(**more)
        for more in ({"reference": "lamp-1"}, {"reference": "lamp-1", "holder": "Nobody"}, {},
                     {"reference": str(party.pk)})
    ]  # fmt: skip
    before = told()
    assert not Dispute.objects.exists()
    made = claim(reference="lamp-1", holder="lantern films")
    assert Dispute.objects.get().work == work
    again = claim(reference=str(work.pk))
    answers = {(each.status_code, each.content) for each in (*nothing, made, again)}
    assert len(answers) == 1, answers
    assert told() == before
    assert client.get(at(work)).status_code == 404
    assert records.client_of(rights.studio).get(at(work)).json()["disputes"]


def test_a_claim_is_refused_for_the_same_reasons_whether_or_not_it_finds_a_work(
    rights, work, stranger, reviewer
):
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(stranger, party)
    client, used = records.client_of(stranger), document(stranger)
    check(reviewer, used)
    for reference in (str(work.pk), str(party.pk)):
        said = {"party": str(party.pk), "statement": "Ours.", "reference": reference}
        for more, status in (
            ({"party": str(rights.maren.pk)}, 403),
            ({"evidence": str(party.pk)}, 400),
            ({"evidence": str(used.pk)}, 409),
        ):
            answer = client.post("/api/v1/disputes/", said | more, format="json")
            assert answer.status_code == status, (reference, more)
    assert not Dispute.objects.exists()


def test_ones_evidence_does_not_tell_what_a_claim_that_cites_it_found(
    client, rights, work, stranger, reviewer
):
    Work.objects.filter(pk=work.pk).update(title="Secret lamp")
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(stranger, party)
    deed, page = document(stranger), reverse("provenance:evidence")
    said = {"party": str(party.pk), "statement": "Ours.", "evidence": str(deed.pk)}
    api, where = records.client_of(stranger), "/api/v1/evidence/"
    before = api.get(where).json()
    api.post("/api/v1/disputes/", said | {"reference": str(work.pk)}, format="json")
    assert Dispute.objects.get().claim_evidence == deed
    assert api.get(where).json() == before
    assert records.client_of(reviewer).get(where).json()["results"][0]["citations"]
    client.force_login(stranger)
    assert "Secret lamp" not in client.get(page).content.decode()
    client.force_login(reviewer)
    assert "A claim to Secret lamp" in client.get(page).content.decode()


def test_a_claimant_disputes_what_matches_their_protected_picture(rights, work, stranger):
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(stranger, party)
    own = protect(
        actor=Actor.of(stranger),
        holder=party,
        pictures=[Portrayed(take_in(records.picture(1)), "Mine", "mine")],
    ).added[0]
    said = {"party": str(party.pk), "statement": "Ours.", "protection": str(own.pk)}
    client = records.client_of(stranger)
    nothing = client.post("/api/v1/disputes/", said, format="json")
    assert not Dispute.objects.exists()
    evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    made = client.post("/api/v1/disputes/", said, format="json")
    assert (made.status_code, made.content) == (nothing.status_code, nothing.content)
    assert Dispute.objects.get().work == work
    assert client.get(at(work)).status_code == 404
    of_another = said | {"protection": str(own.pk), "party": str(rights.lantern.pk)}
    assert client.post("/api/v1/disputes/", of_another, format="json").status_code == 404


def test_a_dispute_is_evidenced_once_both_sides_were_checked(rights, work, claimant, reviewer):
    evidence = document(claimant)
    assert claim(claimant, work, evidence=str(evidence.pk)).json()["evidenced"] is False
    standing(rights)
    check(reviewer, evidence)
    assert Dispute.objects.get().evidenced
    assert stale(rights)
    check(reviewer, evidence, Level.SELF_DECLARED)
    assert not Dispute.objects.get().evidenced


def resolve(user, dispute, **body):
    return records.client_of(user).post(
        f"{at(dispute.work, 'disputes', dispute.pk)}resolve/", body, format="json"
    )


def test_a_reviewer_resolves_it_ends_the_losing_link_and_enters_the_claimant(
    rights, work, claimant, reviewer
):
    evidence = document(claimant)
    claim(claimant, work, evidence=str(evidence.pk))
    check(reviewer, evidence)
    standing(rights)
    dispute, losing = Dispute.objects.get(), work.title_links.get()
    said = {"sentence": "The deed of 1998.", "evidence": str(evidence.pk), "award": True}
    assert resolve(rights.studio, dispute, **said).status_code == 404  # not their evidence
    answer = resolve(reviewer, dispute, **said, losing_link=str(losing.pk))
    assert answer.status_code == 200, answer.json()
    holder = work.title_links.get(ended_at=None)
    assert (holder.party.name, holder.level) == ("Old Lantern", CHECKED)
    assert stale(rights)
    assert resolve(reviewer, dispute, **said).json()["code"] == "already_resolved"


def test_nobody_resolves_a_dispute_that_they_are_a_party_to(rights, work, claimant, reviewer):
    claim(claimant, work)
    dispute = Dispute.objects.get()
    said = {"sentence": "Mine.", "evidence": str(document(reviewer).pk)}
    self_declared(reviewer, rights.lantern)
    assert resolve(reviewer, dispute, **said).json()["code"] == "own_dispute"
    rights.lantern.members.filter(user=reviewer).delete()
    assert resolve(rights.applicant, dispute, **said).status_code in (403, 404)
    assert resolve(reviewer, dispute, **said | {"sentence": " "}).status_code == 400
    assert resolve(reviewer, dispute, **said).status_code == 200


def test_the_work_tells_its_renditions_to_those_who_may_see_the_sets(rights, work):
    seen = records.client_of(rights.operator).get(at(work)).json()["renditions"]
    assert [one["filename"] for one in seen] == ["1.png"]
    assert records.client_of(rights.studio).get(at(work)).json()["renditions"] == []
