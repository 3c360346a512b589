"""Signing up and in by page, with no mail server, and tokens for the API."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from rest_framework.test import APIClient

from accounts.mail import ShownMailBackend, shown_mail
from accounts.models import AccessToken, User
from accounts.tokens import create_token, user_of_token

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet harbour at nine"


def sign_up(client, name="maren", email="maren@example.org"):
    form = {"username": name, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/accounts/signup/", form)


def test_signing_up_signs_in_and_shows_the_desk(client):
    assert sign_up(client).status_code == 302
    assert "Your desk" in client.get("/").content.decode()
    assert User.objects.get().roles == {"applicant"}


def test_signing_in_takes_name_or_mail(client):
    sign_up(client)
    for login in ("maren", "maren@example.org"):
        client.post("/accounts/logout/")
        assert "Let it be printed" in client.get("/").content.decode()
        answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 302


def test_a_wrong_password_is_refused_in_a_sentence(client):
    sign_up(client)
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", {"login": "maren", "password": "wrong"})
    assert answer.status_code == 200
    assert "not correct" in answer.content.decode()


def test_the_mail_that_greets_names_the_site_and_not_its_machine(client, settings):
    settings.SITE_NAME = "The Reading Room"
    sign_up(client, "nora", "nora@example.org")
    (letter,) = mail.outbox
    assert letter.subject.startswith("[Imprimatur] ")
    assert "The Reading Room" in letter.body
    assert "Hello from" not in letter.body


def test_names_that_differ_in_case_only_are_one(client):
    sign_up(client)
    client.post("/accounts/logout/")
    sign_up(client, "Maren", "other@example.org")
    assert User.objects.count() == 1


def test_mail_is_shown_on_a_page_in_the_demo_and_nowhere_else(client, settings, tmp_path):
    settings.EMAIL_BACKEND = "accounts.mail.ShownMailBackend"
    settings.DATA_DIR = tmp_path
    settings.INSECURE_DEMO = True
    mail.send_mail("Hello", "See http://127.0.0.1/x", None, ["a@example.org"])
    assert shown_mail()[0]["links"] == ["http://127.0.0.1/x"]
    assert "Hello" in client.get("/accounts/outbox/").content.decode()
    settings.INSECURE_DEMO = False
    assert client.get("/accounts/outbox/").status_code == 404


def test_two_who_send_at_once_lose_no_message(settings, tmp_path):
    settings.DATA_DIR, settings.INSECURE_DEMO = tmp_path, True
    with ThreadPoolExecutor(8) as pool:
        send = ShownMailBackend().send_messages
        list(pool.map(lambda n: send([mail.EmailMessage(f"No. {n}", "x")]), range(40)))
    assert {one["subject"] for one in shown_mail()} == {f"No. {n}" for n in range(40)}


def test_a_token_is_shown_once_and_stored_as_a_digest(client):
    sign_up(client)
    page = client.post("/accounts/profile/", {"label": "laptop"}).content.decode()
    token = re.search(r"imp_[\w-]+", page).group()
    assert user_of_token(token) == User.objects.get()
    assert token not in client.get("/accounts/profile/").content.decode()
    assert not AccessToken.objects.filter(digest=token).exists()


def test_a_revoked_or_unknown_token_is_401_and_says_what_to_do():
    user = User.objects.create_user("maren")
    token = create_token(user)
    api = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert api.get("/api/v1/image-sets/").status_code == 200
    AccessToken.objects.update(revoked_at="2026-01-01T00:00Z")
    answer = api.get("/api/v1/image-sets/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert "make a new one" in answer.json()["detail"]


def test_only_ones_own_tokens_are_revoked(client):
    create_token(User.objects.create_user("other"))
    sign_up(client)
    client.post(f"/accounts/tokens/{AccessToken.objects.get().pk}/revoke/")
    assert AccessToken.objects.get().revoked_at is None


def test_an_inactive_user_has_no_roles_and_no_token():
    user = User.objects.create_user("maren", is_reviewer=True)
    token = create_token(user)
    User.objects.update(is_active=False)
    user.refresh_from_db()
    assert user.roles == frozenset()
    assert user_of_token(token) is None
