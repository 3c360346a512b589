"""Banks: what is listed later is found in what was there; common elements; codes alone; indexes."""

from __future__ import annotations

import base64
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError, RefusedError
from provenance.clearance.selectors import gather
from provenance.clearance.services import evaluate_set
from provenance.intake.selectors import plain_use, subject_of
from provenance.intake.services import add_picture, create_set, take_in
from provenance.models import (
    BankEntry,
    Features,
    Level,
    Match,
    MatchBank,
    Party,
    Screening,
    Standing,
)
from provenance.screening import corpus, indexes, services
from provenance.screening.banks import end_entry, list_picture
from provenance.screening.exchange import ExchangeError, Listed, read_list, to_csv, to_json
from provenance.screening.exchanging import listed_in, take_list
from provenance.screening.judging import confirm, reject
from provenance.screening.local import Features as LocalFeatures
from provenance.screening.looks import look_of_mark, looks_of
from provenance.screening.protecting import Portrayed, protect
from tests.provenance.records import client_of, user
from tests.provenance.screening.drawings import drawing, pasted

pytestmark = pytest.mark.django_db


def bank(kind: str) -> MatchBank:
    return MatchBank.of_kind(MatchBank.Kind(kind))


def data(picture, kind: str = "PNG") -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.fixture
def studio(db):
    return Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)


@pytest.fixture
def reviewer(db):
    return Actor.of(user("reviewer", is_reviewer=True))


def shield(studio, *pictures, level=Level.DOCUMENT_CHECKED):
    shown = [
        Portrayed(take_in(data(one)), f"Work {at}", f"w-{at}") for at, one in enumerate(pictures)
    ]
    return protect(actor=SYSTEM, holder=studio, pictures=shown, level=level)


def a_set_of(owner, *pictures, name="Evening"):
    made = create_set(actor=Actor.of(owner), name=name)
    for at, one in enumerate(pictures):
        add_picture(actor=Actor.of(owner), image_set=made, data=data(one), filename=f"{at}.png")
    return made


def decide(image_set):
    use, subject = plain_use(image_set), subject_of(image_set)
    return evaluate_set(image_set=image_set, use=use, subject=subject)


def codes(image_set) -> set[str]:
    return {finding["code"] for finding in decide(image_set).findings}


def test_a_work_pasted_into_a_picture_blocks_its_set_and_says_where(owner, studio):
    shield(studio, drawing(1))
    image_set = a_set_of(owner, pasted(drawing(1)))
    assert "match_protected" in codes(image_set)
    match = Match.objects.get()
    assert match.outcome == "match"
    xs = [x for x, _ in match.region["image"]]
    assert min(xs) > 0.4
    assert "details lie the same way" in match.explanation


def test_a_work_listed_later_is_found_in_a_picture_of_before(owner, studio):
    image_set, other = a_set_of(owner, pasted(drawing(1))), a_set_of(owner, drawing(9), name="b")
    decide(image_set)
    decide(other)
    shield(studio, drawing(1))
    assert corpus.search_back() == 1
    assert Standing.objects.get(pk=subject_of(image_set)).stale_at is not None
    assert Standing.objects.get(pk=subject_of(other)).stale_at is None
    versions = set(Screening.objects.values_list("bank_version", flat=True))
    assert versions == {1}, "what resembles nothing new counts as compared"
    assert corpus.search_back() == 0


def test_a_mere_claim_that_is_found_later_holds_nothing_up(owner, studio):
    image_set = a_set_of(owner, pasted(drawing(1)))
    decide(image_set)
    shield(studio, drawing(1), level=Level.SELF_DECLARED)
    assert corpus.search_back() == 1
    assert Standing.objects.get(pk=subject_of(image_set)).stale_at is None
    assert Match.objects.get().entry.protection.level == Level.SELF_DECLARED
    assert "match_protected" not in codes(image_set)


def test_what_many_copies_outnumber_is_still_found_for_who_can_prove_it(owner, studio):
    thief = Party.objects.create(kind="person", name="Thief")
    copies = [Portrayed(take_in(data(drawing(1))), f"c{n}", f"c{n}") for n in range(60)]
    protect(actor=SYSTEM, holder=thief, pictures=copies)
    shield(studio, drawing(1))
    assert "match_protected" in codes(a_set_of(owner, drawing(1).crop((60, 60, 560, 400))))


def test_a_common_element_proves_nothing_until_a_reviewer_takes_that_back(owner, studio, reviewer):
    frame = drawing(3)
    work, innocent = drawing(1), drawing(2)
    for one in (work, innocent):
        one.paste(frame.crop((0, 0, 640, 240)), (0, 0))
    shield(studio, work)
    image_set = a_set_of(owner, innocent)
    assert "match_protected" in codes(image_set)
    with pytest.raises(InvalidError, match="reason"):
        reject(actor=reviewer, match=Match.objects.get(), reason=" ", common=True)
    entry = reject(actor=reviewer, match=Match.objects.get(), reason="A frame.", common=True)
    assert "match_protected" not in codes(image_set)
    assert Match.objects.get().outcome == "discounted"
    end_entry(actor=reviewer, entry=entry, reason="It was no frame.")
    corpus.search_back()
    assert "match_protected" in codes(image_set)


def test_only_reviewers_judge_and_a_whole_picture_is_no_common_element(owner, studio, reviewer):
    shield(studio, drawing(1))
    services.ensure_screened([take_in(data(drawing(1)))])
    match = Match.objects.get()
    with pytest.raises(PermissionDenied):
        confirm(actor=Actor.of(owner), match=match, reason="mine")
    confirm(actor=reviewer, match=match, reason="It is.")
    match.region = None
    with pytest.raises(RefusedError, match="whole"):
        reject(actor=reviewer, match=match, reason="no", common=True)


def test_a_watch_list_flags_and_names_itself(owner, reviewer):
    image = take_in(data(drawing(1)))
    look = looks_of([image])[image]
    with pytest.raises(InvalidError, match="Protect a work"):
        list_picture(actor=reviewer, bank=bank("protected"), look=look, image=image,
                     label="x", reason="y")  # fmt: skip
    list_picture(actor=reviewer, bank=bank("watch"), look=look, image=image,
                 label="Leaked cover", reason="Reported by the publisher.")  # fmt: skip
    image_set = a_set_of(owner, drawing(1))
    decide(image_set)
    fact = gather(image_set, plain_use(image_set), today=date(2026, 1, 1)).pictures[0].matches[0]
    assert (fact.work, fact.outcome) == (None, "match")
    assert fact.listed == "“Leaked cover” on the list “Watch list”"


def test_a_work_protected_by_its_fingerprints_alone_flags(owner, artist_and_party):
    artist, party = artist_and_party
    client, image = client_of(artist), take_in(data(drawing(1)))
    features = base64.b64encode(looks_of([image])[image].features).decode()
    body = {"holder": str(party.pk), "reference": "mine", "pdq": image.pdq,
            "quality": image.quality, "features": features}  # fmt: skip
    answer = client.post("/api/v1/protections/", body, format="json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["sha256"] == ""
    assert (
        client.post("/api/v1/protections/", body, format="json").json()["id"]
        == (answer.json()["id"])
    )
    assert "match_protected" not in codes(a_set_of(owner, pasted(drawing(1))))
    match = Match.objects.get()
    assert (match.outcome, match.entry.protection.level) == ("match", Level.SELF_DECLARED)


@pytest.mark.parametrize(
    "change",
    [{"pdq": "zz"}, {"pdq": "AB" * 32}, {"quality": 400}, {"features": "x"}, {"features": "aGk="},
     {"reference": ""}],
)  # fmt: skip
def test_a_damaged_fingerprint_is_refused(artist_and_party, change):
    artist, party = artist_and_party
    body = {"holder": str(party.pk), "reference": "mine", "pdq": "ab" * 32, "quality": 90} | change
    answer = client_of(artist).post("/api/v1/protections/", body, format="json")
    assert answer.status_code == 400, answer.content
    assert not BankEntry.objects.exists()


@pytest.fixture
def artist_and_party(db):
    artist = user("artist")
    party = Party.objects.create(kind="person", name="Artist")
    party.members.create(user=artist)
    return artist, party


def test_lists_of_codes_go_out_and_come_back(studio, owner):
    shield(studio, drawing(1), drawing(2))
    out = list(listed_in(MatchBank.Kind.PROTECTED))
    assert [one.label for one in out] == ["w-0", "w-1"]
    assert all(one.iscc.startswith("ISCC:") for one in out)
    assert read_list(to_csv(out)) == out
    assert [one.pdq for one in read_list(to_json(out))] == [one.pdq for one in out]
    added, known = take_list(actor=SYSTEM, bank=bank("watch"), entries=out, reason="a peer")
    assert (added, known) == (2, 0)
    assert take_list(actor=SYSTEM, bank=bank("watch"), entries=out, reason="a peer") == (
        0,
        2,
    )
    services.ensure_screened([take_in(data(drawing(1)))])
    kinds = Match.objects.values_list("entry__bank__kind", flat=True)
    assert set(kinds) == {"protected", "watch"}


@pytest.mark.parametrize(
    "text", ["", "hash\nzz", "{", '{"data": 3}', "hash,quality\n" + "ab" * 32 + ",-1"]
)
def test_a_list_that_cannot_be_read_says_where(text):
    with pytest.raises(ExchangeError):
        read_list(text)


def test_one_code_a_line_and_other_types_are_understood():
    assert read_list("ab" * 32) == [Listed("ab" * 32)]
    text = '[{"indicator": "' + "AB" * 32 + '", "type": "HASH_PDQ"}, {"type": "HASH_MD5"}]'
    assert [one.pdq for one in read_list(text)] == ["ab" * 32]


@pytest.mark.parametrize("harm", ["cut", "gone", "other"])
def test_a_damaged_index_is_made_anew_from_the_database(studio, harm):
    shield(studio, drawing(1))
    assert services.screen_picture(data(drawing(1))).outcome == "match"
    for file in indexes.listed.folder.iterdir():
        if harm == "gone":
            file.unlink()
        elif harm == "cut":
            file.write_bytes(file.read_bytes()[:-3])
        elif file.name == "followed.json":
            file.write_text('[99999, "another database"]')
    assert services.screen_picture(data(drawing(1))).outcome == "match"


def test_features_go_into_files_that_others_read_and_damaged_ones_are_made_anew(
    studio, monkeypatch
):
    monkeypatch.setattr(indexes, "SHARD", 2)
    monkeypatch.setattr(indexes, "BATCH", 1)
    drawn = [drawing(seed) for seed in range(5)]
    shield(studio, *drawn)
    parts = [looks_of([take_in(data(one.crop((100, 80, 500, 400))))]) for one in drawn]

    def found(follower) -> list[str]:
        each = (LocalFeatures.from_bytes(one.popitem()[1].features) for one in map(dict, parts))
        keys = [follower.local().search(features)[0].key for features in each]
        return [BankEntry.objects.get(pk=key).label for key in keys]

    names = [f"w-{seed}" for seed in range(5)]
    assert found(indexes.Follower(indexes.Entries())) == names
    files = sorted(indexes.listed.folder.glob("features-*.faiss"))
    assert len(files) == 2
    with monkeypatch.context() as patch:
        patch.setattr(indexes.LocalIndex, "seal", None)
        later = indexes.Follower(indexes.Entries())
        assert (found(later), len(later.local())) == (names, 1)
    files[0].write_bytes(files[0].read_bytes()[:-9])
    assert found(indexes.Follower(indexes.Entries())) == names
    whole = files[0].read_bytes()
    middle = len(whole) // 2
    files[0].write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    assert found(indexes.Follower(indexes.Entries())) == names
    assert files[0].read_bytes() == whole
    BankEntry.objects.filter(pk=int(files[1].stem.split("-")[2])).update(added_at=now())
    assert len(indexes.Follower(indexes.Entries()).local()) == 1  # of another database now


def test_an_index_follows_what_was_added_without_being_built_anew(studio, monkeypatch):
    shield(studio, drawing(1))
    services.screen_picture(data(drawing(1)))
    monkeypatch.setattr(indexes.ExactIndex, "build", None)
    protect(actor=SYSTEM, holder=studio,
            pictures=[Portrayed(take_in(data(drawing(2))), "two", "two")])  # fmt: skip
    assert services.screen_picture(data(drawing(2))).found[0].entry.label == "two"


def test_a_picture_without_fingerprints_of_this_version_is_unavailable_never_clear(owner):
    image_set = a_set_of(owner, drawing(1))
    Features.objects.update(version="older")
    decide(image_set)
    facts = gather(image_set, plain_use(image_set), today=date(2026, 1, 1))
    assert not facts.pictures[0].screened


def test_a_mark_needs_a_code():
    with pytest.raises(InvalidError):
        look_of_mark("", 90, b"")
