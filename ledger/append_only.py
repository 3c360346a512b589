"""The base of models whose rows are only ever added; `triggers` makes the database hold it."""

from __future__ import annotations

from django.apps import apps
from django.db import models


class AppendOnlyModel(models.Model):
    """Declares a model append-only. Its migration must run `AppendOnly("model")` (ledger.E001)."""

    class Meta:
        abstract = True


def append_only_models() -> list[type[AppendOnlyModel]]:
    """Every declared model that has a table of its own."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, AppendOnlyModel) and model._meta.managed and not model._meta.proxy  # noqa: SLF001 - Django's public _meta
    ]
