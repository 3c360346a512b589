"""REST: two records that are one party. For reviewers and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked
from provenance.attribution.merging import merge_parties, undo_merge
from provenance.models import Party, PartyMerge

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class MergeBody(serializers.ModelSerializer[PartyMerge]):
    class Meta:
        model = PartyMerge
        fields = ["id", "kept", "merged", "undoes", "moved", "reason", "merged_at"]


class NewMerge(serializers.Serializer[Any]):
    merged = serializers.UUIDField(help_text="The record that goes into this one.")
    reason = serializers.CharField()


class UndoBody(serializers.Serializer[Any]):
    reason = serializers.CharField()


class Merge(APIView):
    """Keep this party, and move into it all that names another record of the same."""

    @extend_schema(request=NewMerge, responses={201: MergeBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        body = checked(NewMerge(data=request.data))
        merge = merge_parties(
            actor=actor_of(request),
            keep=get_object_or_404(Party, pk=party_id),
            merged=get_object_or_404(Party, pk=body.validated_data["merged"]),
            reason=body.validated_data["reason"],
        )
        return Response(MergeBody(merge).data, status=status.HTTP_201_CREATED)


class MergeUndo(APIView):
    """They are two after all."""

    @extend_schema(request=UndoBody, responses={201: MergeBody})
    def post(self, request: Request, merge_id: UUID) -> Response:
        body = checked(UndoBody(data=request.data))
        undone = undo_merge(
            actor=actor_of(request),
            merge=get_object_or_404(PartyMerge, pk=merge_id),
            reason=body.validated_data["reason"],
        )
        return Response(MergeBody(undone).data, status=status.HTTP_201_CREATED)
