"""Every page that a signed-in person can open answers, and health tells what is wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from accounts.models import User
from registry.cards.selectors import signer
from tools import verify_release

pytestmark = pytest.mark.django_db
PAGES = [
    "web:home",
    "account_profile",
    "provenance:sets",
    "provenance:set-new",
    "provenance:asks",
    "provenance:grants",
    "provenance:evidence",
    "training:requests",
    "training:review-queue",
    "training:runs",
    "registry:catalogue",
    "ledger:entries",
    "account_email",
    "account_change_password",
    "api-docs",
    "schema",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers(client, name):
    user = User.objects.create_user("someone", "a@example.org", "pw", is_reviewer=True)
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("model", ["accounts/user", "provenance/work", "provenance/evaluation",
                                   "training/request", "training/run", "registry/revision",
                                   "ledger/entry", "provenance/grant"])  # fmt: skip
def test_the_admin_lists_what_it_knows(admin_client, model):
    assert admin_client.get(f"/admin/{model}/").status_code == 200


def test_a_stranger_reads_the_public_pages_and_is_asked_to_sign_in_for_others(client):
    for name in ("web:home", "registry:catalogue", "ledger:entries"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("provenance:sets")).status_code == 302


def test_health(client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {
        "ready": True,
        "parts": {"database": "", "broker": "", "storage": "", "index": ""},
    }


def test_a_broker_that_is_down_is_not_ready(client, settings):
    settings.BROKER_URL = "amqp://guest:guest@127.0.0.1:1//"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["parts"]["broker"]


def test_what_is_not_there_says_what_to_do(client):
    answer = client.get("/sets/00000000-0000-0000-0000-000000000000/nothing/")
    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.content.decode()


def test_a_stranger_fetches_the_verifying_program_and_the_key_to_give_it(client, tmp_path):
    answer = client.get("/verify_release.py")
    assert answer["Content-Type"].startswith("text/x-python")
    assert answer.content == Path(verify_release.__file__).read_bytes()
    assert answer["X-Checksum-Sha256"] == hashlib.sha256(answer.content).hexdigest()
    kept = tmp_path / "release_key.txt"
    kept.write_bytes(client.get("/release_key.txt").content)
    assert verify_release.read_keys(str(kept)) == {signer()}


def test_the_description_of_the_api_asks_no_other_host(client):
    answer = client.get(reverse("api-docs"))
    page = answer.content.decode() + answer["Content-Security-Policy"]
    assert "swagger-ui-bundle" in page
    assert "://" not in page.replace("http://testserver", "")
    assert finders.find("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js")
