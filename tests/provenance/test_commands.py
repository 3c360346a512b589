from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ledger.models import Entry
from provenance.models import (
    Bank,
    Evidence,
    Image,
    ImageSet,
    Level,
    LicenceClaim,
    Party,
    Protection,
    TitleLink,
    Work,
)
from tests.provenance.records import picture

pytestmark = pytest.mark.django_db


def called(*argv: object) -> str:
    out = io.StringIO()
    call_command(*map(str, argv), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def lines(*argv: object) -> list[dict]:
    return [json.loads(line) for line in called(*argv).splitlines()]


@pytest.fixture
def folder(tmp_path):
    here = tmp_path / "works"
    here.mkdir()
    for seed in (1, 2):
        (here / f"work-{seed}.png").write_bytes(picture(seed, size=(512, 384)))
    return here


def test_protecting_a_folder_twice_changes_nothing_the_second_time(folder):
    argv = ("protect", folder, "--holder", "Studio", "--creator", "Maren", "--evidence", "signed")
    assert called(*argv) == "2 protected, 0 were protected before.\n"
    before = (Bank.current().version, Entry.objects.count())
    assert called(*argv) == "0 protected, 2 were protected before.\n"
    assert (Bank.current().version, Entry.objects.count()) == before == (1, before[1])
    assert {p.reference for p in Protection.objects.all()} == {"work-1", "work-2"}
    work = Work.objects.get(reference="work-1")
    assert [party.name for party in work.creators.all()] == ["Maren"]
    assert TitleLink.objects.get(work=work).level == Level.SIGNED


def test_without_evidence_a_protection_is_self_declared(folder):
    called("protect", folder, "--holder", "Studio")
    assert {p.level for p in Protection.objects.all()} == {Level.SELF_DECLARED}


def test_better_evidence_substantiates_what_was_protected(folder):
    called("protect", folder, "--holder", "Studio")
    called("protect", folder, "--holder", "Studio", "--evidence", "document_checked")
    assert {p.level for p in Protection.objects.all()} == {Level.DOCUMENT_CHECKED}
    assert Protection.objects.count() == Work.objects.count() == 2


def test_a_table_names_its_reference_column(folder):
    table = folder / "works.csv"
    table.write_text("path,inventory,shelf\nwork-1.png,INV-7,3\n")
    called("protect", table, "--holder", "Studio", "--reference-column", "inventory")
    assert Protection.objects.get().reference == "INV-7"
    with pytest.raises(CommandError, match="no column 'number'"):
        called("protect", table, "--holder", "Studio", "--reference-column", "number")


def test_protecting_an_empty_folder_or_a_text_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no file in the folder"):
        called("protect", tmp_path, "--holder", "Studio")
    (tmp_path / "cat.jpg").write_text("hello")
    with pytest.raises(CommandError, match=r"cat\.jpg.*not a picture"):
        called("protect", tmp_path, "--holder", "Studio")
    assert not Protection.objects.exists()


def test_screen_answers_a_line_a_picture_with_paths_as_given_and_folders_sorted(folder, tmp_path):
    called("protect", folder, "--holder", "Studio")
    seen = tmp_path / "seen"
    seen.mkdir()
    (seen / "a.jpg").write_bytes(picture(1, size=(400, 300), kind="JPEG"))
    (seen / "b.txt").write_text("no picture")
    (seen / "c.png").write_bytes(picture(9))
    copy, text, other = lines("screen", seen, "--format", "jsonl")
    assert list(copy) == ["path", "outcome", "matches"]
    assert (copy["path"], copy["outcome"]) == (str(seen / "a.jpg"), "match")
    best = copy["matches"][0]
    assert list(best) == ["reference", "work", "score", "method", "region"]
    assert best["reference"] == "work-1"
    assert best["work"] == str(Work.objects.get(reference="work-1").pk)
    assert 0.7 < best["score"] <= 1
    assert text == {"path": str(seen / "b.txt"), "outcome": "unreadable", "matches": []}
    assert (other["path"], other["outcome"]) == (str(seen / "c.png"), "clear")
    scores = [match["score"] for match in copy["matches"]]
    assert scores == sorted(scores, reverse=True)


def test_screening_what_is_not_there_is_a_mistake_of_usage(tmp_path):
    with pytest.raises(CommandError) as error:
        called("screen", tmp_path / "nothing")
    assert error.value.returncode == 2


def test_screening_keeps_nothing(folder):
    called("screen", folder)
    assert not Image.objects.exists()


def test_check_name_answers_every_line_empty_ones_too(monkeypatch, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("Maren Solvik\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("maren-solvik-style\n\nquiet harbour\n"))
    found = lines("check_name", "--protected", names, "--format", "jsonl")
    assert [list(line) for line in found] == [
        ["text", "hits", "unregistered", "why", "alternatives"]
    ] * 3
    assert [line["text"] for line in found] == ["maren-solvik-style", "", "quiet harbour"]
    assert [line["hits"] for line in found] == [["Maren Solvik"], [], []]
    assert found[0]["why"]
    assert found[0]["alternatives"]


def test_check_name_knows_the_names_on_record(monkeypatch, db):
    Party.objects.create(kind="person", name="Maren Solvik")
    monkeypatch.setattr("sys.stdin", io.StringIO("by Maren Solvik"))
    assert lines("check_name")[0]["hits"] == ["Maren Solvik"]


def test_a_list_of_names_that_is_not_there_is_a_mistake_of_usage(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as error:
        called("check_name", "--protected", tmp_path / "none.txt")
    assert error.value.returncode == 2


HEADER = "path,title,creator,holder,licence,credit_line,source_url,evidence,reference\n"


def test_a_set_is_imported_from_a_table_with_its_evidence(folder, owner):
    (folder / "page.txt").write_text("Offered under CC0 by Ada.")
    table = folder / "set.csv"
    table.write_text(
        HEADER
        + "work-1.png,One,Ada,Ada,CC0-1.0,Ada,https://example.org/1,page.txt,\n"
        + "work-2.png,Two,Ada,Ada; Bo,CC-BY-4.0,,https://example.org/2,page.txt,two\n"
    )
    image_set = ImageSet.objects.get(
        pk=called("import_set", table, "--name", "Mine", "--owner", "owner").strip()
    )
    one, two = image_set.items.order_by("position")
    assert (one.collector, one.source_url) == ("owner", "https://example.org/1")
    assert one.work.title == "One"
    assert sorted(h.party.name for h in two.work.title_links.all()) == ["Ada", "Bo"]
    assert {h.level for h in TitleLink.objects.all()} == {Level.SELF_DECLARED}
    assert LicenceClaim.objects.count() == 3
    assert Evidence.objects.get().title == "page.txt"
    assert Evidence.objects.get().title_links.count() == 3


def test_a_folder_is_imported_in_order_and_states_nothing(folder, owner):
    called("import_set", folder, "--name", "Mine", "--owner", "owner")
    items = ImageSet.objects.get().items.order_by("position")
    assert [item.filename for item in items] == ["work-1.png", "work-2.png"]
    assert {item.work for item in items} == {None}


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("path,colour\nwork-1.png,red\n", r"unknown column: 'colour'.*Known columns are: path"),
        ("title\nOne\n", "no column 'path'"),
        (HEADER, "no rows"),
        ("path\nwork-1.png\nnone.png\n", r"line 3: .*none\.png cannot be read"),
        ("path,evidence\nwork-1.png,none.pdf\n", r"none\.pdf cannot be read"),
        ("path,licence,holder\nwork-1.png,CC-WHAT,Ada\n", "'CC-WHAT' is not known here"),
        ("path,licence\nwork-1.png,CC0-1.0\n", "a licence needs a holder"),
        ("path\nwork-1.png\nset.csv\n", r"line 3: set\.csv: This file is not a picture"),
        ("path,source_url\nwork-1.png,here\n", "'here' is not an address"),
        ("path\nwork-1.png\nwork-1.png\n", "Lines 2 and 3 both name"),
        ("path,title\nwork-1.png,One,more\n", "Line 2 has not as many cells"),
    ],
)
def test_one_bad_row_and_nothing_is_written(folder, owner, table, sentence):
    (folder / "set.csv").write_text(table)
    with pytest.raises(CommandError, match=sentence):
        called("import_set", folder / "set.csv", "--name", "Mine", "--owner", "owner")
    assert not ImageSet.objects.exists()
    assert not Work.objects.exists()
    assert not Evidence.objects.exists()
    assert not Entry.objects.exists()


def test_an_empty_folder_and_an_unknown_owner_are_refused(tmp_path, owner):
    with pytest.raises(CommandError, match="no file in the folder"):
        called("import_set", tmp_path, "--name", "Mine", "--owner", "owner")
    with pytest.raises(CommandError, match="No user is called 'nobody'"):
        called("import_set", tmp_path, "--name", "Mine", "--owner", "nobody")
