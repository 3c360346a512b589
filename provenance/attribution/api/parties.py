"""REST: parties, and who says that they speak for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.parties import claim_membership, register_party
from provenance.models import (
    Party,
    PartyMember,
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
        fields = ["id", "kind", "name", "other_names", "level"]


class MemberBody(serializers.ModelSerializer[PartyMember]):
    level = LevelField()

    class Meta:
        model = PartyMember
        fields = ["party", "user", "level", "since"]


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
