"""The script that makes fingerprints in the browser, in Chromium: near the server's, no upload."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect, sync_playwright

from provenance.intake.decoding import decode
from provenance.models import Party, Protection
from tests.provenance.records import picture, user
from tests.provenance.screening.drawings import drawing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHIN = 4
"""Bits between the browser's code and the server's."""


def encoded(shown: Image.Image, kind: str, **how) -> bytes:
    out = BytesIO()
    shown.save(out, kind, **how)
    return out.getvalue()


def see_through() -> bytes:
    shown = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(shown).ellipse((20, 20, 220, 180), fill=(200, 40, 60, 160))
    return encoded(shown, "PNG")


FILES = {
    "drawing.png": encoded(drawing(1), "PNG"),
    "photo.jpg": encoded(drawing(2).resize((1600, 1200)), "JPEG", quality=85),
    "small.webp": encoded(drawing(3).resize((90, 70)), "WEBP", quality=80),
    "large.jpg": encoded(drawing(4).resize((3000, 2000)), "JPEG", quality=80),
    "narrow.png": encoded(drawing(5).resize((900, 120)), "PNG"),
    "clear.png": see_through(),
    "other.png": picture(7),
}


@pytest.fixture(scope="module")
def chromium():
    """Playwright's loop runs in this thread, where Django then believes to be asynchronous."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def artist(db):
    found = user("artist")
    party = Party.objects.create(kind="person", name="Ada Artist")
    party.members.create(user=found)
    return found


@pytest.fixture
def page(chromium, live_server, client, artist):
    client.force_login(artist)
    context = chromium.new_context()
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/works/protected/")
    yield page
    context.close()


def test_the_browsers_code_is_within_four_bits_of_the_servers_and_no_picture_is_sent(page):
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if r.method == "POST" else None)
    page.get_by_label("Rights-holder", exact=True).select_option(label="Ada Artist")
    page.get_by_label("Keep my pictures here").check()
    page.get_by_label("Pictures", exact=True).set_input_files(
        [{"name": name, "mimeType": "image/*", "buffer": data} for name, data in FILES.items()]
    )
    page.get_by_role("button", name="Protect them").click()
    expect(page.get_by_text(f"{len(FILES)} protected")).to_be_visible(timeout=60_000)
    kept = {one.reference: one for one in Protection.objects.select_related("entry")}
    apart = {}
    for name, data in FILES.items():
        ours, theirs = decode(data).fingerprint, kept[name.rpartition(".")[0]]
        assert theirs.image is None
        apart[name] = (int(ours.pdq, 16) ^ int(theirs.entry.pdq, 16)).bit_count()
        assert abs(ours.quality - theirs.entry.quality) <= 3
    assert max(apart.values()) <= WITHIN, apart
    assert len(json.dumps(sent)) < 20_000


def test_what_is_no_picture_is_told_before_anything_is_sent(page):
    page.get_by_label("Rights-holder", exact=True).select_option(label="Ada Artist")
    page.get_by_label("Keep my pictures here").check()
    page.get_by_label("Pictures", exact=True).set_input_files(
        [{"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}]
    )
    page.get_by_role("button", name="Protect them").click()
    expect(page.get_by_text("cannot be read as a picture")).to_be_visible()
    assert not Protection.objects.exists()
