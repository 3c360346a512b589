"""Levels of evidence in the API, by name."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from provenance.models import (
    Level,
)


class LevelField(serializers.ChoiceField):
    """How well a claim is known, by name: "self_declared", "document_checked", ..."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([level.name.lower() for level in Level], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return Level[str(super().to_internal_value(data)).upper()]

    def to_representation(self, value: Any) -> str:
        return Level(value).name.lower()
