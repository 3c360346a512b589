"""REST: the chain of title of a work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution.api.levels import LevelField
from provenance.attribution.chain import Stated, add_link, as_rule, end_link, link_in, links_of
from provenance.attribution.documenting import document_links
from provenance.attribution.links import sentence
from provenance.attribution.places import WORLD
from provenance.attribution.selectors import visible_work
from provenance.models import TitleLink

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

WORDS = serializers.ListField


class LinkBody(serializers.ModelSerializer[TitleLink]):
    """One link with its plain sentence."""

    level = LevelField()
    party_name = serializers.CharField(source="party.name")
    grantor_name = serializers.CharField(source="grantor.name", default="")
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = TitleLink
        fields = [
            "id",
            "sentence",
            "kind",
            "grantor",
            "grantor_name",
            "party",
            "party_name",
            "conveys",
            "reserves",
            "territories",
            "share",
            "starts",
            "ends",
            "undoes",
            "level",
            "evidence",
            "declared_at",
            "ended_at",
        ]

    def get_sentence(self, link: TitleLink) -> str:
        return sentence(as_rule(link))


class NewLink(serializers.Serializer[Any]):
    """A link as somebody states it. Actions in neither list: the contract is silent on them."""

    kind = serializers.ChoiceField(choices=TitleLink.Kind.choices)
    party = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Id or name."
    )
    grantor = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Id or name."
    )
    conveys = WORDS(
        child=serializers.CharField(max_length=40), required=False, help_text='Actions, or ["*"].'
    )
    reserves = WORDS(child=serializers.CharField(max_length=40), required=False)
    territories = WORDS(child=serializers.CharField(max_length=5), required=False, default=[WORLD])
    share = serializers.DecimalField(6, 3, required=False, allow_null=True)
    starts = serializers.DateField(required=False, allow_null=True)
    ends = serializers.DateField(required=False, allow_null=True)
    undoes = serializers.UUIDField(required=False, help_text="The link that it undoes.")
    evidence = serializers.CharField(max_length=36, required=False, allow_blank=True)

    def stated(self) -> Stated:
        """As `chain.add_link` takes it."""
        data: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in self.validated_data.items()
        }
        if "undoes" in data:
            data["undoes"] = str(data["undoes"])
        return Stated(**data)


class ChainList(APIView):
    """The links of a work's chain of title in order, each with a plain sentence."""

    @extend_schema(
        responses=LinkBody(many=True),
        operation_id="chain_list",
        parameters=[OpenApiParameter("ended", OpenApiTypes.BOOL, description="The history too.")],
    )
    def get(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        links = links_of(work)
        if request.query_params.get("ended") in ("1", "true"):
            links += links_of(work, ended=True)
        return Response(LinkBody(links, many=True).data)

    @extend_schema(request=NewLink, responses={201: LinkBody})
    def post(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        body = checked(NewLink(data=request.data))
        link = add_link(actor=actor_of(request), work=work, stated=body.stated())
        return Response(LinkBody(link).data, status=status.HTTP_201_CREATED)


class DocumentBody(serializers.Serializer[Any]):
    evidence = serializers.CharField(max_length=36, help_text="Your own, not checked before.")


class ChainLink(APIView):
    """One link: shown by a document; a wrong one is ended with a reason, and kept as history."""

    @extend_schema(request=DocumentBody, responses=LinkBody)
    def patch(self, request: Request, work_id: UUID, link_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        body = checked(DocumentBody(data=request.data))
        link = link_in(work, str(link_id))
        document_links(actor=actor_of(request), links=[link], **body.validated_data)
        return Response(LinkBody(link_in(work, str(link_id))).data)

    @extend_schema(
        responses={204: None},
        parameters=[OpenApiParameter("reason", OpenApiTypes.STR, required=True)],
    )
    def delete(self, request: Request, work_id: UUID, link_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        sent = request.data if isinstance(request.data, dict) else {}
        reason = request.query_params.get("reason") or str(sent.get("reason", ""))
        end_link(actor=actor_of(request), link=link_in(work, str(link_id)), reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)
