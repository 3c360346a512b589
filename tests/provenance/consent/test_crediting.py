"""A creator's choice of credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.errors import InvalidError
from ledger.models import Entry
from provenance.consent import services
from provenance.models import CreditChoice
from tests.provenance import records

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db


def choose(r: Rights, **choice: object) -> CreditChoice:
    return services.choose_credit(actor=records.actor(r.artist), party=r.maren, **choice)


def test_choosing_again_replaces_the_choice_and_both_are_on_record(rights: Rights) -> None:
    choose(rights, choice="as-written", text=" M.  Solvik ")
    assert CreditChoice.objects.get().text == "M. Solvik"
    choose(rights, choice="none")
    choose(rights, choice="anonymous", work=rights.works[0])
    kept = {(c.work_id, c.choice, c.text) for c in CreditChoice.objects.all()}
    assert kept == {(None, "none", ""), (rights.works[0].pk, "anonymous", "")}
    assert Entry.objects.filter(kind="credit.chosen").count() == 3


@pytest.mark.parametrize(
    "choice",
    [{"choice": "loudly"}, {"choice": "as-written"}, {"choice": "none", "text": "M"},
     {"choice": "as-written", "text": "x" * 301}],
)  # fmt: skip
def test_a_choice_that_says_two_things_or_none_is_refused(rights: Rights, choice: dict) -> None:
    with pytest.raises(InvalidError):
        choose(rights, **choice)


def test_a_holder_does_not_choose_for_the_creator(rights: Rights) -> None:
    studio = records.actor(rights.studio)
    with pytest.raises(PermissionDenied):
        services.choose_credit(actor=studio, party=rights.maren, choice="none")
    with pytest.raises(InvalidError, match="having made"):
        services.choose_credit(
            actor=studio, party=rights.lantern, choice="none", work=rights.works[0]
        )


def test_the_choice_is_made_by_api_and_page(client, rights: Rights) -> None:
    api = records.client_of(rights.artist)
    body = {"party": rights.maren.pk, "work": None, "choice": "as-written", "text": "M. S."}
    for _ in range(2):
        assert api.post("/api/v1/credit-choices/", body).status_code == 201
    assert [one["text"] for one in api.get("/api/v1/credit-choices/").json()] == ["M. S."]
    other = records.client_of(rights.studio)
    assert other.get("/api/v1/credit-choices/").json() == []
    assert other.post("/api/v1/credit-choices/", body).status_code == 403
    client.force_login(rights.artist)
    page = reverse("provenance:credit")
    assert "M. S." in client.get(page).content.decode()
    wrong = client.post(page, {"party": rights.maren.pk, "choice": "none", "text": "M."})
    assert "the other choices" in wrong.content.decode()
    client.post(page, {"party": rights.maren.pk, "choice": "none"})
    assert CreditChoice.objects.get().choice == "none"
