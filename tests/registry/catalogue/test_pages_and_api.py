from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import path, resolve, reverse

from accounts.actors import Actor
from accounts.reserved import RESERVED_OWNERS, username_validators
from registry.checks import first_words, reserved_owners, short_lived_addresses
from registry.downloads.selectors import terms_sha256
from registry.release import services
from tests.registry import records


def page_of(revision):
    return reverse("registry:model", args=[revision.model.owner.username, revision.model.name])


def test_the_catalogue_shows_what_is_released_to_everybody(client, released):
    shown = client.get(reverse("registry:catalogue"), {"q": "harbours"}).content.decode()
    assert "lamp-lit-harbours" in shown
    assert "open to everybody" in shown
    assert "No released model fits" in client.get("/catalogue/?q=zebra").content.decode()


def test_a_model_that_is_not_released_is_on_no_strangers_page(client, open_run, owner):
    revision = records.build(open_run)
    assert "lamp-lit-harbours" not in client.get("/catalogue/").content.decode()
    assert client.get(page_of(revision)).status_code == 404
    assert client.get("/api/v1/models/quayside/lamp-lit-harbours/").status_code == 404
    client.force_login(owner)
    assert "Release" in client.get(page_of(revision)).content.decode()


def test_a_models_page_tells_files_ways_and_audit(client, released):
    shown = client.get(page_of(released)).content.decode()
    weights = released.files.get(path="unet/diffusion_pytorch_model.safetensors")
    for words in (weights.sha256, "hf download quayside/lamp-lit-harbours", "from_pretrained",
                  "Training data", f"/catalogue/{released.pk}/samples/00-0.png"):  # fmt: skip
        assert words in shown
    picture = client.get(f"/catalogue/{released.pk}/samples/00-0.png")
    assert picture["Content-Type"] == "image/png"


def test_the_owner_releases_by_the_pages_button(client, open_run, owner):
    revision = records.build(open_run)
    client.force_login(owner)
    client.post(reverse("registry:command", args=[revision.pk, "release"]))
    revision.refresh_from_db()
    assert revision.state == "released"


def test_a_button_that_is_not_yours_says_why(client, released, stranger):
    client.force_login(stranger)
    answer = client.post(
        reverse("registry:command", args=[released.pk, "withdraw"]), {"reason": "x"}, follow=True
    )
    assert "Only the owner or a reviewer or an operator may withdraw" in answer.content.decode()
    assert client.post(f"/catalogue/{released.pk}/destroy/").status_code == 404


def test_terms_are_accepted_on_the_page(client, gated, downloader):
    assert "sign in" in client.get(page_of(gated)).content.decode()
    client.force_login(downloader)
    assert "I accept these terms" in client.get(page_of(gated)).content.decode()
    accept = reverse("registry:command", args=[gated.pk, "accept"])
    told = client.post(accept, {"terms_sha256": "0" * 64}, follow=True).content.decode()
    assert "not the terms of this revision" in told
    told = client.post(accept, {"terms_sha256": terms_sha256(gated)}, follow=True).content.decode()
    assert "Download everything" in told


def test_a_quarantined_models_page_tells_the_reason_and_shows_no_sample(client, released, reviewer):
    services.quarantine(actor=Actor.of(reviewer), revision=released, reason="A <b>complaint</b>.")
    shown = client.get(page_of(released)).content.decode()
    assert "A &lt;b&gt;complaint&lt;/b&gt;." in shown
    assert "cannot be downloaded" in shown
    assert f"/catalogue/{released.pk}/samples/" not in shown
    assert client.get(f"/catalogue/{released.pk}/samples/00-0.png").status_code == 451
    assert client.get(f"/catalogue/{released.pk}/download.zip").status_code == 451
    assert "lamp-lit-harbours" not in client.get("/catalogue/").content.decode()


def test_only_reviewers_see_the_pictures_of_near_pairs(client, released, reviewer, stranger):
    pair = f"/catalogue/{released.pk}/pairs/0/"
    assert client.get(f"{pair}sample").status_code == 404
    client.force_login(stranger)
    assert client.get(f"{pair}known").status_code == 404
    client.force_login(reviewer)
    for side in ("sample", "known"):
        assert client.get(pair + side)["Content-Type"] == "image/png"
    assert client.get(f"/catalogue/{released.pk}/pairs/999/sample").status_code == 404


def test_the_api_lists_and_tells_a_revision_with_its_report(client, released):
    listed = client.get("/api/v1/models/", {"search": "harbours"}).json()
    assert (listed["count"], listed["results"][0]["id"]) == (1, str(released.model))
    detail = client.get(f"/api/v1/models/{released.model}/").json()
    assert detail["revisions"][0]["commit"] == released.commit
    body = client.get(f"/api/v1/revisions/{released.pk}/").json()
    assert (body["audit"]["outcome"], body["audit"]["report"]) == ("passed", None)
    assert body["card"] == released.card


def test_the_api_gives_commands_and_refuses_in_problem_details(
    client, released, stranger, reviewer
):
    url = f"/api/v1/revisions/{released.pk}/quarantine/"
    assert client.post(url, {"reason": "x"}).status_code in (401, 403)
    client.force_login(stranger)
    refused = client.post(url, {"reason": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    client.force_login(reviewer)
    assert client.post(url, {}, content_type="application/json").status_code == 400
    done = client.post(url, {"reason": "A complaint."}, content_type="application/json")
    assert done.json()["state"] == "quarantined"
    assert done.json()["card"] == ""


def test_the_api_releases_and_withdraws(client, open_run, owner):
    revision = records.build(open_run)
    client.force_login(owner)
    url = f"/api/v1/revisions/{revision.pk}"
    assert client.post(f"{url}/release/").json()["state"] == "released"
    answer = client.post(f"{url}/withdraw/", {"reason": "Done."}, content_type="application/json")
    assert answer.json()["state"] == "withdrawn"
    again = client.post(f"{url}/release/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_terms_are_read_and_accepted_by_the_api(client, gated, downloader):
    url = f"/api/v1/revisions/{gated.pk}/terms/"
    shown = client.get(url).json()
    assert (shown["accepted"], "1." in shown["terms"]) == (False, True)
    client.force_login(downloader)
    body = {"terms_sha256": shown["sha256"]}
    assert client.post(url, body, content_type="application/json").json()["accepted"] is True
    changed = client.post(url, {"terms_sha256": "x"}, content_type="application/json")
    assert (changed.status_code, changed.json()["code"]) == (409, "terms_changed")


@pytest.mark.parametrize("word", ["accounts", "API", "sets", "catalogue"])
def test_no_address_of_the_site_is_taken_for_a_model(word):
    try:
        match = resolve(f"/{word}/something")
    except Exception:  # noqa: BLE001 - no address at all is as good
        return
    assert match.view_name != "registry:model"


def test_the_check_finds_an_address_that_nobody_reserved():
    assert reserved_owners() == []
    wanted = path("brandnew/", resolve)
    assert set(first_words([wanted])) - RESERVED_OWNERS == {"brandnew"}


@pytest.mark.parametrize("name", ["a@b", "a b", "-a", "ä", "a/b", ""])
def test_names_that_do_not_fit_into_an_address_cannot_sign_up(name):
    with pytest.raises(ValidationError):
        username_validators[0](name)


def test_a_reserved_name_cannot_sign_up(client, db):
    client.post(
        reverse("account_signup"),
        {"username": "Models", "email": "m@example.org", "password1": "long-enough-9",
         "password2": "long-enough-9"},
    )  # fmt: skip
    from accounts.models import User

    assert not User.objects.filter(username__iexact="models").exists()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"querystring_expire": 60}, 0),
        ({}, 1),
        ({"querystring_expire": 86_400}, 1),
        ({"querystring_expire": 60, "querystring_auth": False}, 1),
    ],
)
def test_addresses_in_s3_must_be_signed_and_end_soon(settings, options, found):
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"releases": backend}
    assert len(short_lived_addresses()) == found
