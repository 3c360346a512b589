"""New code makes its fingerprints beside the old ones; each answers in full, or says it cannot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from provenance.clearance.selectors import gather
from provenance.intake import storage
from provenance.intake.selectors import plain_use
from provenance.models import BankEntry, Features, Screening
from provenance.screening import corpus, indexes
from provenance.screening.looks import VERSION
from provenance.screening.services import ensure_screened, screen_picture
from tests.provenance.screening.drawings import drawing, pasted
from tests.provenance.screening.test_banks import a_set_of, codes, data, decide, shield
from tests.provenance.screening.test_banks import studio as lantern  # noqa: F401

ROOT = Path(__file__).resolve().parents[3]
OLD = "import sys; from django.core.management import execute_from_command_line as run\n"
NEW = OLD + "import provenance.screening.local as local; local.VERSION = 'sift-next/1'\n"
KILLED = f"""
import os, django; django.setup()
from provenance.screening import banks
made = []
def found_by(look, before=banks.found_by):
    made.append(look)
    return before(look) if len(made) < 3 else os.kill(os.getpid(), {int(signal.SIGKILL)})
banks.found_by = found_by
"""
"""Between the third picture's own row and that of its entry."""
WORKS = 4


class Site:
    """A database and folders of its own; each command is a process of the old or the new code."""

    def __init__(self, here: Path) -> None:
        self.here = here
        (here / "data").mkdir()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "IMPRIMATUR_DATA_DIR": str(here / "data"),
            "DATABASE_URL": f"sqlite:///{here / 'db.sqlite3'}",
        }
        for folder, shown in (("works", drawing), ("seen", lambda seed: pasted(drawing(seed)))):
            (here / folder).mkdir()
            for seed in range(WORKS):
                shown(seed).save(here / folder / f"{seed}.png")

    def run(self, code: str, *argv: str) -> subprocess.CompletedProcess[str]:
        code += "run(['manage.py', *sys.argv[1:]])"
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *argv], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def found(self, code: str) -> list[str]:
        """The reference that comes first for each picture; none where nothing can be said."""
        run = self.run(code, "screen", str(self.here / "seen"))
        assert (run.returncode == 1) == ("manage.py refingerprint" in run.stderr), run.stderr
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        assert {line["outcome"] for line in lines} <= {"match"}
        return [line["matches"][0]["reference"] for line in lines]


@pytest.mark.slow
def test_old_code_answers_in_full_until_the_new_one_does_even_if_that_is_killed(tmp_path):
    site, every = Site(tmp_path), [str(seed) for seed in range(WORKS)]
    site.run(OLD, "migrate", "-v0")
    assert site.run(OLD, "protect", str(tmp_path / "works"), "--holder", "Studio").returncode == 0
    assert (site.found(OLD), site.found(NEW)) == (every, [])
    assert site.run(NEW + KILLED, "refingerprint").returncode == -signal.SIGKILL
    assert (site.found(OLD), site.found(NEW)) == (every, [])
    said = site.run(NEW, "refingerprint").stdout
    assert f"{WORKS - 2} fingerprinted, 0 left." in said
    assert (site.found(OLD), site.found(NEW)) == (every, every)

    drawing(9).save(tmp_path / "late.png")
    pasted(drawing(9)).save(tmp_path / "seen" / "late.png")
    site.run(OLD, "protect", str(tmp_path / "late.png"), "--holder", "Studio")
    assert (site.found(OLD), site.found(NEW)) == ([*every, "late"], [])
    assert "1 fingerprinted, 0 left." in site.run(NEW, "refingerprint", "--drop-others").stdout
    assert (site.found(OLD), site.found(NEW)) == ([], [*every, "late"])


@pytest.fixture
def behind(owner, lantern):  # noqa: F811
    """A set whose picture, compared by other code, shows what is listed next."""
    image_set = a_set_of(owner, pasted(drawing(1)))
    ensure_screened(item.image for item in image_set.items.all())
    Features.objects.update(version="other")
    shield(lantern, drawing(1))
    return image_set


def is_screened(image_set) -> bool:
    decide(image_set)
    facts = gather(image_set, plain_use(image_set), today=date(2026, 1, 1))
    return facts.pictures[0].screened


@pytest.mark.django_db
def test_what_this_code_cannot_search_yet_is_unavailable_then_found(behind):
    assert corpus.search_back() == 1
    assert Screening.objects.get().bank_version == 0
    assert not is_screened(behind)
    call_command("refingerprint", stdout=StringIO())
    assert "match_protected" in codes(behind)
    assert indexes.compared.reached() == Screening.objects.get().pk


@pytest.mark.django_db
def test_a_bank_of_which_a_part_is_unknown_says_nothing(behind):
    Features.objects.exclude(entry=None).update(version="other")
    with pytest.raises(indexes.Lacking):
        corpus.search_back()
    assert not is_screened(behind)


@pytest.mark.django_db
def test_what_cannot_be_read_goes_on_by_its_code_if_an_operator_says_so(behind):
    Features.objects.update(version="other")
    entry = BankEntry.objects.get()
    storage.path_of("original", entry.image.sha256).unlink()
    quiet = {"stdout": StringIO(), "stderr": StringIO()}
    with pytest.raises(CommandError, match="--without-files"):
        call_command("refingerprint", drop_others=True, **quiet)
    assert set(entry.features.values_list("version", flat=True)) == {"other"}
    call_command("refingerprint", without_files=True, **quiet)
    kept = entry.features.get(version=VERSION)
    assert (kept.codes, bytes(kept.data)) == ([entry.pdq], b"")


@pytest.mark.django_db
def test_a_picture_that_was_never_here_keeps_its_code(behind):
    BankEntry.objects.update(image=None)
    Features.objects.update(version="other")
    call_command("refingerprint", stdout=StringIO())
    assert BankEntry.objects.get().features.get(version=VERSION).codes


@pytest.mark.django_db
@pytest.mark.parametrize("shown", [drawing(1), pasted(drawing(1))], ids=["whole", "a part"])
def test_old_code_whose_fingerprints_were_dropped_early_says_nothing(lantern, shown):  # noqa: F811
    shield(lantern, drawing(1), drawing(2))
    assert screen_picture(data(shown)).outcome == "match"
    Features.objects.all().delete()
    with pytest.raises(indexes.Lacking):
        screen_picture(data(shown))


@pytest.mark.django_db
def test_a_reverse_search_over_what_was_dropped_counts_nothing(owner, lantern):  # noqa: F811
    a_set = a_set_of(owner, pasted(drawing(1)))
    ensure_screened(item.image for item in a_set.items.all())
    indexes.compared.reached()
    shield(lantern, drawing(1))
    Features.objects.exclude(image=None).delete()
    with pytest.raises(indexes.Lacking):
        corpus.search_back()
    assert Screening.objects.get().bank_version == 0


@pytest.mark.django_db
def test_what_ended_before_the_index_was_made_is_found_in_an_older_backup(lantern):  # noqa: F811
    shield(lantern, drawing(1), drawing(2))
    BankEntry.objects.filter(label="w-0").update(ended_version=9)
    assert screen_picture(data(drawing(1))).outcome == "clear"
    BankEntry.objects.update(ended_version=None)
    for shown in (drawing(1), pasted(drawing(1))):
        assert screen_picture(data(shown)).outcome == "match"
