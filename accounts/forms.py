"""What forms of every app have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.db.models import QuerySet


def offer(field: forms.Field, found: QuerySet[Any]) -> None:
    """Let the field choose among these; where there is but one, it is chosen."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = found
        if found.count() == 1:
            field.initial, field.empty_label = found.get(), None
