"""Each trap of append-only tables, on whichever database the suite runs."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ModelState, ProjectState

from ledger import sequencer
from ledger.append_only import append_only_models
from ledger.checks import append_only_is_held
from ledger.models import Entry, Leaf, Node, TreeHead
from ledger.triggers import AppendOnly, create_sql, drop_sql, lifted, missing, trigger_names

sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a trap of SQLite")
postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="a trap of PostgreSQL")


def execute(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def fail(_done: object) -> None:
    raise ValueError("half done")


def problems() -> list[str]:
    found = append_only_is_held(app_configs=None, databases=["default"])
    assert {problem.id for problem in found} <= {"ledger.E001"}
    return [problem.obj.__name__ for problem in found]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [m for m in append_only_models() if m._meta.app_label == "ledger"]
)
def test_no_row_can_be_changed_or_removed(model, write):
    write()
    sequencer.sequence()
    table, column = model._meta.db_table, model._meta.pk_fields[0].column
    for sql in ('UPDATE {0} SET "{1}" = "{1}"', "DELETE FROM {0}"):
        with pytest.raises(IntegrityError, match="append-only"):
            execute(sql.format(table, column))
    assert model.objects.count() == 1


@pytest.mark.django_db
def test_django_itself_cannot_change_or_remove_an_entry_either(write):
    entry = write()
    entry.actor = "user:2"
    for change in (entry.save, lambda: Entry.objects.filter(pk=entry.pk)._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("key", ["id", "digest", "subject_position", "rowid"])
def test_replace_removes_no_row_through_any_of_its_keys(key: str, write):
    entry = write()
    row = {"id": "0" * 32, "subject": "other", "position": 7, "digest": "d", "rowid": 77}
    same = {"id": entry.pk.hex, "subject": entry.subject, "position": 0, "digest": entry.digest}
    same["rowid"] = 1
    taken = {name: same[name] for name in same if name in key.split("_")}
    row |= {"kind": "x.y", "actor": "a", "data": "{}", "previous": "", "at": "2026-01-01"} | taken
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    for verb in ("REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{verb} INTO ledger_entry ({names}) VALUES ({marks})", [*row.values()])
    assert Entry.objects.get().actor == entry.actor


@postgres
@pytest.mark.django_db
def test_postgresql_cannot_truncate():
    with pytest.raises(IntegrityError, match="append-only"):
        execute("TRUNCATE ledger_node")


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_remade_sqlite_table_loses_its_triggers_and_the_check_says_so():
    longer = models.CharField(max_length=65)
    longer.set_attributes_from_name("hash")
    with connection.schema_editor() as editor:
        editor.alter_field(Node, Node._meta.get_field("hash"), longer)
    assert missing(connection, Node) == trigger_names(connection, Node)
    assert problems() == ["Node"]
    with connection.schema_editor() as editor:
        editor.alter_field(Node, longer, Node._meta.get_field("hash"))
    execute(*create_sql(connection, Node))
    assert problems() == []


@sqlite
@pytest.mark.django_db
def test_triggers_that_do_not_guard_a_key_added_later_count_as_missing():
    name = "ledger_leaf_no_insert"
    execute(
        f"DROP TRIGGER {name}",
        f"CREATE TRIGGER {name} BEFORE INSERT ON ledger_leaf BEGIN SELECT 1; END",
    )
    assert problems() == ["Leaf"]


@postgres
@pytest.mark.django_db
def test_triggers_that_are_switched_off_count_as_missing():
    execute("ALTER TABLE ledger_leaf DISABLE TRIGGER ledger_leaf_no_update")
    assert missing(connection, Leaf) == ["ledger_leaf_no_update"]
    assert problems() == ["Leaf"]


@pytest.mark.django_db
def test_all_triggers_are_there_after_migrating_and_the_check_is_silent():
    assert {model.__name__ for model in append_only_models()} >= {"Entry", "Leaf", "TreeHead"}
    assert problems() == []
    call_command("check", databases=["default"])


@pytest.mark.django_db
def test_the_check_passes_over_tables_that_are_not_made_yet(monkeypatch):
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda *_a, **_k: [])
    execute(*drop_sql(connection, TreeHead))
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_flush_empties_append_only_tables_and_leaves_them_guarded(write):
    write()
    sequencer.sequence()
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    assert problems() == []


@pytest.mark.django_db
def test_triggers_are_back_after_a_failure_while_they_were_lifted(write):
    write()
    with pytest.raises(ValueError, match="half"), lifted(connection):
        fail(Entry.objects.update(actor="x"))
    assert Entry.objects.get().actor == "user:1"
    assert problems() == []


def percent_table() -> ProjectState:
    """A table whose name has a percent sign, which breaks SQL run with parameters."""
    fields = [("id", models.BigAutoField(primary_key=True)), ("word", models.TextField())]
    state = ProjectState()
    state.add_model(ModelState("ledger", "Percent", fields, {"db_table": "ledger_100%"}))
    return state


@pytest.mark.django_db(transaction=True)
def test_the_operation_can_be_undone_and_survives_a_percent_sign():
    state, operation = percent_table(), AppendOnly("Percent")
    model = state.apps.get_model("ledger", "Percent")
    assert operation.describe() == "Let rows of Percent be added only"
    execute('CREATE TABLE "ledger_100%" (id integer PRIMARY KEY, word text)')
    try:
        with connection.schema_editor() as editor:
            operation.database_forwards("ledger", editor, state, state)
        assert missing(connection, model) == []
        with connection.schema_editor() as editor:
            operation.database_backwards("ledger", editor, state, state)
        assert missing(connection, model) == trigger_names(connection, model)
    finally:
        execute('DROP TABLE "ledger_100%"')


@sqlite
def test_a_conditional_unique_constraint_cannot_be_guarded_and_is_refused():
    partial = models.UniqueConstraint(fields=["word"], condition=models.Q(word="x"), name="only_x")
    state = percent_table()
    state.add_constraint("ledger", "percent", partial)
    with pytest.raises(ValueError, match="only_x"):
        create_sql(connection, state.apps.get_model("ledger", "Percent"))
