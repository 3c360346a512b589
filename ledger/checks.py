"""System checks of the ledger: `check --database default` finds triggers that are gone."""
# ruff: noqa: SLF001 - _meta is Django's documented model API

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import Error, Tags, register
from django.db import connections, router

from ledger.append_only import append_only_models
from ledger.triggers import missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig
    from django.core.checks import CheckMessage


@register(Tags.database)
def append_only_is_held(
    *,
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """ledger.E001: a table whose model is append-only lacks triggers."""
    return [
        Error(
            f"{model._meta.label} is append-only, but its table lacks {', '.join(lacking)}.",
            hint=f"Add AppendOnly({model.__name__!r}) to a new migration of {model._meta.app_label}"
            " and run it with `manage.py migrate --skip-checks`.",
            obj=model,
            id="ledger.E001",
        )
        for alias in databases or ()
        for tables in [set(connections[alias].introspection.table_names())]
        for model in append_only_models()
        if router.allow_migrate_model(alias, model) and model._meta.db_table in tables
        for lacking in [missing(connections[alias], model)]
        if lacking
    ]
