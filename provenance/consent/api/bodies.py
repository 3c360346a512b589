"""What the API of consent takes and answers."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.errors import InvalidError
from provenance.consent import selectors
from provenance.consent.presets import terms_of
from provenance.consent.rules import NEEDED_TO_RELEASE, Terms, after_end_sentence, duty_of
from provenance.models import Ask, Grant, Reservation, Work


class WorkLine(serializers.ModelSerializer[Work]):
    class Meta:
        model = Work
        fields = ["id", "title", "reference"]


class AskBody(serializers.ModelSerializer[Ask]):
    works = WorkLine(many=True, read_only=True)
    party_name = serializers.CharField(source="party.name", read_only=True)
    applicant_name = serializers.CharField(source="applicant.username", read_only=True)

    class Meta:
        model = Ask
        fields = [
            "id",
            "image_set",
            "party",
            "party_name",
            "applicant_name",
            "works",
            "actions",
            "purpose",
            "commercial",
            "model_name",
            "message",
            "state",
            "asked_at",
            "expires_on",
            "reminded_at",
            "answered_at",
            "answer_note",
        ]


class HistoryLine(serializers.Serializer[Any]):
    kind = serializers.CharField()
    at = serializers.DateTimeField()


class AskWithHistory(AskBody):
    history = serializers.SerializerMethodField()

    class Meta(AskBody.Meta):
        fields = [*AskBody.Meta.fields, "history"]

    @extend_schema_field(HistoryLine(many=True))
    def get_history(self, ask: Ask) -> Any:
        return HistoryLine(selectors.history_of(ask), many=True).data


class NewAskAll(serializers.Serializer[Any]):
    """What everybody is asked whose permission a set lacks."""

    purpose = serializers.CharField(max_length=500)
    model_name = serializers.CharField(max_length=120)
    actions = serializers.ListField(
        child=serializers.CharField(max_length=30), default=list(NEEDED_TO_RELEASE)
    )
    commercial = serializers.BooleanField(default=False)
    message = serializers.CharField(default="", allow_blank=True)
    addresses = serializers.DictField(
        child=serializers.EmailField(),
        default=dict,
        help_text="E-mail addresses by a party's id, where you know one. They are self-declared.",
    )


class NewAsk(NewAskAll):
    image_set = serializers.UUIDField()
    party = serializers.UUIDField()
    address = serializers.EmailField(default="", allow_blank=True)
    addresses = None  # type: ignore[assignment]


class AskedBody(serializers.Serializer[Any]):
    """A party whose permission is missing, with the request to it or the reason for none."""

    party = serializers.UUIDField(source="party.pk")
    party_name = serializers.CharField(source="party.name")
    ask = AskBody(allow_null=True)
    refusal = serializers.CharField()


class Words(serializers.ListField):
    """Words of a small vocabulary; the terms themselves tell which are known."""

    child = serializers.CharField(max_length=30)


class DutyField(serializers.DictField):
    """A duty by its kind: attribute, inform, compensate or delete_after, with its values."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return duty_of(data)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class TermsBody(serializers.Serializer[Any]):
    """What a party permits; see the glossary for the actions."""

    actions = serializers.ListField(child=serializers.CharField(max_length=30))
    commercial = serializers.BooleanField(default=False)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=5), default=["world"]
    )
    bases = serializers.ListField(child=serializers.CharField(max_length=120), default=[])
    not_before = serializers.DateField(default=None, allow_null=True)
    not_after = serializers.DateField(default=None, allow_null=True)
    credit_line = serializers.CharField(default="", allow_blank=True, max_length=300)
    name_forms = serializers.ListField(child=serializers.CharField(max_length=200), default=[])
    name_places = Words(default=[], help_text="name, token, card; none: anywhere.")
    purposes = Words(default=[], help_text="None: any.")
    recipients = Words(default=[], help_text="applicant, registered, public; none: any.")
    max_models = serializers.IntegerField(default=None, allow_null=True)
    duties = serializers.ListField(
        child=DutyField(), default=[], help_text="attribute, inform, compensate, delete_after."
    )
    revocable = serializers.BooleanField(default=True)
    notice_days = serializers.IntegerField(default=0)
    after_end = serializers.CharField(default="delete", help_text="stay, until or delete.")
    after_end_on = serializers.DateField(default=None, allow_null=True)

    def terms(self) -> Terms:
        data: dict[str, Any] = self.validated_data
        known = {field.name for field in fields(Terms)} & set(data)
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known
        }
        return Terms(**values)


class GrantAnswer(TermsBody):
    note = serializers.CharField(default="", allow_blank=True)
    works = serializers.ListField(child=serializers.UUIDField(), default=None, allow_null=True)


class Refusal(serializers.Serializer[Any]):
    note = serializers.CharField(default="", allow_blank=True)


class NewGrant(TermsBody):
    """A grant given unasked, by terms or by a preset and its blanks.

    Without `works` it covers everything that the party holds.
    """

    actions = serializers.ListField(child=serializers.CharField(max_length=30), default=[])
    preset = serializers.CharField(default="", allow_blank=True, max_length=40)
    blanks = serializers.DictField(default={})
    party = serializers.UUIDField()
    works = serializers.ListField(child=serializers.UUIDField(), default=None, allow_null=True)

    def terms(self) -> Terms:
        data: dict[str, Any] = self.validated_data
        if not data["preset"]:
            return super().terms()
        stated = set(self.initial_data) - {"preset", "blanks", "party", "works"}
        if stated:
            told = f"A preset says it all: leave out {', '.join(sorted(map(str, stated)))}."
            raise InvalidError("preset_and_terms", told)
        return terms_of(data["preset"], data["blanks"])


class GrantBody(serializers.ModelSerializer[Grant]):
    works = WorkLine(many=True, read_only=True)
    assigner_name = serializers.CharField(source="assigner.name", read_only=True)
    after_end_says = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        exclude = ["given_by", "revoked_by", "evidence"]

    def get_after_end_says(self, grant: Grant) -> str:
        return after_end_sentence(grant.after_end, grant.after_end_on)


class Revocation(serializers.Serializer[Any]):
    reason = serializers.CharField()


class Revoked(serializers.Serializer[Any]):
    touched = serializers.IntegerField(help_text="Standings that are re-examined because of it.")


class ReservationBody(serializers.ModelSerializer[Reservation]):
    class Meta:
        model = Reservation
        fields = [
            "id",
            "party",
            "work",
            "url_prefix",
            "statement",
            "stated_on",
            "registered_at",
            "lifted_at",
        ]
        read_only_fields = ["registered_at", "lifted_at"]


def found(record: Any) -> Any:
    """The record, or 404 where there is none."""
    if record is None:
        raise Http404
    return record
