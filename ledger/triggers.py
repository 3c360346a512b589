"""Triggers that refuse to change or remove rows, as a migration operation for SQLite, PostgreSQL.

They guard against accident: whoever owns the database can take them off, and `verify_ledger`
then shows what was changed. Repeat `AppendOnly` after any operation that remakes a SQLite table
(AlterField, AddConstraint …), which drops its triggers silently; ledger.E001 tells when it is due.
"""
# ruff: noqa: SLF001 - _meta is Django's documented model API

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.migrations.operations.base import Operation
from django.db.models import UniqueConstraint

from ledger.append_only import append_only_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

Model = type[models.Model]


class AppendOnly(Operation):
    """From here on rows of the model can be added, never changed, replaced, removed, truncated."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models' state does not know triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's signature
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            run(schema_editor, drop_sql(schema_editor.connection, model))
            run(schema_editor, create_sql(schema_editor.connection, model))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            run(schema_editor, drop_sql(schema_editor.connection, model))

    def describe(self) -> str:
        return f"Let rows of {self.name} be added only"


def run(schema_editor: Any, statements: list[str]) -> None:
    """Execute as they are: with parameters, even none, PostgreSQL would read `%` as a marker."""
    for sql in statements:
        schema_editor.execute(sql, params=None)


def trigger_names(connection: BaseDatabaseWrapper, model: Model) -> list[str]:
    """What the triggers of `model` are called on this database."""
    table = model._meta.db_table
    kinds = ["update", "delete", "insert" if connection.vendor == "sqlite" else "truncate"]
    return [f"{table}_no_{kind}" for kind in kinds]


def create_sql(connection: BaseDatabaseWrapper, model: Model) -> list[str]:
    """The statements that make the triggers of `model`."""
    if connection.vendor == "sqlite":
        return list(_sqlite(connection, model).values())
    table, quote = model._meta.db_table, connection.ops.quote_name
    guard = quote(f"{table}_refuse")
    function = (
        f"CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION USING MESSAGE = '{_refusal(model)}', "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {quote(name)} BEFORE {name.rsplit('_', 1)[1].upper()} ON {quote(table)} "
        f"FOR EACH {'STATEMENT' if name.endswith('truncate') else 'ROW'} EXECUTE FUNCTION {guard}()"
        for name in trigger_names(connection, model)
    ]
    return [function, *triggers]


def drop_sql(connection: BaseDatabaseWrapper, model: Model) -> list[str]:
    """The statements that take off the triggers of `model`, whether they are there or not."""
    table, quote = model._meta.db_table, connection.ops.quote_name
    names = [quote(name) for name in trigger_names(connection, model)]
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    drops = [f"DROP TRIGGER IF EXISTS {name} ON {quote(table)}" for name in names]
    return [*drops, f"DROP FUNCTION IF EXISTS {quote(f'{table}_refuse')}()"]


def missing(connection: BaseDatabaseWrapper, model: Model) -> list[str]:
    """The triggers of `model` that are absent, switched off, or no longer guard all its keys."""
    names, table = trigger_names(connection, model), model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [table],
            )
            wanted = _sqlite(connection, model)
            found = {name for name, sql in cursor.fetchall() if wanted.get(name) == sql}
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s)"
                " AND tgenabled IN ('O', 'A')",
                [connection.ops.quote_name(table)],
            )
            found = {name for (name,) in cursor.fetchall()}
    return [name for name in names if name not in found]


def _refusal(model: Model) -> str:
    return f"{model._meta.db_table} is append-only: add a row that says what changed"


def _sqlite(connection: BaseDatabaseWrapper, model: Model) -> dict[str, str]:
    """Name -> statement. REPLACE removes rows without a delete trigger: guard every key of them."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    taken = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in map(quote, columns)) + ")"
        for columns in _keys(model)
    )
    when = {"insert": f" WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid OR {taken})"}  # noqa: S608 - names of a model's own columns
    return {
        name: f"CREATE TRIGGER {quote(name)} BEFORE {kind.upper()} ON {table}{when.get(kind, '')} "
        f"BEGIN SELECT RAISE(ABORT, '{_refusal(model)}'); END"
        for name in trigger_names(connection, model)
        for kind in [name.rsplit("_", 1)[1]]
    }


def _keys(model: Model) -> list[list[str]]:
    """The columns of the primary key and of each unique constraint."""
    options = model._meta
    columns = {field.name: str(field.column) for field in options.local_fields}
    keys = [[field.name for field in options.pk_fields]]
    keys += [[field.name] for field in options.local_fields if field.unique and field.column]
    keys += [list(names) for names in options.unique_together]
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint):
            if constraint.condition or constraint.expressions:
                raise ValueError(
                    f"{constraint.name}: an append-only model cannot have a unique constraint with "
                    "a condition or expression, as SQLite's REPLACE could remove rows through it."
                )
            keys.append(list(constraint.fields))
    return [[columns[name] for name in key] for n, key in enumerate(keys) if key not in keys[:n]]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the triggers of all append-only tables off inside one transaction, and put them back.

    Other sessions never see a table without them, and a crash leaves them on. For `flush` and
    for tests that play the tamperer; nothing else has a reason to use it.
    """
    with transaction.atomic(using=connection.alias):
        tables = set(connection.introspection.table_names())
        there = [m for m in append_only_models() if m._meta.db_table in tables]
        with connection.cursor() as cursor:
            for model in there:
                for sql in drop_sql(connection, model):
                    cursor.execute(sql)
            yield
            for model in there:
                for sql in create_sql(connection, model):
                    cursor.execute(sql)
