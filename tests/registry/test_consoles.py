"""Main pages with data in them, in Chromium: nothing on the console, none wider than a phone."""

from __future__ import annotations

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import sync_playwright

from accounts.actors import Actor
from registry.release import services
from tests.provenance.consent.letters import asked, contact, last_link
from tests.provenance.rights import rights

__all__ = ["rights"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints(live_server, client, monkeypatch):
    """Opens each page as this user; what its console and its answer complain of, page by page."""
    # Playwright's loop runs in this thread, where Django then believes to be asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )

        def look(user, *paths):
            client.force_login(user)
            context = browser.new_context(viewport={"width": 390, "height": 800})
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page, found = context.new_page(), []
            page.on("console", lambda m: found.append((page.url, m.type, m.text)))
            page.on("pageerror", lambda error: found.append((page.url, "error", str(error))))
            for path in paths:
                answer = page.goto(live_server.url + path, wait_until="networkidle")
                if answer.status != 200:
                    found.append((path, "status", answer.status))
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > 390:
                    found.append((path, "wider than a phone", wide))
            context.close()
            return found

        yield look
        browser.close()
        connections.close_all()  # what was opened under that loop is not seen from outside it


def test_no_page_complains(complaints, rights, gated, owner, reviewer):
    request = gated.run.request
    used = request.image_set.items.first()
    settled = [reverse("provenance:set", args=[request.image_set_id])]
    settled += [reverse("provenance:item", args=[used.pk])]
    settled += [reverse("training:request", args=[request.pk])]
    model = f"/{gated.model}"
    assert complaints(owner, *settled, model) == []
    assert complaints(reviewer, reverse("training:review", args=[request.pk]), model) == []

    contact(rights.lantern, "rights@lantern.example")
    ask = asked(rights)
    parts = [
        ("set", rights.image_set.pk), ("item", rights.items[0].pk), ("ask", ask.pk),
        ("ask-all", rights.image_set.pk),
    ]  # fmt: skip
    names = "asks", "evidence", "protections", "claims"
    paths = [reverse(f"provenance:{name}", args=[pk]) for name, pk in parts]
    paths += [reverse(f"provenance:{name}") for name in names]
    assert complaints(rights.applicant, *paths, last_link()) == []

    names = "grants", "grant-new", "standing", "reservations", "credit", "claims"
    paths = [reverse(f"provenance:{name}") for name in names]
    paths += [reverse("provenance:party", args=[rights.lantern.pk])]
    paths += [reverse("provenance:work", args=[rights.works[0].pk])]
    assert complaints(rights.studio, *paths) == []

    services.withdraw(actor=Actor.of(owner), revision=gated, reason="I retire it.")
    assert complaints(owner, model) == []
