"""Inside a set: alike pictures, heavy works, their page; fingerprints made anew, or elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import ImageOps

from accounts.actors import Actor
from provenance.intake.services import add_picture, create_set, take_in
from provenance.models import Features, Image, Protection
from provenance.screening.likeness import likeness
from provenance.screening.looks import Look, looks_of
from provenance.screening.services import ensure_screened, screen_picture
from tests.provenance.records import user
from tests.provenance.screening.drawings import drawing
from tests.provenance.screening.test_banks import a_set_of, data, shield, studio  # noqa: F401

ROOT = Path(__file__).parents[3]


def look(code: str, quality: int = 90, sha: str = "") -> Look:
    return Look((code,), quality, b"", sha)


def test_near_pictures_are_one_group_and_flat_ones_only_where_they_are_equal():
    near = "0" * 60 + "000f"
    looks = {"a": look("0" * 64), "b": look("f" * 64), "c": look(near), "d": look(near, 3),
             "e": look("f" * 64, 3, "same"), "f": look("0" * 64, 3, "same")}  # fmt: skip
    assert likeness(looks, {}).groups == (("a", "c"), ("e", "f"))


def test_a_work_with_more_than_its_share_outweighs_the_others():
    works = {str(n): "much" if n < 4 else f"w{n}" for n in range(10)}
    assert likeness({}, works).heavy == ("much",)
    assert likeness({}, {"1": "a", "2": "a", "3": "b"}).heavy == ("a",)
    assert likeness({}, {"1": "a", "2": None}).heavy == ()


@pytest.mark.django_db
def test_the_page_groups_turned_copies_and_tells_reviewers_who_else_has_them(owner, client):
    image_set = a_set_of(owner, drawing(1), ImageOps.mirror(drawing(1)), drawing(2))
    other = create_set(actor=Actor.of(user("other")), name="Same again")
    turned = data(drawing(2).rotate(90, expand=True), "JPEG")
    add_picture(actor=Actor.of(other.owner), image_set=other, data=turned, filename="x.jpg")
    earlier = a_set_of(owner, drawing(1).resize((300, 225)), name="Morning")
    for one in (other, earlier):
        ensure_screened(Image.objects.filter(items__image_set=one))
    client.force_login(owner)
    page = client.get(f"/sets/{image_set.pk}/alike/").content.decode()
    assert page.count('class="picture"') == 2
    assert "0.png</a>: in 1 other set of the same owner</li>" in page
    assert "of other people" not in page
    client.force_login(user("reviewer", is_reviewer=True))
    image_set.frozen_at = image_set.created_at
    image_set.save()
    page = client.get(f"/sets/{image_set.pk}/alike/").content.decode()
    assert "2.png</a>: in 1 set of other people" in page
    client.force_login(user("nobody"))
    assert client.get(f"/sets/{image_set.pk}/alike/").status_code == 404


@pytest.mark.django_db
def test_older_fingerprints_are_made_anew_from_the_kept_originals(studio):  # noqa: F811
    shield(studio, drawing(1))
    Features.objects.update(version="older", codes=[], data=b"")
    out = StringIO()
    call_command("refingerprint", stdout=out)
    assert "1 fingerprinted, 0 left." in out.getvalue()
    assert screen_picture(data(drawing(1).crop((100, 80, 500, 400)))).outcome == "match"


@pytest.mark.django_db
def test_fingerprints_that_the_tool_makes_protect_without_the_picture(tmp_path):
    (tmp_path / "mine.png").write_bytes(data(drawing(1)))
    (tmp_path / "notes.txt").write_text("no picture")
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "fingerprint.py", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 1
    assert "notes.txt" in made.stderr
    marks = tmp_path / "marks.jsonl"
    marks.write_text(made.stdout)
    ours = looks_of([take_in(data(drawing(1)))]).popitem()[1]
    assert json.loads(made.stdout)["pdq"] == ours.pdq
    call_command("protect", str(marks), holder="Ada Artist", stdout=StringIO())
    protection = Protection.objects.get()
    assert (protection.image, protection.reference) == (None, "mine")
    assert screen_picture(data(drawing(1).crop((100, 80, 500, 400)))).outcome == "match"
