"""REST: decisions about people of the same name, and when somebody died."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import actor_of, checked
from provenance.models import Namesake, Party
from provenance.naming.services import clear_namesake, record_death

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class NamesakeBody(serializers.ModelSerializer[Namesake]):
    class Meta:
        model = Namesake
        fields = ["id", "user", "form", "reason", "decided_at"]


class NewNamesake(serializers.Serializer[Any]):
    user = serializers.UUIDField(help_text="Whose own proven name it is too.")
    form = serializers.CharField(max_length=200, help_text="Exactly as it may be written.")
    reason = serializers.CharField()


class NamesakeList(APIView):
    """A reviewer lets a user of the same name use it, beside this party."""

    @extend_schema(request=NewNamesake, responses={201: NamesakeBody})
    def post(self, request: Request, party_id: UUID) -> Response:
        body = checked(NewNamesake(data=request.data))
        said = body.validated_data
        made = clear_namesake(
            actor=actor_of(request),
            user=get_object_or_404(User, pk=said["user"]),
            party=get_object_or_404(Party, pk=party_id),
            form=said["form"],
            reason=said["reason"],
        )
        return Response(NamesakeBody(made).data, status=status.HTTP_201_CREATED)


class DeathBody(serializers.Serializer[Any]):
    year = serializers.IntegerField(allow_null=True, help_text="null: it is not known.")
    reason = serializers.CharField(max_length=2000, help_text="Where that is known from.")


class PartyDeath(APIView):
    """A reviewer puts on record when a person died."""

    @extend_schema(request=DeathBody, responses=DeathBody)
    def post(self, request: Request, party_id: UUID) -> Response:
        body = DeathBody(data=request.data)
        body.is_valid(raise_exception=True)
        party = get_object_or_404(Party, pk=party_id)
        record_death(actor=actor_of(request), party=party, **body.validated_data)
        return Response(body.validated_data)
