"""REST: ask for the erasure of a party's words, and carry it out as an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of
from ledger.models import Entry
from provenance.attribution import erasing
from provenance.models import Party

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class ErasureBody(serializers.Serializer[Any]):
    """A request for erasure, by the ledger entry that tells of it."""

    entry = serializers.UUIDField(source="pk")
    party = serializers.SerializerMethodField()
    by = serializers.CharField(source="actor")
    requested_at = serializers.DateTimeField(source="at")

    def get_party(self, entry: Entry) -> str:
        return entry.subject.removeprefix("party:")


class ErasedBody(serializers.Serializer[Any]):
    """How many statements were erased."""

    statements = serializers.IntegerField()


class ErasedWordsBody(serializers.Serializer[Any]):
    """When the words were erased, and the entry that tells of it."""

    entry = serializers.UUIDField(source="pk")
    erased_at = serializers.DateTimeField(source="at")


class ErasureRequest(APIView):
    """Ask for the erasure of a party that you speak for."""

    @extend_schema(request=None, responses={202: ErasureBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        """An operator carries it out. Nothing changes until then."""
        party = get_object_or_404(Party, pk=party_id)
        asked = erasing.request_erasure(actor=actor_of(request), party=party)
        return Response(ErasureBody(asked).data, status=status.HTTP_202_ACCEPTED)


class ErasureList(APIView):
    """What operators are asked to erase."""

    @extend_schema(responses=ErasureBody(many=True))
    def get(self, request: Request) -> Response:
        """Open requests, oldest first."""
        actor_of(request).require("operator")
        return Response(ErasureBody(erasing.open_requests(), many=True).data)


class PartyErase(APIView):
    """An operator erases the words by and about a party; the ledger's proofs stay whole."""

    @extend_schema(request=None, responses=ErasedBody)
    def post(self, request: Request, party_id: UUID) -> Response:
        """There is no way back."""
        party = get_object_or_404(Party, pk=party_id)
        return Response({"statements": erasing.erase_party(actor=actor_of(request), party=party)})


class WordsErase(APIView):
    """An operator erases the words behind one ledger entry."""

    @extend_schema(request=None, responses=ErasedWordsBody)
    def post(self, request: Request, entry_id: UUID) -> Response:
        """There is no way back."""
        entry = get_object_or_404(Entry, pk=entry_id)
        told = erasing.erase_words(actor=actor_of(request), entry=entry)
        return Response(ErasedWordsBody(told).data)
