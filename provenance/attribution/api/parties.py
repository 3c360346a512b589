"""REST: parties, and who says that they speak for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import actor_of, checked
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.parties import (
    add_name,
    claim_membership,
    end_name,
    name_signatory,
    register_party,
)
from provenance.models import (
    Party,
    PartyMember,
    PartyName,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class PartyBody(serializers.ModelSerializer[Party]):
    level = LevelField(read_only=True)
    other_names = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="text")

    class Meta:
        model = Party
        fields = ["id", "kind", "name", "other_names", "level", "merged_into"]
        read_only_fields = ["merged_into"]


class MemberBody(serializers.ModelSerializer[PartyMember]):
    level = LevelField()

    class Meta:
        model = PartyMember
        fields = ["party", "user", "level", "may_sign", "since"]


class NameBody(serializers.ModelSerializer[PartyName]):
    class Meta:
        model = PartyName
        fields = ["id", "text", "kind"]
        read_only_fields = ["id"]


class NameEnding(serializers.Serializer[Any]):
    reason = serializers.CharField()


class SignatoryBody(serializers.Serializer[Any]):
    user = serializers.CharField(help_text="The member's user name.")
    may_sign = serializers.BooleanField()


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
        body = checked(PartyBody(data=request.data))
        party = register_party(
            actor=actor_of(request),
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
        member = claim_membership(actor=actor_of(request), party=party)
        return Response(MemberBody(member).data, status=status.HTTP_201_CREATED)


class NameList(APIView):
    """A party's other names: pen names, brands, former names, spellings and scripts."""

    @extend_schema(responses=NameBody(many=True), operation_id="parties_names_list")
    def get(self, request: Request, party_id: UUID) -> Response:
        party = get_object_or_404(Party, pk=party_id)
        return Response(NameBody(party.other_names.order_by("pk"), many=True).data)

    @extend_schema(request=NameBody, responses={201: NameBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        """Add one, as somebody known to speak for the party."""
        party = get_object_or_404(Party, pk=party_id)
        body = checked(NameBody(data=request.data))
        name = add_name(
            actor=actor_of(request),
            party=party,
            text=body.validated_data["text"],
            kind=PartyName.Kind(body.validated_data.get("kind", PartyName.Kind.ALIAS)),
        )
        return Response(NameBody(name).data, status=status.HTTP_201_CREATED)


class NameEnd(APIView):
    """The party is no longer to be known by this name; say why."""

    @extend_schema(request=NameEnding, responses={204: None})
    def post(self, request: Request, party_id: UUID, name_id: int) -> Response:
        name = get_object_or_404(PartyName, pk=name_id, party=party_id)
        body = checked(NameEnding(data=request.data))
        end_name(actor=actor_of(request), name=name, reason=body.validated_data["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class Signatories(APIView):
    """Say whether a member may sign for the party, as somebody who may."""

    @extend_schema(request=SignatoryBody, responses=MemberBody)
    def post(self, request: Request, party_id: UUID) -> Response:
        party = get_object_or_404(Party, pk=party_id)
        body = checked(SignatoryBody(data=request.data))
        named = name_signatory(
            actor=actor_of(request),
            party=party,
            user=get_object_or_404(User, username=body.validated_data["user"]),
            may_sign=body.validated_data["may_sign"],
        )
        return Response(MemberBody(named).data)
