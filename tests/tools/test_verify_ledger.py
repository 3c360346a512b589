"""The standalone verifier and the command, against one who owns the export or even the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import rules, sequencer, signing
from ledger.models import Entry, Leaf, Node, Pending, Statement, SubjectHead, TreeHead
from ledger.selectors import published
from ledger.triggers import lifted
from tests.ledger.conftest import keys, write
from tools import verify_ledger
from tools.verify_ledger import CANNOT_CHECK, CHANGED, NOT_PINNED, WHOLE, canonical

__all__ = ["keys", "write"]  # fixtures
TOOL = Path(verify_ledger.__file__)
FIELDS = {
    "id": "00000000-0000-4000-8000-000000000000",
    "subject": "b:9",
    "position": 9,
    "kind": "thing.undone",
    "actor": "user:2",
    "data": {"thing": "t2"},
    "previous": "0" * 64,
    "at": "2020-01-01T00:00:00.000000Z",
}
COLUMNS = {name: value for name, value in FIELDS.items() if name != "id"} | {
    "data": '{"thing":"t2"}',
    "at": "2020-01-01 00:00:00+00:00",
    "digest": "0" * 64,
}
"""The same in the table; other tables refer to its id."""


@pytest.fixture
def entries(write, db) -> list[Entry]:
    """Seven entries on two subjects under two tree heads; two more wait."""
    written = [write(f"s:{n % 2}", statement="Ann Lee said yes." * (n == 2)) for n in range(9)]
    sequencer.sequence(4)
    sequencer.sequence(3)
    return written


@pytest.fixture
def export(entries, tmp_path) -> Path:
    call_command("export_ledger", str(tmp_path), verbosity=0)
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def kept(entries, tmp_path) -> list[Path]:
    """Both tree heads, as somebody saved them while nothing had been tampered with."""
    return [keep(tmp_path, head) for head in TreeHead.objects.order_by("size")]


@pytest.fixture
def pin(entries) -> str:
    return TreeHead.objects.earliest("size").key


def keep(folder: Path, head: TreeHead) -> Path:
    path = folder / f"head-{head.size}.json"
    path.write_text(json.dumps(published(head)))
    return path


def check(path: Path, pin: str = "", kept: list[Path] | None = None) -> verify_ledger.Report:
    heads = verify_ledger.read_kept([str(head) for head in kept or []])
    return verify_ledger.verify(path, frozenset([pin] if pin else []), heads)


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def rewrite(path: Path, lines: list[dict]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def places(lines: list[dict], what: str = "entry") -> list[int]:
    return [n for n, line in enumerate(lines) if line["line"] == what]


def run(*arguments: object) -> subprocess.CompletedProcess:
    """The file by itself, outside the project: it needs neither Django nor our packages."""
    command = [sys.executable, "-I", str(TOOL), *map(str, arguments)]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "PYTHON"))}
    return subprocess.run(command, capture_output=True, text=True, env=environ, check=False)


def test_an_untouched_export_is_whole_and_agrees_with_the_kept_tree_heads(export, pin, kept):
    report = check(export, pin, kept)
    assert (report.code, report.problem) == (WHOLE, "")
    assert (report.entries, report.leaves, report.tree_heads, report.subjects) == (9, 7, 2, 2)
    assert report.kept == 2
    assert report.root == TreeHead.objects.latest("size").root


def test_the_export_holds_no_statement_and_no_salt(export):
    statement = Statement.objects.get()
    text = export.read_text()
    assert "Ann" not in text
    assert statement.salt not in text
    assert lines_of(export)[0]["keys"] == [TreeHead.objects.first().key]


def test_the_tool_alone_answers_with_its_exit_codes(export, pin, kept, tmp_path):
    heads = [f"--tree-head={path}" for path in kept]
    whole = run(export, f"--key={pin}", *heads)
    assert (whole.returncode, whole.stderr) == (WHOLE, "")
    assert "They agree with 2 tree head(s) that you kept." in whole.stdout
    unpinned = run(export)
    assert unpinned.returncode == NOT_PINNED
    assert pin in unpinned.stdout
    assert "no tree head kept elsewhere" in unpinned.stdout
    assert run(tmp_path / "nothing").returncode == CANNOT_CHECK
    assert run(kept[0]).returncode == CANNOT_CHECK
    assert run(export, "--key=zz").returncode == CANNOT_CHECK
    assert run(export, f"--tree-head={export}").returncode == CANNOT_CHECK
    assert run(export, f"--key={'0' * 64}").returncode == CHANGED
    lines = lines_of(export)
    lines[1]["record"]["actor"] = "x"
    rewrite(export, lines)
    told = run(export, f"--key={pin}", "--json")
    assert told.returncode == CHANGED
    assert json.loads(told.stdout)["entry"] == lines[1]["record"]["id"]


@pytest.mark.parametrize("number", [0, 3, 6, 8], ids=["first", "covered", "last", "waiting"])
@pytest.mark.parametrize("field", FIELDS)
def test_each_flipped_field_is_found_and_the_entry_named(export, pin, number, field):
    lines = lines_of(export)
    line = lines[places(lines)[number]]
    line["record"][field] = FIELDS[field]
    rewrite(export, lines)
    report = check(export, pin)
    assert (report.code, report.entry) == (CHANGED, line["record"]["id"])


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [("digest", "0" * 64, 2), ("leaf", 5, 2), ("leaf", None, 3)],  # one that waits shifts the next
)
def test_a_flipped_digest_or_leaf_is_found_and_an_entry_named(export, pin, field, value, named):
    lines = lines_of(export)
    lines[places(lines)[2]][field] = value
    rewrite(export, lines)
    report = check(export, pin)
    assert (report.code, report.entry) == (CHANGED, lines[places(lines)[named]]["record"]["id"])


@pytest.mark.parametrize(("field", "value"), [("previous", "0" * 64), ("position", 9)])
def test_a_broken_chain_is_found_where_no_signature_tells_of_it(export, pin, field, value):
    lines = lines_of(export)
    line = lines[places(lines)[8]]
    line["record"][field] = value
    line["digest"] = rules.entry_digest(line["record"])
    rewrite(export, lines)
    report = check(export, pin)
    assert (report.code, report.entry) == (CHANGED, line["record"]["id"])


@pytest.mark.parametrize("number", range(9))
def test_a_removed_entry_is_found(export, pin, number):
    lines = lines_of(export)
    del lines[places(lines)[number]]
    rewrite(export, lines)
    assert check(export, pin).code == CHANGED


@pytest.mark.parametrize("number", range(8))
def test_swapped_entries_are_found_even_with_their_numbers_exchanged(export, pin, number):
    for renumber in (False, True):
        lines = lines_of(export)
        one, other = places(lines)[number], places(lines)[number + 1]
        lines[one], lines[other] = lines[other], lines[one]
        if renumber:
            lines[one]["leaf"], lines[other]["leaf"] = lines[other]["leaf"], lines[one]["leaf"]
        changed = export.with_name("swapped.jsonl")
        rewrite(changed, lines)
        report = check(changed, pin)
        waits = number == 7  # two entries without a number: nothing is signed about their order
        assert report.code == (WHOLE if waits else CHANGED)


@pytest.mark.parametrize("left", range(1, 12))
def test_a_truncated_export_is_found(export, pin, kept, left):
    lines = lines_of(export)
    assert len(lines) == 13
    rewrite(export, lines[:left])
    assert check(export, pin).code == CHANGED
    rewrite(export, [*lines[:left], end_of(lines[:left])])
    assert check(export, pin, kept).code == (WHOLE if left in (10, 11) else CHANGED)


def end_of(lines: list[dict]) -> dict:
    entries = [line for line in lines if line["line"] == "entry"]
    leaves = [line for line in entries if line["leaf"] is not None]
    heads = len(places(lines, "tree_head"))
    counts = {"entries": len(entries), "leaves": len(leaves), "tree_heads": heads}
    return {"line": "end", **counts}


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", 6), ("size", "7"), ("root", "0" * 64), ("at", "x"), ("type", "other")],
)
def test_a_changed_tree_head_is_found(export, pin, field, value):
    lines = lines_of(export)
    lines[places(lines, "tree_head")[1]]["signed"][field] = value
    rewrite(export, lines)
    assert check(export, pin).code == CHANGED


@pytest.mark.parametrize(("field", "value"), [("signature", "AAAA"), ("signature", "?")])
def test_a_damaged_signature_is_found(export, pin, field, value):
    lines = lines_of(export)
    lines[places(lines, "tree_head")[0]][field] = value
    rewrite(export, lines)
    assert check(export, pin).code == CHANGED
    assert check(export).code == CHANGED


def test_tree_heads_signed_anew_by_another_key_are_refused_once_a_key_is_pinned(export, pin):
    stranger = Ed25519PrivateKey.generate()
    lines = lines_of(export)
    for place in places(lines, "tree_head"):
        signature = signing.sign(canonical(lines[place]["signed"]), stranger)
        lines[place] |= json.loads(signature.to_json()) | {"line": "tree_head"}
        del lines[place]["algorithm"]
    rewrite(export, lines)
    assert check(export, pin).code == CHANGED
    assert check(export).code == NOT_PINNED


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"line":"ledger"}', '{"line":"x"}', '{"line":"end","line":"end"}', "[" * 5000],
)
def test_a_malformed_line_is_a_change_and_told_by_its_number(export, pin, line):
    lines = export.read_text().splitlines()
    export.write_text("\n".join([*lines[:3], line, *lines[3:]]) + "\n")
    report = check(export, pin)
    assert (report.code, report.line) == (CHANGED, 4)


@pytest.mark.django_db
def test_an_export_of_an_empty_ledger_proves_nothing(tmp_path, keys):
    call_command("export_ledger", str(tmp_path / "empty.jsonl"), verbosity=0)
    assert check(tmp_path / "empty.jsonl", "0" * 64).code == CANNOT_CHECK


def test_two_kept_tree_heads_that_contradict_each_other_are_told(export, kept, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(json.dumps(json.loads(kept[0].read_text()) | {"root": "0" * 64}))
    told = run(export, *(f"--tree-head={path}" for path in (kept[0], other)))
    assert told.returncode == CHANGED
    assert "showed different ledgers" in told.stdout


def remade(change) -> None:
    """The strongest tamperer: owns the database and the key, and makes the whole log anew."""
    sizes = list(TreeHead.objects.order_by("size").values_list("size", flat=True))
    numbered = [leaf.entry for leaf in Leaf.objects.order_by("index").select_related("entry")]
    told = numbered + [row.entry for row in Pending.objects.order_by("pk").select_related("entry")]
    with lifted(connection):
        for model in (Pending, Statement, TreeHead, Node, Leaf, Entry, SubjectHead):
            model.objects.all().delete()
        for entry in change(told):
            _append_again(entry)
    done = 0
    for size in sizes:
        done += sequencer.sequence(max(0, min(size, Entry.objects.count()) - done))


def _append_again(entry: Entry) -> None:
    head, _ = SubjectHead.objects.get_or_create(subject=entry.subject)
    entry.position, entry.previous = head.length, head.digest
    entry.digest = rules.entry_digest(entry.record())
    entry.save(force_insert=True)
    Pending.objects.create(entry=entry)
    head.length, head.digest = head.length + 1, entry.digest
    head.save()


def flip(field: str, value: object):
    def change(told: list[Entry]) -> list[Entry]:
        setattr(told[3], field, value)
        return told

    return change


def swap(told: list[Entry]) -> list[Entry]:
    return [*told[:2], told[3], told[2], *told[4:]]


TAMPERED = {
    **{f"{name} flipped": flip(name, value) for name, value in
       {"id": FIELDS["id"], "subject": "b:9", "kind": "x.y", "actor": "user:2",
        "data": '{"thing":"t2"}', "at": datetime(2020, 1, 1, tzinfo=UTC)}.items()},
    "an entry removed": lambda told: [*told[:3], *told[4:]],
    "two entries swapped": swap,
    "the end cut off": lambda told: told[:5],
    "all cut off but the first tree head's": lambda told: told[:4],
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_a_ledger_made_anew_with_the_sites_own_key_is_found_by_a_tree_head_kept_elsewhere(
    entries, kept, pin, tmp_path, how
):
    remade(TAMPERED[how])
    call_command("verify_ledger", verbosity=0)  # by itself it is whole: the signer is the tamperer
    with pytest.raises(CommandError) as refusal:
        call_command("verify_ledger", *(f"--tree-head={path}" for path in kept))
    assert refusal.value.returncode == 1
    export = tmp_path / "remade.jsonl"
    call_command("export_ledger", str(export), verbosity=0)
    assert check(export, pin).code == WHOLE
    assert check(export, pin, kept).code == CHANGED


@pytest.mark.parametrize("column", COLUMNS)
def test_a_field_flipped_in_the_database_alone_is_found_in_its_export(
    entries, pin, tmp_path, column
):
    entry = entries[3]
    with lifted(connection), connection.cursor() as cursor:
        sql = 'UPDATE ledger_entry SET "{}" = %s WHERE digest = %s'
        cursor.execute(sql.format(column), [COLUMNS[column], entry.digest])
    call_command("export_ledger", str(tmp_path), verbosity=0)
    report = check(tmp_path / "ledger.jsonl", pin)
    assert (report.code, report.entry) == (CHANGED, str(entry.pk))
