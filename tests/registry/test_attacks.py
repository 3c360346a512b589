"""Other sites' forms, other people's revisions, and texts that would like to run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.errors import InvalidError
from registry.release import pointing, services
from tests.registry import records
from tests.registry.test_hidden import address, known_of, routes
from tests.registry.test_imports import make_import

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"


class Page(HTMLParser):
    """What in a page would run, as a browser takes it apart."""

    def __init__(self):
        super().__init__()
        self.runs, self.tags = [], 0

    def handle_starttag(self, tag, attrs):
        self.tags += 1
        given = dict(attrs)
        if tag == "script" and "/static/" not in (given.get("src") or ""):
            self.runs.append((tag, given))
        for name, value in attrs:
            scheme = (value or "").strip().lower().partition(":")[0]
            if name.startswith("on") or scheme in ("javascript", "data", "vbscript"):
                self.runs.append((tag, name, value))


def test_no_other_sites_form_acts_for_somebody_who_is_signed_in(released, owner, open_run):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    known = known_of(released, None, make_import(open_run, owner))
    refused = 0
    for route, names in routes():
        url = address(route, names, known)
        if url.startswith("/api/models/"):
            continue  # the Hub's questions change nothing
        answer = client.post(url, {"reason": "x", "name": "stolen", "label": "v9"})
        assert answer.status_code in (403, 405), url
        refused += answer.status_code == 403
    assert refused > 15
    released.refresh_from_db()
    assert (released.state, released.labels.count()) == ("released", 0)
    assert released.model.name == "lamp-lit-harbours"


def test_no_text_of_a_model_runs_on_its_page(client, owner, reviewer, base, open_run):
    base.provenance = HOSTILE
    base.save()
    image_set, party = records.make_set(owner, "hostile harbours", range(61, 65))
    for item in image_set.items.all():
        item.work.title = HOSTILE
        item.work.save()
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base, purpose=HOSTILE)
    records.finish(run)
    run.samples.update(prompt=HOSTILE)
    first, revision = records.release(owner, open_run), records.release(owner, run)
    pointing.deprecate(actor=Actor.of(owner), revision=revision, reason=HOSTILE)
    pages = [f"/{revision.model}", f"/catalogue/{first.pk}/diff/{revision.pk}/", "/catalogue/"]
    services.quarantine(actor=Actor.of(reviewer), revision=first, reason=HOSTILE)
    pages.append(f"/{revision.model}?revision={first.pk}")
    for url in pages:
        page = Page()
        page.feed(client.get(url).content.decode())
        assert page.runs == [], url
        assert page.tags > 20


def test_a_revision_is_not_replaced_by_one_of_another_model(owner, reviewer, base, released):
    image_set, party = records.make_set(owner, "other harbours", range(71, 75))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base, model_name="other-quays")
    records.finish(run)
    other = records.release(owner, run)
    with pytest.raises(InvalidError, match="successor"):
        pointing.deprecate(actor=Actor.of(owner), revision=released, reason="Old.", successor=other)


def test_no_file_is_served_as_a_page_of_this_site(client, released):
    for file in released.files.all():
        answer = client.get(f"/{released.model}/resolve/{released.commit}/{file.path}")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "html" not in answer["Content-Type"]
        b"".join(answer)  # to its end, as a browser does
