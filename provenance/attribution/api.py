"""REST: works, parties, licences and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from provenance.attribution import selectors
from provenance.attribution.evidence import MAX_BYTES, check_evidence, submit_evidence
from provenance.attribution.parties import claim_membership, register_party
from provenance.models import (
    Evidence,
    TitleLink,
    Level,
    Licence,
    LicenceClaim,
    Party,
    PartyMember,
    Work,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User


def _user(request: Request) -> User:
    return cast("User", request.user)


class LevelField(serializers.ChoiceField):
    """How well a claim is known, by name: "self_declared", "document_checked", ..."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([level.name.lower() for level in Level], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return Level[str(super().to_internal_value(data)).upper()]

    def to_representation(self, value: Any) -> str:
        return Level(value).name.lower()


class PartyBody(serializers.ModelSerializer[Party]):
    level = LevelField(read_only=True)
    other_names = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="text")

    class Meta:
        model = Party
        fields = ["id", "kind", "name", "other_names", "level"]


class HoldingBody(serializers.ModelSerializer[TitleLink]):
    level = LevelField()
    party_name = serializers.CharField(source="party.name")

    class Meta:
        model = TitleLink
        fields = ["party", "party_name", "kind", "level"]


class ClaimBody(serializers.ModelSerializer[LicenceClaim]):
    class Meta:
        model = LicenceClaim
        fields = ["licence", "licensor", "credit_line", "source_url"]


class WorkBody(serializers.ModelSerializer[Work]):
    creators = PartyBody(many=True)
    holdings = serializers.SerializerMethodField()
    licence_claims = ClaimBody(many=True)

    class Meta:
        model = Work
        fields = ["id", "title", "reference", "source", "creators", "holdings", "licence_claims"]

    def get_holdings(self, work: Work) -> list[dict[str, Any]]:
        live = [holding for holding in work.title_links.all() if holding.ended_at is None]
        return list(HoldingBody(live, many=True).data)


class LicenceBody(serializers.ModelSerializer[Licence]):
    class Meta:
        model = Licence
        fields = [
            "code",
            "name",
            "url",
            "training",
            "commercial",
            "derivatives",
            "attribution",
            "share_alike",
            "note",
        ]


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


class MemberBody(serializers.ModelSerializer[PartyMember]):
    level = LevelField()

    class Meta:
        model = PartyMember
        fields = ["party", "user", "level", "since"]


class WorkList(generics.ListAPIView["Work"]):
    """Protected works, one's own, and those of parties that one speaks for."""

    serializer_class = WorkBody

    def get_queryset(self) -> QuerySet[Work]:
        works = selectors.visible_works(_user(self.request))
        search = self.request.query_params.get("search", "").strip()
        return works.filter(title__icontains=search) if search else works


class WorkDetail(generics.RetrieveAPIView["Work"]):
    """One work with its creators, holders and licences."""

    serializer_class = WorkBody
    lookup_url_kwarg = "work_id"

    def get_queryset(self) -> QuerySet[Work]:
        return selectors.visible_works(_user(self.request))


class PartyList(generics.ListAPIView["Party"]):
    """Parties on record."""

    serializer_class = PartyBody

    def get_queryset(self) -> QuerySet[Party]:
        return selectors.parties_named(self.request.query_params.get("search", "").strip())

    @extend_schema(parameters=[OpenApiParameter("search", OpenApiTypes.STR)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(request=PartyBody, responses={201: PartyBody})
    def post(self, request: Request) -> Response:
        """Put a party on record; answers the one that is there already."""
        body = PartyBody(data=request.data)
        body.is_valid(raise_exception=True)
        party = register_party(
            actor=Actor.of(_user(request)),
            name=body.validated_data["name"],
            kind=Party.Kind(body.validated_data["kind"]),
        )
        return Response(PartyBody(party).data, status=status.HTTP_201_CREATED)


class PartyDetail(generics.RetrieveAPIView["Party"]):
    """One party."""

    serializer_class = PartyBody
    queryset = Party.objects.prefetch_related("other_names")
    lookup_url_kwarg = "party_id"


class PartyClaim(APIView):
    """Say that you speak for a party: self-declared, until an operator has checked it."""

    @extend_schema(request=None, responses={201: MemberBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        party = get_object_or_404(Party, pk=party_id)
        member = claim_membership(actor=Actor.of(_user(request)), party=party)
        return Response(MemberBody(member).data, status=status.HTTP_201_CREATED)


class LicenceList(generics.ListAPIView["Licence"]):
    """The licences known here, and how this site reads each."""

    serializer_class = LicenceBody
    queryset = Licence.objects.all()


class EvidenceList(generics.ListAPIView["Evidence"]):
    """One's own evidence; reviewers see all. Post a document as multipart `file`."""

    serializer_class = EvidenceBody
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Evidence]:
        return selectors.visible_evidence(_user(self.request))

    @extend_schema(request={"multipart/form-data": NewEvidence}, responses={201: EvidenceBody})
    def post(self, request: Request) -> Response:
        body = NewEvidence(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        evidence = submit_evidence(
            actor=Actor.of(_user(request)),
            data=file.read(MAX_BYTES + 1),
            title=body.validated_data["title"] or file.name or "",
        )
        return Response(EvidenceBody(evidence).data, status=status.HTTP_201_CREATED)


class EvidenceCheck(APIView):
    """A reviewer says what a document shows: who spoke (identity), why they may decide (title)."""

    @extend_schema(request=CheckBody, responses=EvidenceBody)
    def post(self, request: Request, evidence_id: UUID) -> Response:
        user = _user(request)
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
