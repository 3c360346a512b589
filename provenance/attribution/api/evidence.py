"""REST: evidence, and its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.requests import actor_of, user_of
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.evidence import MAX_BYTES, check_evidence, submit_evidence
from provenance.models import (
    Evidence,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class EvidenceBody(serializers.ModelSerializer[Evidence]):
    identity_level = LevelField()
    title_level = LevelField()
    citations = serializers.CharField(read_only=True)

    class Meta:
        model = Evidence
        fields = [
            "id",
            "title",
            "sha256",
            "media_type",
            "size",
            "submitted_at",
            "identity_level",
            "title_level",
            "checked_at",
            "check_note",
            "citations",
        ]


class NewEvidence(serializers.Serializer[Any]):
    file = serializers.FileField()
    title = serializers.CharField(max_length=200, required=False, default="")


class CheckBody(serializers.Serializer[Any]):
    identity = LevelField()
    title = LevelField()
    note = serializers.CharField()
    citations = serializers.CharField(help_text="What you looked at, from the evidence.")


class EvidenceList(generics.ListAPIView["Evidence"]):
    """One's own evidence; reviewers see all. Post a document as multipart `file`."""

    serializer_class = EvidenceBody
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Evidence]:
        return selectors.visible_evidence(user_of(self.request))

    @extend_schema(request={"multipart/form-data": NewEvidence}, responses={201: EvidenceBody})
    def post(self, request: Request) -> Response:
        body = NewEvidence(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        evidence = submit_evidence(
            actor=actor_of(request),
            data=file.read(MAX_BYTES + 1),
            title=body.validated_data["title"] or file.name or "",
        )
        return Response(EvidenceBody(evidence).data, status=status.HTTP_201_CREATED)


class EvidenceCheck(APIView):
    """A reviewer says what a document shows: who spoke (identity), why they may decide (title)."""

    @extend_schema(request=CheckBody, responses=EvidenceBody)
    def post(self, request: Request, evidence_id: UUID) -> Response:
        user = user_of(request)
        evidence = selectors.evidence_for(user, evidence_id)
        body = CheckBody(data=request.data)
        body.is_valid(raise_exception=True)
        checked = check_evidence(
            actor=Actor.of(user),
            evidence=evidence,
            identity=body.validated_data["identity"],
            title=body.validated_data["title"],
            note=body.validated_data["note"],
            citations=body.validated_data["citations"],
        )
        return Response(EvidenceBody(checked).data)
