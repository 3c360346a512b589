"""Screening a folder: stopped and gone on with, with all cores, whatever lies in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from provenance.intake.decoding import decode, marks
from provenance.screening import bulk
from tests.provenance.intake.pictures import encoded
from tests.provenance.screening.drawings import drawing, pasted

ROOT = Path(__file__).resolve().parents[3]
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]
PICTURES = 16
"""Enough for two processes, where there are two cores."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A database of its own, with one protected work, and a folder of pictures."""
    here = tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "IMPRIMATUR_DATA_DIR": str(here / "data"),
        "DATABASE_URL": f"sqlite:///{here / 'db.sqlite3'}",
    }
    (here / "data").mkdir()
    seen = here / "seen"
    seen.mkdir()
    drawing(1).save(here / "work.png")
    for at in range(PICTURES):
        drawing(10 + at).save(seen / f"{at:02}.jpg")
    pasted(drawing(1)).save(seen / "07.jpg")
    (seen / "08.jpg").write_bytes((seen / "08.jpg").read_bytes()[:9000])
    for argv in (["migrate", "-v0"], ["protect", str(here / "work.png"), "--holder", "Studio"]):
        subprocess.run([*MANAGE, *argv], cwd=ROOT, env=environment, check=True)
    return here, environment


def screen(site, *argv) -> subprocess.Popen[str]:
    here, environment = site
    return subprocess.Popen(
        [*MANAGE, "screen", str(here / "seen"), *argv], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def answers(text: str) -> list[dict]:
    lines = [json.loads(line) for line in text.splitlines()]
    return [{key: line[key] for key in ("path", "outcome", "matches")} for line in lines]


@pytest.fixture(scope="module")
def whole(site) -> list[dict]:
    """What one run says that nobody stops."""
    run = screen(site)
    said, _ = run.communicate()
    assert run.returncode == 0
    return answers(said)


def test_every_file_is_answered_in_order_and_a_bad_one_stops_nothing(whole):
    assert [Path(line["path"]).name for line in whole] == [f"{n:02}.jpg" for n in range(PICTURES)]
    outcomes = [line["outcome"] for line in whole]
    assert (outcomes[7], outcomes[8]) == ("match", "unreadable")
    assert set(outcomes[:7] + outcomes[9:]) == {"clear"}


def test_ctrl_c_stops_a_run_and_the_next_one_ends_with_the_same_answers(site, whole, tmp_path):
    out = tmp_path / "results.jsonl"
    run = screen(site, "--out", str(out))
    while not (out.exists() and out.read_bytes().count(b"\n")):
        assert run.poll() is None, run.communicate()
    os.killpg(run.pid, signal.SIGINT)  # the terminal sends it to all processes of a command
    _, said = run.communicate()
    assert run.returncode == 130
    assert "The same command goes on there." in said
    first = out.read_bytes().count(b"\n")
    assert 0 < first < PICTURES
    with out.open("a") as file:
        file.write('{"path": "torn')  # as a killed run may leave
    again = screen(site, "--out", str(out))
    _, said = again.communicate()
    assert again.returncode == 0
    assert f"{first} of {PICTURES} were answered before." in said
    assert answers(out.read_text()) == whole


@pytest.mark.django_db
def test_two_runs_never_write_one_file_of_results(tmp_path):
    """The second one would replace the file that the first one goes on writing to."""
    out, picture = tmp_path / "results.jsonl", tmp_path / "a.png"
    drawing(1).save(picture)
    with bulk.results(out) as (file, _):
        with pytest.raises(CommandError, match="Another run writes") as refusal:
            call_command("screen", str(picture), "--out", str(out))
        file.write(b"answered\n")
    assert refusal.value.returncode == 2
    assert out.read_bytes() == b"answered\n"


def test_a_killed_process_ends_a_run_in_one_sentence_and_what_was_answered_stays(
    site, whole, tmp_path
):
    out = tmp_path / "results.jsonl"
    run = screen(site, "--out", str(out))
    while not (out.exists() and out.read_bytes().count(b"\n")):
        assert run.poll() is None, run.communicate()
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    if not children:
        run.communicate()
        pytest.skip("one core: there is no other process")
    os.kill(int(children[0]), signal.SIGKILL)
    _, said = run.communicate()
    assert run.returncode == 1
    assert "The same command goes on there." in said
    assert "Traceback" not in said
    again = screen(site, "--out", str(out))
    again.communicate()
    assert answers(out.read_text()) == whole


def test_what_changed_is_answered_anew_and_nothing_else(site, whole, tmp_path):
    here, _ = site
    out = tmp_path / "results.jsonl"
    screen(site, "--out", str(out)).communicate()
    before = (here / "seen" / "03.jpg").stat()
    os.utime(here / "seen" / "03.jpg", ns=(0, 0))
    _, said = screen(site, "--out", str(out)).communicate()
    os.utime(here / "seen" / "03.jpg", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert f"{PICTURES - 1} of {PICTURES} were answered before." in said
    assert sorted(answers(out.read_text()), key=lambda line: line["path"]) == whole


@pytest.mark.django_db
def test_answers_do_not_outlive_the_banks_that_they_rest_on(tmp_path):
    out, picture = tmp_path / "results.jsonl", tmp_path / "a.png"
    drawing(1).save(picture)
    line = next(bulk.screened([str(picture)]))
    out.write_text(json.dumps(line) + "\n")
    assert bulk.resumed(out) == {str(picture)}
    line["seen"][2] += 1
    out.write_text(json.dumps(line) + "\n")
    assert bulk.resumed(out) == set()
    assert out.read_bytes() == b""


@pytest.mark.parametrize("size", [(2048, 1536), (600, 3000), (300, 200), (10000, 40)])
def test_marks_of_a_jpeg_are_nearly_those_of_the_picture_decoded_in_full(size):
    data = encoded(drawing(5).resize(size, Image.Resampling.BICUBIC), "JPEG", quality=90)
    quick, full = marks(data), decode(data)
    bits = int(quick.fingerprint.pdq, 16) ^ int(full.fingerprint.pdq, 16)
    assert bits.bit_count() <= 10
    assert quick.sha256 == full.sha256


def test_of_other_formats_the_marks_are_equal():
    data = encoded(drawing(5), "PNG")
    quick, full = marks(data), decode(data)
    assert (quick.fingerprint, quick.features) == (full.fingerprint, full.features)


def test_of_two_who_list_works_at_once_nothing_is_lost(site, tmp_path):
    _, environment = site
    works = [tmp_path / f"two-{seed}.png" for seed in (70, 71)]
    for work, seed in zip(works, (70, 71), strict=True):
        drawing(seed).save(work)
    writers = [
        subprocess.Popen([*MANAGE, "protect", str(work), "--holder", "Studio"], cwd=ROOT,
                         env=environment, stdout=subprocess.DEVNULL)
        for work in works
    ]  # fmt: skip
    assert [writer.wait() for writer in writers] == [0, 0]
    run = subprocess.run(
        [*MANAGE, "screen", *map(str, works)], cwd=ROOT, env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    found = answers(run.stdout)
    assert [line["matches"][0]["reference"] for line in found] == ["two-70", "two-71"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line",
    ['{"path": "a\\u0000b", "seen": []}', '{"path": "\\ud800", "seen": []}', "[" * 100_000,
     '{"path": {}, "seen": 3}', '{"path": "x", "seen": [null, null, 0, "screening/2"]}', "\x00"],
    ids=["nul", "surrogate", "deep", "types", "gone", "zeros"],
)  # fmt: skip
def test_a_line_that_no_run_wrote_is_answered_anew(tmp_path, line):
    out = tmp_path / "results.jsonl"
    out.write_text(line + "\n")
    assert bulk.resumed(out) == set()


@pytest.mark.django_db
def test_a_file_that_is_no_file_of_answers_is_kept(tmp_path):
    picture, pipe = tmp_path / "a.png", tmp_path / "pipe"
    drawing(1).save(picture)
    before = picture.read_bytes()
    os.mkfifo(pipe)
    for wrong in (picture, tmp_path, pipe):
        with pytest.raises(CommandError, match="no file of answers") as refusal:
            call_command("screen", str(picture), "--out", str(wrong))
        assert refusal.value.returncode == 2
    assert picture.read_bytes() == before


@pytest.mark.django_db
def test_a_file_that_could_not_be_opened_is_asked_again_and_a_huge_one_is_not_read(tmp_path):
    huge, out = tmp_path / "huge.png", tmp_path / "results.jsonl"
    with huge.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    closed = tmp_path / "closed.png"
    closed.symlink_to(tmp_path / "not-there")
    lines = list(bulk.screened([str(huge), str(closed)]))
    assert [line["outcome"] for line in lines] == ["unreadable", "unreadable"]
    out.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert bulk.resumed(out) == {str(huge)}
