"""REST: evidence, and its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.requests import actor_of, checked, user_of
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.evidence import (
    MAX_BYTES,
    check_evidence,
    length_of,
    require_size,
    submit_evidence,
)
from provenance.attribution.proofs import prove_domain, record_call, submit_statement
from provenance.models import (
    Contact,
    Evidence,
    Grant,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


UPLOADED = frozenset({Evidence.Kind.FILE, Evidence.Kind.MAIL, Evidence.Kind.LINK})


class EvidenceBody(serializers.ModelSerializer[Evidence]):
    identity_level = LevelField()
    title_level = LevelField()
    citations = serializers.SerializerMethodField(
        help_text="What a reviewer says they looked at; empty for whoever submitted it."
    )

    def get_citations(self, one: Evidence) -> str:
        """It would tell the submitter whether a claim found a work that is not theirs to see."""
        request = self.context.get("request")
        return "" if request and one.submitted_by_id == request.user.pk else one.citations

    class Meta:
        model = Evidence
        fields = [
            "id",
            "kind",
            "title",
            "party",
            "source_url",
            "captured_on",
            "sha256",
            "media_type",
            "size",
            "submitted_at",
            "identity_level",
            "title_level",
            "checked_at",
            "check_note",
            "expires_on",
            "citations",
        ]


class NewEvidence(serializers.Serializer[Any]):
    """`file` for a document, a mail or a captured page; `contact` for the other kinds."""

    kind = serializers.ChoiceField(choices=Evidence.Kind.choices, default=Evidence.Kind.FILE)
    file = serializers.FileField(required=False)
    title = serializers.CharField(max_length=200, required=False, default="")
    source_url = serializers.CharField(max_length=500, required=False, default="")
    captured_on = serializers.DateField(required=False, default=None)
    contact = serializers.UUIDField(required=False, help_text="The key, number or domain.")
    words = serializers.CharField(required=False, default="", help_text="What was signed or said.")
    signature = serializers.CharField(required=False, default="", max_length=128)
    called = serializers.CharField(required=False, default="", help_text="Who was called.")
    grant = serializers.UUIDField(required=False, help_text="The permission that the call is of.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = "file" if attrs["kind"] in UPLOADED else "contact"
        if needed not in attrs:
            raise serializers.ValidationError({needed: ["This kind of evidence needs it."]})
        return attrs


class CheckBody(serializers.Serializer[Any]):
    identity = LevelField()
    title = LevelField()
    note = serializers.CharField()
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    citations = serializers.CharField(help_text="What you looked at, from the evidence.")


class EvidenceList(generics.ListAPIView["Evidence"]):
    """One's own evidence; reviewers see all. Post a document as multipart `file`.

    Further kinds: `mail`, `link` (with `source_url` and `captured_on`), `statement` (`contact`,
    `words`, `signature`), `domain` (`contact`), and for reviewers `call`.
    """

    serializer_class = EvidenceBody
    parser_classes = [MultiPartParser, JSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_size(length_of(request))  # before signing in by cookie reads the whole body
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Evidence]:
        return selectors.visible_evidence(user_of(self.request))

    @extend_schema(request={"multipart/form-data": NewEvidence}, responses={201: EvidenceBody})
    def post(self, request: Request) -> Response:
        body = checked(NewEvidence(data=request.data))
        evidence = _submit(actor_of(request), body.validated_data)
        return Response(EvidenceBody(evidence).data, status=status.HTTP_201_CREATED)


def _submit(actor: Actor, data: dict[str, Any]) -> Evidence:
    kind = Evidence.Kind(data["kind"])
    if kind in UPLOADED:
        return submit_evidence(
            actor=actor,
            data=data["file"].read(MAX_BYTES + 1),
            title=data["title"] or data["file"].name or "",
            kind=kind,
            source_url=data["source_url"],
            captured_on=data["captured_on"],
        )
    contact = get_object_or_404(Contact, pk=data["contact"])
    if kind == Evidence.Kind.STATEMENT:
        signature = data["signature"]
        return submit_statement(
            actor=actor, contact=contact, words=data["words"], signature=signature
        )
    if kind == Evidence.Kind.CALL:
        grant = get_object_or_404(Grant, pk=data["grant"]) if "grant" in data else None
        return record_call(
            actor=actor, contact=contact, called=data["called"], note=data["words"], grant=grant
        )
    return prove_domain(actor=actor, contact=contact)


class EvidenceCheck(APIView):
    """A reviewer says what a document shows: who spoke (identity), why they may decide (title)."""

    @extend_schema(request=CheckBody, responses=EvidenceBody)
    def post(self, request: Request, evidence_id: UUID) -> Response:
        user = user_of(request)
        evidence = selectors.evidence_for(user, evidence_id)
        body = checked(CheckBody(data=request.data))
        done = check_evidence(
            actor=Actor.of(user),
            evidence=evidence,
            identity=body.validated_data["identity"],
            title=body.validated_data["title"],
            note=body.validated_data["note"],
            citations=body.validated_data["citations"],
            expires_on=body.validated_data["expires_on"],
        )
        return Response(EvidenceBody(done).data)
