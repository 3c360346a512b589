"""REST: works and licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution import selectors
from provenance.attribution.api.disputes import DisputeBody
from provenance.attribution.api.layers import LayerBody, StatusBody
from provenance.attribution.api.levels import LevelField
from provenance.attribution.api.parties import PartyBody
from provenance.attribution.works import add_identifier, describe_work, remove_identifier
from provenance.models import (
    Identifier,
    Licence,
    LicenceClaim,
    SetImage,
    TitleLink,
    Work,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


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


class IdentifierBody(serializers.ModelSerializer[Identifier]):
    class Meta:
        model = Identifier
        fields = ["id", "scheme", "value"]


class WorkBody(serializers.ModelSerializer[Work]):
    """A work; `holdings` are those from the beginning, what followed is at `chain/`."""

    creators = PartyBody(many=True)
    holdings = serializers.SerializerMethodField()
    licence_claims = ClaimBody(many=True)

    class Meta:
        model = Work
        fields = [
            "id",
            "title",
            "reference",
            "source",
            "year",
            "country",
            "part_of",
            "creators",
            "holdings",
            "licence_claims",
        ]

    @extend_schema_field(HoldingBody(many=True))
    def get_holdings(self, work: Work) -> list[dict[str, Any]]:
        live = [h for h in work.title_links.all() if h.ended_at is None and h.grantor_id is None]
        return list(HoldingBody(live, many=True).data)


class RenditionBody(serializers.ModelSerializer[SetImage]):
    sha256 = serializers.CharField(source="image.sha256")

    class Meta:
        model = SetImage
        fields = ["id", "image_set", "filename", "sha256"]


class WorkDetailBody(WorkBody):
    identifiers = IdentifierBody(many=True)
    layers = LayerBody(many=True)
    statuses = StatusBody(many=True)
    disputes = DisputeBody(many=True)
    renditions = serializers.SerializerMethodField(help_text="Those that you may see.")

    class Meta(WorkBody.Meta):
        fields = [
            *WorkBody.Meta.fields,
            "identifiers",
            "layers",
            "statuses",
            "disputes",
            "renditions",
        ]

    @extend_schema_field(RenditionBody(many=True))
    def get_renditions(self, work: Work) -> list[dict[str, Any]]:
        shown = selectors.renditions_of(self.context["user"], work)
        return list(RenditionBody(shown, many=True).data)


class WorkChanges(serializers.Serializer[Any]):
    """What is to change; absent fields stay as they are."""

    title = serializers.CharField(max_length=300, required=False)
    year = serializers.IntegerField(required=False, allow_null=True)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    part_of = serializers.UUIDField(required=False, allow_null=True)


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
            "kind",
            "version",
            "reading",
        ]


class WorkList(generics.ListAPIView["Work"]):
    """Protected works, one's own, and those of parties that one speaks for."""

    serializer_class = WorkBody

    def get_queryset(self) -> QuerySet[Work]:
        works = selectors.visible_works(user_of(self.request))
        search = self.request.query_params.get("search", "").strip()
        return works.filter(title__icontains=search) if search else works


class WorkDetail(APIView):
    """One work with its creators, holders, layers, licences and all that is on record."""

    @extend_schema(responses=WorkDetailBody)
    def get(self, request: Request, work_id: UUID) -> Response:
        user = user_of(request)
        work = selectors.visible_work(user, work_id)
        return Response(WorkDetailBody(work, context={"user": user}).data)

    @extend_schema(request=WorkChanges, responses=WorkDetailBody)
    def patch(self, request: Request, work_id: UUID) -> Response:
        user = user_of(request)
        work = selectors.visible_work(user, work_id)
        body = checked(WorkChanges(data=request.data))
        changes = dict(body.validated_data)
        if changes.get("part_of") is not None:
            changes["part_of"] = selectors.visible_work(user, changes["part_of"])
        describe_work(actor=actor_of(request), work=work, changes=changes)
        return self.get(request, work_id)


class IdentifierList(APIView):
    """What others call a work."""

    @extend_schema(request=IdentifierBody, responses={201: IdentifierBody})
    def post(self, request: Request, work_id: UUID) -> Response:
        work = selectors.visible_work(user_of(request), work_id)
        body = checked(IdentifierBody(data=request.data))
        made = add_identifier(actor=actor_of(request), work=work, **body.validated_data)
        return Response(IdentifierBody(made).data, status=status.HTTP_201_CREATED)


class IdentifierDetail(APIView):
    """One identifier, taken off if it is wrong."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, work_id: UUID, number: int) -> Response:
        work = selectors.visible_work(user_of(request), work_id)
        found = get_object_or_404(work.identifiers, pk=number)
        remove_identifier(actor=actor_of(request), identifier=found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LicenceList(generics.ListAPIView["Licence"]):
    """The licences known here, and how this site reads each."""

    serializer_class = LicenceBody
    queryset = Licence.objects.all()
