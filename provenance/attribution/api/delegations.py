"""REST: who decides for a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked
from provenance.attribution import selectors
from provenance.attribution.api.levels import LevelField
from provenance.attribution.delegation import Scope, declare_delegation, end_delegation
from provenance.models import Action, Delegation, Party

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class DelegationBody(serializers.ModelSerializer[Delegation]):
    level = LevelField()

    class Meta:
        model = Delegation
        fields = [
            "id", "principal", "agent", "role", "actions", "territories", "starts", "ends",
            "level", "evidence", "declared_at", "ended_at",
        ]  # fmt: skip


class NewDelegation(serializers.Serializer[Any]):
    agent = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Delegation.Role.choices)
    actions = serializers.ListField(child=serializers.ChoiceField(choices=Action.choices))
    territories = serializers.ListField(
        child=serializers.CharField(max_length=5), default=lambda: ["world"]
    )
    starts = serializers.DateField(required=False, allow_null=True, default=None)
    ends = serializers.DateField(required=False, allow_null=True, default=None)
    evidence = serializers.CharField(required=False, allow_blank=True, default="")


class DelegationList(APIView):
    @extend_schema(responses=DelegationBody(many=True), operation_id="parties_delegations_list")
    def get(self, request: Request, party_id: UUID) -> Response:
        """Who decides for this party, and for whom it decides."""
        party = get_object_or_404(Party, pk=party_id)
        return Response(DelegationBody(selectors.delegations_of(party), many=True).data)

    @extend_schema(request=NewDelegation, responses={201: DelegationBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        """Declare that `agent` decides for this party, as one of the two."""
        body = checked(NewDelegation(data=request.data))
        data = body.validated_data
        made = declare_delegation(
            actor=actor_of(request),
            principal=get_object_or_404(Party, pk=party_id),
            agent=get_object_or_404(Party, pk=data["agent"]),
            role=Delegation.Role(data["role"]),
            scope=Scope(
                tuple(data["actions"]), tuple(data["territories"]), data["starts"], data["ends"]
            ),
            evidence=data["evidence"],
        )
        return Response(DelegationBody(made).data, status=status.HTTP_201_CREATED)


class DelegationEnd(APIView):
    """Either side ends it, at once."""

    @extend_schema(request=None, responses=DelegationBody)
    def post(self, request: Request, delegation_id: UUID) -> Response:
        found = get_object_or_404(Delegation, pk=delegation_id)
        ended = end_delegation(actor=actor_of(request), delegation=found)
        return Response(DelegationBody(ended).data)
