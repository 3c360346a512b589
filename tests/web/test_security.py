"""Headers that every answer carries, errors that are no pages, and refusals nobody expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", re.IGNORECASE
)


@pytest.mark.parametrize("path", ["/", "/api/v1/policy/", "/healthz", "/nothing/here/at-all/"])
def test_every_answer_allows_no_script_but_the_sites_own_files(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_no_template_holds_what_that_policy_forbids():
    folder = Path(settings.BASE_DIR, "templates")
    found = [path.name for path in folder.rglob("*.html") if INLINE.search(path.read_text())]
    assert found == []


def test_the_docs_of_the_api_may_load_swagger_and_run_no_inline_script(client):
    client.force_login(User.objects.create_user("someone"))
    answer = client.get("/api/v1/docs/")
    scripts = next(
        p for p in answer.headers["Content-Security-Policy"].split("; ") if "script-src" in p
    )
    assert "unsafe" not in scripts
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.content.decode())
    assert (
        client.get("/api/v1/docs/?script=").headers["Content-Type"].startswith("application/java")
    )


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v2/", "/api/v1/parties/not-an-id/"])
def test_an_unknown_address_of_the_api_answers_with_problem_details(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_forgotten_slash_still_leads_to_the_api(client):
    assert client.get("/api/v1/policy").headers["Location"] == "/api/v1/policy/"


def test_what_breaks_in_the_api_answers_with_problem_details(client, monkeypatch):
    def broken() -> None:
        raise OSError("disk")

    monkeypatch.setattr("provenance.consent.api.decisions.current_policy", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/policy/")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "disk" not in answer.content.decode()
