"""REST: the banks, what is listed in them, and what a match in one means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, user_of, valid
from provenance.models import BankEntry, MatchBank
from provenance.screening.banks import end_entry, list_file, open_bank, set_bank
from provenance.screening.selectors import visible_banks

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class BankBody(serializers.ModelSerializer[MatchBank]):
    """A bank; empty thresholds are the calibrated ones."""

    live = serializers.IntegerField(help_text="Entries that have not ended.")

    class Meta:
        model = MatchBank
        fields = ["id", "name", "kind", "match_at", "possible_at", "blocks", "live"]


class NewBank(serializers.Serializer[Any]):
    """A bank to open."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(MatchBank.Kind.choices)
    reason = serializers.CharField()


class BankSettings(serializers.Serializer[Any]):
    """A bank's thresholds and what it does."""

    match_at = serializers.FloatField(allow_null=True, help_text="0 to 1; null: the calibrated.")
    possible_at = serializers.FloatField(allow_null=True, help_text="0 to 1; null: the calibrated.")
    blocks = serializers.BooleanField()
    reason = serializers.CharField()


class EntryBody(serializers.ModelSerializer[BankEntry]):
    """What is listed; without a `pdq` it is known by its features alone."""

    class Meta:
        model = BankEntry
        fields = ["id", "label", "reason", "pdq", "quality", "added_at"]


class NewEntry(serializers.Serializer[Any]):
    """A picture to list."""

    file = serializers.FileField(help_text="The picture to list.")
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # DRF has one too
    reason = serializers.CharField()


class Ending(serializers.Serializer[Any]):
    """Why an entry ends."""

    reason = serializers.CharField()


class BankList(generics.ListAPIView["MatchBank"]):
    """The banks, for those who oversee; an operator opens one more."""

    serializer_class = BankBody

    def get_queryset(self) -> QuerySet[MatchBank]:
        return visible_banks(user_of(self.request))

    @extend_schema(request=NewBank, responses={201: BankBody})
    def post(self, request: Request) -> Response:
        wanted = valid(NewBank, request)
        kind = MatchBank.Kind(wanted.pop("kind"))
        made = open_bank(actor=actor_of(request), kind=kind, **wanted)
        body = BankBody(visible_banks(user_of(request)).get(pk=made.pk))
        return Response(body.data, status=status.HTTP_201_CREATED)


class BankDetail(APIView):
    """One bank; an operator moves its thresholds."""

    @extend_schema(responses=BankBody)
    def get(self, request: Request, bank_id: int) -> Response:
        return Response(BankBody(_bank(request, bank_id)).data)

    @extend_schema(request=BankSettings, responses=BankBody)
    def put(self, request: Request, bank_id: int) -> Response:
        found = _bank(request, bank_id)
        set_bank(actor=actor_of(request), bank=found, **valid(BankSettings, request))
        return Response(BankBody(found).data)


class EntryList(generics.ListAPIView["BankEntry"]):
    """What a bank lists now, newest first; a reviewer lists a picture."""

    serializer_class = EntryBody
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[BankEntry]:
        found = _bank(self.request, self.kwargs["bank_id"])
        return found.entries.filter(ended_version=None).order_by("-pk")

    @extend_schema(request={"multipart/form-data": NewEntry}, responses={201: EntryBody})
    def post(self, request: Request, bank_id: int) -> Response:
        found, wanted = _bank(request, bank_id), valid(NewEntry, request)
        made = list_file(actor=actor_of(request), bank=found, **wanted)
        return Response(EntryBody(made).data, status=status.HTTP_201_CREATED)


class EntryEnd(APIView):
    """A reviewer takes an entry off its bank."""

    @extend_schema(request=Ending, responses={204: None})
    def post(self, request: Request, bank_id: int, entry_id: int) -> Response:
        entry = get_object_or_404(BankEntry, pk=entry_id, bank=_bank(request, bank_id))
        end_entry(actor=actor_of(request), entry=entry, reason=valid(Ending, request)["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


def _bank(request: Request, bank_id: int) -> MatchBank:
    return get_object_or_404(visible_banks(user_of(request)), pk=bank_id)
