"""How copies came here, who is shown in them, and what a copy of a set takes along."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actors import Actor
from accounts.errors import InvalidError
from ledger.models import Entry
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set, resolve
from provenance.consent.services import ask_party, grant
from provenance.intake.copying import copy_set
from provenance.intake.custody import history
from provenance.intake.services import add_picture
from provenance.intake.tables import declare_table
from provenance.models import Grant, ImageSet, Party, PersonShown, Resolution, SetImage, Work
from tests.provenance import records
from tests.provenance.rights import TERMS

pytestmark = pytest.mark.django_db


def address(item, *more) -> str:
    return (
        "/api/v1/image-sets/"
        + "/".join([str(item.image_set_id), "images", str(item.pk), *more])
        + "/"
    )


def kinds(item) -> list[str]:
    return [entry.kind for entry in history(item)]


def say(owner, item, **changes) -> SetImage:
    declare(actor=Actor.of(owner), image_set=item.image_set, changes={item.pk: changes})
    return SetImage.objects.get(pk=item.pk)


def test_every_hand_is_written_down_and_shown_in_order(owner, client):
    _, (item,) = records.a_set(owner, 1)
    say(owner, item, collector="Ada", source_url="https://example.org/a")
    api = records.client_of(owner)
    handed = {"who": "Bo", "on": "2020-05-31", "note": "on a disk"}
    assert api.post(address(item, "custody"), handed, format="json").status_code == 201
    assert kinds(item) == ["collected", "handed-over", "uploaded"]
    assert [one["who"] for one in api.get(address(item)).json()["custody"]] == [
        "Ada",
        "Bo",
        "owner",
    ]
    client.force_login(owner)
    shown = client.get(reverse("provenance:item", args=[item.pk])).content.decode()
    assert shown.index("Ada collected it") < shown.index("Bo handed it over")
    assert "Bo" not in Entry.objects.get(kind="copy.handed_over").data


@pytest.mark.parametrize(
    "wrong", [{"who": " "}, {"on": "2999-01-01"}, {"source_url": "javascript:1"}]
)
def test_a_hand_over_that_cannot_be_is_refused(owner, stranger, wrong):
    _, (item,) = records.a_set(owner, 1)
    api = records.client_of(owner)
    sent = {"who": "Bo"} | wrong
    assert api.post(address(item, "custody"), sent, format="json").status_code == 400
    theirs = records.client_of(stranger)
    assert theirs.post(address(item, "custody"), {"who": "Bo"}, format="json").status_code == 404
    assert kinds(item) == ["uploaded"]


def test_a_source_that_is_no_address_is_shown_and_never_a_link(owner, client):
    made, _ = records.a_set(owner)
    item = add_picture(
        actor=Actor.of(owner), image_set=made, data=records.picture(1), filename="1.png",
        source_url="javascript:alert(1)",
    )  # fmt: skip
    client.force_login(owner)
    shown = client.get(reverse("provenance:item", args=[item.pk])).content.decode()
    assert "(javascript:alert(1))" in shown
    assert 'href="javascript' not in shown


def test_persons_are_declared_by_party_or_name_and_may_be_children(owner):
    _, (item,) = records.a_set(owner, 1)
    ada = Party.objects.create(name="Ada", kind="person")
    shown = [{"party": str(ada.pk)}, {"name": "Bo", "minor": True}, {}]
    answer = records.client_of(owner).patch(address(item), {"persons_shown": shown}, format="json")
    stated = answer.json()["statement"]
    assert stated["persons"] == "identifiable"
    assert {(one["name"], one["minor"]) for one in stated["persons_shown"]} == {
        ("Ada", False), ("Bo", True), ("", False),
    }  # fmt: skip
    assert PersonShown.objects.filter(party=None).count() == 1


def test_to_say_that_nobody_is_shown_takes_the_names_back(owner):
    _, (item,) = records.a_set(owner, 1)
    api = records.client_of(owner)
    api.patch(address(item), {"persons_shown": [{"name": "Bo"}], "warranted": True}, format="json")
    api.patch(address(item), {"collector": "Me"}, format="json")
    assert PersonShown.objects.count() == 1
    assert api.patch(address(item), {"persons": "crowd"}, format="json").json()["statement"][
        "warranted"
    ]
    assert not PersonShown.objects.exists()
    both = {"persons": "none", "persons_shown": [{"name": "Bo"}]}
    answer = api.patch(address(item), both, format="json")
    assert answer.json()["code"] == "persons_contradict"


def test_one_click_says_it_of_the_whole_set(owner, client):
    image_set, _ = records.a_set(owner, 1, 2)
    client.force_login(owner)
    client.post(reverse("provenance:set-declare", args=[image_set.pk]), {"nobody": "1"})
    assert set(image_set.items.values_list("persons", flat=True)) == {"none"}
    assert not image_set.items.exclude(work=None).exists()


def test_names_alone_in_the_form_say_that_somebody_can_be_recognised(owner, client):
    image_set, (item,) = records.a_set(owner, 1)
    client.force_login(owner)
    sent = {"made_by": "unknown", "persons": "", "persons_shown": "Ada (minor)"}
    client.post(reverse("provenance:item", args=[item.pk]), sent)
    assert image_set.items.get().persons == "identifiable"
    assert PersonShown.objects.get().minor
    client.post(reverse("provenance:set-declare", args=[image_set.pk]), {"item": item.pk})
    assert PersonShown.objects.exists()


def test_a_table_may_tell_persons_in_columns_of_their_own(owner):
    image_set, (one, two, _three) = records.a_set(owner, 1, 2, 3)
    data = b"path,persons,persons_shown\n1.png,none,\n2.png,,Ada; Bo (minor); ?\n"
    declare_table(actor=Actor.of(owner), image_set=image_set, data=data)
    assert SetImage.objects.get(pk=one.pk).persons == "none"
    assert SetImage.objects.get(pk=two.pk).persons == "identifiable"
    found = PersonShown.objects.filter(item=two).values_list("party__name", "minor")
    assert set(found) == {("Ada", False), ("Bo", True), (None, False)}
    with pytest.raises(InvalidError, match="no answer"):
        declare_table(actor=Actor.of(owner), image_set=image_set, data=b"path,persons\n1.png,two\n")


def test_a_copy_takes_custody_works_and_persons_along_and_no_word_of_honour(rights, operator):
    first = rights.items[0]
    first.custody.update(on="2020-01-01")  # long before the copy
    how = {"persons": "crowd", "warranted": True, "collector": "Ada"}
    say(rights.applicant, first, **how)
    answer = records.client_of(operator).post(f"/api/v1/image-sets/{rights.image_set.pk}/copy/")
    assert answer.status_code == 201, answer.json()
    copy = ImageSet.objects.get(pk=answer.json()["id"])
    assert copy.owner == operator
    assert answer.json()["pictures"] == 2
    item = copy.items.get(image=first.image)
    assert (item.work, item.persons, item.warranted) == (rights.works[0], "crowd", False)
    assert kinds(item) == [*kinds(first), "copied"] == ["collected", "uploaded", "copied"]
    assert "a set of applicant" in history(item)[-1].note


def test_whoever_may_not_see_a_set_does_not_copy_it(rights, stranger):
    at = f"/api/v1/image-sets/{rights.image_set.pk}/copy/"
    assert records.client_of(stranger).post(at).status_code == 404
    assert ImageSet.objects.count() == 1


def blocked(image_set, rights) -> set[str]:
    found = evaluate_set(image_set=image_set, use=rights.use, subject=f"set:{image_set.pk}")
    return {f["code"] for f in found.findings if f["severity"] == "block"}


def test_consent_and_resolutions_do_not_come_along(rights, reviewer):
    me = Actor.of(rights.applicant)
    ask = ask_party(
        actor=me, image_set=rights.image_set, party=rights.lantern, purpose="x", model_name="m"
    )
    grant(actor=Actor.of(rights.studio), ask=ask, terms=TERMS)
    Work.objects.update(source=Work.Source.GENERATED)
    assert not blocked(rights.image_set, rights)
    found = evaluate_set(image_set=rights.image_set, use=rights.use, subject=rights.subject)
    resolve(
        actor=Actor.of(reviewer),
        image_set=rights.image_set,
        findings=[f for f in found.findings if f["code"] == "synthetic_source"],
        how=Resolution.How.values[0],
        reason="Seen.",
    )
    before = Resolution.objects.count()
    copy = copy_set(actor=me, copier=rights.applicant, image_set=rights.image_set)
    assert Grant.objects.count() == 1
    assert Resolution.objects.count() == before
    assert blocked(copy, rights)
