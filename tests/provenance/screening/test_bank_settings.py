"""Banks through the API and the pages: opened, listed in, set to block, ended, and by whom."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ledger.models import Entry
from provenance.models import Grant, Image, Level, MatchBank, Party, TitleLink, Work
from provenance.screening import corpus, services
from provenance.screening.bank import current
from provenance.screening.looks import looks_of
from tests.provenance.records import client_of, user
from tests.provenance.screening.drawings import drawing, pasted
from tests.provenance.screening.test_banks import a_set_of, data, decide

pytestmark = pytest.mark.django_db
API = "/api/v1/banks/"


@pytest.fixture
def operator(db):
    return client_of(user("operator", is_operator=True))


@pytest.fixture
def reviewer(db):
    return client_of(user("reviewer", is_reviewer=True))


def opened(operator, name="Leaks of 2026", kind="watch"):
    answer = operator.post(API, {"name": name, "kind": kind, "reason": "Reported by the press."})
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def listed(reviewer, bank, picture):
    file = SimpleUploadedFile("cover.png", data(picture), "image/png")
    return reviewer.post(
        f"{API}{bank}/entries/",
        {"file": file, "label": "Leaked cover", "reason": "Seen."},
        format="multipart",
    )


def severities(image_set) -> set[str]:
    """How grave it is that pictures, all else of which is in order, show what is listed."""
    return {f["severity"] for f in decide(image_set).findings if f["code"] == "match_listed"}


def permitted_set_of(owner, picture):
    """One picture whose holder permits everything."""
    image_set = a_set_of(owner, picture)
    holder = Party.objects.create(kind="organisation", name="Studio", level=Level.DOCUMENT_CHECKED)
    work = Work.objects.create(title="Evening")
    work.creators.add(holder)
    TitleLink.objects.create(work=work, party=holder, level=Level.DOCUMENT_CHECKED)
    Grant.objects.create(
        assigner=holder, actions=["train", "distribute-weights", "use-commercially"],
        all_works=True, identity_level=Level.DOCUMENT_CHECKED, territories=["world"],
    )  # fmt: skip
    image_set.items.update(work=work)
    return image_set


def settings(**changes):
    return {"match_at": None, "possible_at": None, "blocks": False, "reason": "Tried."} | changes


def test_a_bank_that_is_set_to_block_blocks_and_one_that_is_not_flags(owner, operator, reviewer):
    bank = opened(operator)
    assert listed(reviewer, bank, drawing(1)).status_code == 201
    image_set = permitted_set_of(owner, pasted(drawing(1)))

    assert severities(image_set) == {"flag"}
    assert operator.put(f"{API}{bank}/", settings(blocks=True)).status_code == 200
    assert severities(image_set) == {"block"}
    entry = reviewer.get(f"{API}{bank}/entries/").json()["results"][0]
    ended = reviewer.post(f"{API}{bank}/entries/{entry['id']}/end/", {"reason": "Licensed now."})
    assert ended.status_code == 204
    assert not severities(image_set)


def test_moving_a_threshold_compares_pictures_anew_and_is_told(owner, operator, reviewer):
    bank = opened(operator)
    listed(reviewer, bank, drawing(1))
    image_set = permitted_set_of(owner, pasted(drawing(1)))
    assert severities(image_set)
    strict = settings(match_at=1.0, possible_at=1.0)
    assert operator.put(f"{API}{bank}/", strict).status_code == 200
    assert not severities(image_set)
    told = Entry.objects.filter(subject=f"bank:{bank}").order_by("position").last()
    assert told is not None
    assert json.loads(told.data)["match_at"] == "1.0"


@pytest.mark.parametrize(
    "changes",
    [{"match_at": 0.2}, {"match_at": 1.5}, {"possible_at": 0.0}, {"reason": " "}],
    ids=["match below possible", "above one", "all possible", "no reason"],
)
def test_thresholds_that_mean_nothing_are_refused(operator, changes):
    bank = opened(operator)
    assert operator.put(f"{API}{bank}/", settings(**changes)).status_code == 400


def test_evidence_alone_decides_what_a_protected_work_blocks(operator):
    own = MatchBank.of_kind(MatchBank.Kind.PROTECTED)
    answer = operator.put(f"{API}{own.pk}/", settings(blocks=True))
    assert answer.json()["code"] == "evidence_decides"


def test_each_act_belongs_to_its_role(owner, operator, reviewer):
    bank = opened(operator)
    stranger = client_of(owner)
    assert stranger.get(API).status_code == 404
    assert listed(stranger, bank, drawing(1)).status_code == 404
    assert listed(operator, bank, drawing(1)).status_code == 403
    assert reviewer.put(f"{API}{bank}/", settings()).status_code == 403
    assert reviewer.post(API, {"name": "x", "kind": "watch", "reason": "y"}).status_code == 403
    assert operator.post(API, {"name": "leaks of 2026", "kind": "watch", "reason": "y"}).json()[
        "code"
    ] == ("bank_name")


def test_the_pages_do_what_the_api_does(client, owner):
    person = user("both", is_reviewer=True, is_operator=True)
    client.force_login(person)
    assert b"Common elements" in client.get(reverse("provenance:banks")).content
    made = client.post(
        reverse("provenance:banks"), {"name": "Leaks", "kind": "watch", "reason": "Reported."}
    )
    bank = MatchBank.objects.get(name="Leaks")
    assert made["Location"] == reverse("provenance:bank", args=[bank.pk])
    file = SimpleUploadedFile("cover.png", data(drawing(1)), "image/png")
    client.post(made["Location"], {"file": file, "label": "Cover", "reason": "Seen.", "list": "1"})
    client.post(made["Location"], {"blocks": "on", "reason": "Grave.", "set": "1"})
    image_set = permitted_set_of(owner, pasted(drawing(1)))
    assert severities(image_set) == {"block"}
    page = client.get(made["Location"]).content.decode()
    assert "Cover" in page
    assert "Innocent pictures" in page
    entry = bank.entries.get()
    ending = reverse("provenance:bank-entry-end", args=[bank.pk, entry.pk])
    assert "needs a reason" in client.post(ending, {"reason": ""}, follow=True).content.decode()
    client.post(ending, {"reason": "A mistake."})
    assert not bank.entries.filter(ended_version=None).exists()


def test_no_bank_takes_the_name_of_the_site_s_own_before_that_is_there(operator):
    """Else works would be protected by a list that proves nothing."""
    for name in ("Protected works", "protected WORKS", "x" * 121, " "):
        answer = operator.post(API, {"name": name, "kind": "negative", "reason": "y"})
        assert answer.status_code == 400, name
    assert MatchBank.of_kind(MatchBank.Kind.PROTECTED).kind == MatchBank.Kind.PROTECTED


def test_nothing_is_kept_of_a_file_that_its_sender_may_not_list(client, operator, reviewer):
    bank = opened(operator)
    assert listed(operator, bank, drawing(1)).status_code == 403
    own = MatchBank.of_kind(MatchBank.Kind.PROTECTED)
    assert listed(reviewer, own.pk, drawing(1)).json()["code"] == "protect_instead"
    client.force_login(user("auditor", is_auditor=True))
    file = SimpleUploadedFile("cover.png", data(drawing(1)), "image/png")
    said = {"file": file, "label": "Cover", "reason": "Seen.", "list": "1"}
    client.post(reverse("provenance:bank", args=[bank]), said)
    assert not Image.objects.exists()


def test_what_older_thresholds_said_never_counts_once_an_operator_moved_them(
    owner, operator, reviewer
):
    """A comparison that began before the change and ends after it, then the reverse search."""
    bank = opened(operator)
    operator.put(f"{API}{bank}/", settings(match_at=1.0, possible_at=1.0))
    listed(reviewer, bank, drawing(1))
    image_set = permitted_set_of(owner, pasted(drawing(1)))
    corpus.search_back()
    image = image_set.items.get().image
    banks = current()
    began = banks.screen(looks_of([image])[image])
    assert began.outcome == "clear"
    operator.put(f"{API}{bank}/", settings())
    services._keep(banks, {image: began})
    corpus.search_back()
    assert severities(image_set) == {"flag"}
