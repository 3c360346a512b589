"""What the API takes and answers about presets, lists, credit, licences and the policy."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from provenance.models import CreditChoice


class PresetBody(serializers.Serializer[Any]):
    """A permission in plain words, and the blanks to fill in."""

    key = serializers.CharField()
    title = serializers.CharField()
    says = serializers.CharField()
    blanks = serializers.SerializerMethodField()

    def get_blanks(self, preset: Any) -> list[dict[str, Any]]:
        return [
            {"name": b.name, "says": b.label, "kind": b.kind, "required": b.required}
            for b in preset.blanks
        ]


class ReservationsFile(serializers.Serializer[Any]):
    """A list as CSV; the columns are work, reference, url_prefix, statement, stated_on."""

    party = serializers.UUIDField()
    file = serializers.FileField()


class CreditBody(serializers.ModelSerializer[CreditChoice]):
    class Meta:
        model = CreditChoice
        fields = ["party", "work", "choice", "text", "made_at"]
        read_only_fields = ["made_at"]
        validators: ClassVar[list[Any]] = []  # choosing again replaces the choice


class ChangeBody(serializers.Serializer[Any]):
    """`changes` names what is decided otherwise from now on."""

    changes = serializers.DictField()
    reason = serializers.CharField()


class PolicyBody(serializers.Serializer[Any]):
    silent_licence = serializers.CharField()
    uncleared_base = serializers.CharField()
    evidence = serializers.DictField(
        help_text="For each action the least levels of identity and title, from 0 to 3."
    )
