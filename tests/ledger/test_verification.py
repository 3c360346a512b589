"""The tamperer owns the database: the triggers are lifted. Everything done must be found."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ledger import rules, sequencer, services, signing
from ledger.models import Entry, Leaf, Node, Pending, SubjectHead, TreeHead
from ledger.triggers import lifted

SUBJECTS = ("a:1", "b:2")


@pytest.fixture
def entries(write, db) -> list[Entry]:
    """Five entries under two tree heads, and a sixth that waits."""
    written = [
        write(SUBJECTS[n % 2], statement="Ann said yes." if n == 2 else "") for n in range(6)
    ]
    sequencer.sequence(3)
    sequencer.sequence(2)
    return written


def tamper(sql: str, *values: object) -> None:
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE" if connection.vendor != "sqlite" else "SELECT 1"
        )
        cursor.execute(sql, values)
        assert cursor.rowcount > 0


def found(*more: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("verify_ledger", *more)
    assert refusal.value.returncode == 1
    return str(refusal.value)


def test_an_untouched_ledger_is_whole(entries, capsys):
    call_command("verify_ledger")
    assert "The ledger is whole: 6 entries on 2 subjects, 5 of them" in capsys.readouterr().out
    call_command("verify_ledger", "--json")
    assert json.loads(capsys.readouterr().out)["tree_heads"] == 2


@pytest.mark.django_db
def test_an_empty_ledger_says_that_it_is_empty(capsys):
    call_command("verify_ledger")
    assert "The ledger is empty" in capsys.readouterr().out


@pytest.mark.parametrize("number", [0, 2, 5], ids=["first", "middle", "waiting"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "b:9"),
        ("position", 9),
        ("kind", "thing.undone"),
        ("actor", "user:2"),
        ("data", '{"thing":"t2"}'),
        ("data", '{"thing": "t1"}'),
        ("data", "no json"),
        ("previous", "0" * 64),
        ("digest", "0" * 64),
        ("at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_each_changed_field_of_an_entry_is_found_and_the_entry_named(entries, number, field, value):
    entry = entries[number]
    sql = 'UPDATE ledger_entry SET "{}" = %s WHERE digest = %s'
    tamper(sql.format(field), value, entry.digest)
    assert str(entry.pk) in found()


@pytest.mark.parametrize("number", [0, 2, 4, 5])
def test_a_removed_entry_is_found(entries, number):
    entry = entries[number]
    key = entry._meta.pk.get_db_prep_value(entry.pk, connection)
    removal = "DELETE FROM ledger_{} WHERE entry_id = %s"
    for table in ("leaf", "pending", "statement"):
        with lifted(connection), connection.cursor() as cursor:
            cursor.execute(removal.format(table), [key])
    tamper("DELETE FROM ledger_entry WHERE id = %s", key)
    found()


def test_an_entry_that_was_replaced_with_a_fitting_digest_is_found(entries):
    entry = Entry.objects.get(pk=entries[3].pk)
    entry.actor = "user:2"
    entry.digest = rules.entry_digest(entry.record())
    with lifted(connection):
        entry.save()
    assert str(entry.pk) in found()


def test_swapped_leaves_are_found(entries):
    tamper('UPDATE ledger_leaf SET "index" = 100 WHERE "index" = 0')
    tamper('UPDATE ledger_leaf SET "index" = 0 WHERE "index" = 1')
    tamper('UPDATE ledger_leaf SET "index" = 1 WHERE "index" = 100')
    assert "do not fit leaf 0" in found()


def test_a_gap_between_leaves_is_found(entries):
    tamper('UPDATE ledger_leaf SET "index" = 9 WHERE "index" = 2')
    assert "leaf 2 is missing" in found()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_changed_or_a_foreign_node_is_found(entries, level):
    tamper("UPDATE ledger_node SET hash = %s WHERE level = %s", "0" * 64, level)
    assert "nodes do not fit" in found()


def test_a_node_too_many_is_found(entries):
    Node.objects.create(level=7, index=0, hash="0" * 64)
    assert "belong to no leaf" in found()


def test_a_missing_node_is_found(entries):
    tamper("DELETE FROM ledger_node WHERE level = 1")
    assert "nodes do not fit" in found()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("root", "0" * 64, "another root"),
        ("signature", "AAAA", "not signed"),
        ("signature", "?", "not signed"),
        ("key", "0" * 64, "not trusted"),
        ("at", "2020-01-01 00:00:00+00:00", "not signed"),
        ("size", 4, "another root"),
        ("size", 6, "not there"),
    ],
)
def test_a_changed_tree_head_is_found(entries, field, value, said):
    sql = 'UPDATE ledger_treehead SET "{}" = %s WHERE size = 5'
    tamper(sql.format(field), value)
    assert said in found()


def test_a_removed_last_tree_head_is_found(entries):
    tamper("DELETE FROM ledger_treehead WHERE size = 5")
    assert "no tree head covers" in found()


def test_a_tree_head_signed_with_a_foreign_key_counts_only_when_that_key_is_given(entries, keys):
    head = TreeHead.objects.get(size=5)
    (keys / "ledger.key").unlink()
    assert "not trusted" in found()
    call_command("verify_ledger", "--key", head.key, verbosity=0)
    signing.load_or_create_key(keys / "ledger.key")
    assert "not trusted" in found()


def test_the_record_of_a_chains_end_must_fit(entries):
    SubjectHead.objects.filter(pk="b:2").update(length=2)
    assert "not those recorded" in found()
    SubjectHead.objects.filter(pk="b:2").update(length=3)
    SubjectHead.objects.create(subject="c:3", length=1)
    assert "no entry is left" in found()


def test_an_entry_that_waits_for_nothing_or_twice_is_found(entries):
    waiting = Pending.objects.get()
    Pending.objects.create(entry=entries[0])
    assert "still waits" in found()
    Pending.objects.all().delete()
    assert f"{waiting.entry_id}: it has no leaf number" in found()


def cut(last: Entry) -> None:
    """Remove the last numbered entry, and all that speaks of it: only the key is not at hand."""
    Pending.objects.all().delete()
    with lifted(connection):
        Leaf.objects.filter(index__gte=3).delete()
        Node.objects.exclude(level=0, index__lt=3).exclude(level=1, index=0).delete()
        TreeHead.objects.filter(size=5).delete()
        Entry.objects.filter(leaf=None).delete()
    for subject in SUBJECTS:
        end = Entry.objects.filter(subject=subject).order_by("position").last()
        SubjectHead.objects.filter(pk=subject).update(length=end.position + 1, digest=end.digest)


def test_a_log_cut_cleanly_is_found_by_a_tree_head_kept_elsewhere(entries, tmp_path):
    head, kept = TreeHead.objects.get(size=5), tmp_path / "head.json"
    kept.write_text(json.dumps({"size": head.size, "root": head.root}))
    call_command("verify_ledger", "--tree-head", str(kept), verbosity=0)
    cut(entries[4])
    call_command("verify_ledger", verbosity=0)
    assert "here are 3" in found("--tree-head", str(kept))
    kept.write_text(json.dumps({"size": 3, "root": "0" * 64}))
    assert "first 3 leaves" in found("--tree-head", str(kept))


def test_a_file_that_is_no_tree_head_is_a_usage_error(tmp_path, db):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(CommandError, match="not a tree head") as refusal:
        call_command("verify_ledger", "--tree-head", str(tmp_path / "x.json"))
    assert refusal.value.returncode == 2


def test_json_names_the_first_bad_entry(entries, capsys):
    tamper("UPDATE ledger_entry SET actor = 'x' WHERE digest = %s", entries[1].digest)
    found("--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"verified": False, "entry": str(entries[1].pk), "problem": answer["problem"]}


def test_an_erased_statement_leaves_the_ledger_whole(entries):
    with transaction.atomic():
        services.erase_statement(actor="user:1", entry=entries[2])
    call_command("verify_ledger", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_one_snapshot_is_read(write, capsys):
    write()
    sequencer.sequence()
    call_command("verify_ledger")
    assert "1 entries" in capsys.readouterr().out


def test_of_several_tree_heads_kept_elsewhere_each_counts(entries, tmp_path):
    paths = []
    for size, root in ((3, "0" * 64), (5, TreeHead.objects.get(size=5).root)):
        paths.append(tmp_path / f"{size}.json")
        paths[-1].write_text(json.dumps({"size": size, "root": root}))
    assert "first 3 leaves" in found(*(f"--tree-head={path}" for path in paths))
    call_command("verify_ledger", f"--tree-head={paths[1]}", verbosity=0)
