"""REST: what a work shows, and where it is still protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution.api.levels import LevelField
from provenance.attribution.layers import declare_layer, state_status, withdraw_layer
from provenance.attribution.selectors import visible_work
from provenance.models import Layer, TerritoryStatus

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class LayerBody(serializers.ModelSerializer[Layer]):
    shows_title = serializers.CharField(source="shows.title", default="")

    class Meta:
        model = Layer
        fields = ["id", "kind", "state", "shows", "shows_title"]


class NewLayer(serializers.Serializer[Any]):
    """A layer; a known one names a work by id, or is declared here by title and holder."""

    kind = serializers.ChoiceField(choices=Layer.Kind.choices)
    state = serializers.ChoiceField(choices=Layer.State.choices)
    shows = serializers.UUIDField(required=False, allow_null=True)
    title = serializers.CharField(max_length=300, required=False)
    holder = serializers.CharField(max_length=200, required=False, help_text="Id or name.")


class StatusBody(serializers.ModelSerializer[TerritoryStatus]):
    level = LevelField(read_only=True)

    class Meta:
        model = TerritoryStatus
        fields = ["territory", "status", "reason", "year", "level", "evidence"]
        read_only_fields = ["evidence"]


class NewStatus(serializers.Serializer[Any]):
    """Whether the work is protected in one territory, and why."""

    territory = serializers.CharField(max_length=5)
    status = serializers.ChoiceField(choices=TerritoryStatus.Status.choices)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    year = serializers.IntegerField(min_value=1, max_value=2200, required=False, allow_null=True)
    evidence = serializers.CharField(max_length=36, required=False, allow_blank=True)


class LayerList(APIView):
    """What the work shows: characters, artworks, buildings, logos. Declared, not detected."""

    @extend_schema(responses=LayerBody(many=True), operation_id="layers_list")
    def get(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        return Response(LayerBody(work.layers.select_related("shows"), many=True).data)

    @extend_schema(request=NewLayer, responses={201: LayerBody})
    def post(self, request: Request, work_id: UUID) -> Response:
        user = user_of(request)
        work = visible_work(user, work_id)
        body = checked(NewLayer(data=request.data))
        data = dict(body.validated_data)
        if data.get("shows") is not None:
            data["shows"] = visible_work(user, data["shows"])
        layer = declare_layer(actor=actor_of(request), work=work, **data)
        return Response(LayerBody(layer).data, status=status.HTTP_201_CREATED)


class LayerDetail(APIView):
    """One layer, taken off if it is wrong."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, work_id: UUID, number: int) -> Response:
        work = visible_work(user_of(request), work_id)
        layer = get_object_or_404(work.layers, pk=number)
        withdraw_layer(actor=actor_of(request), layer=layer)
        return Response(status=status.HTTP_204_NO_CONTENT)


class StatusList(APIView):
    """Territory by territory: in copyright, public domain, or unknown. One status a territory."""

    @extend_schema(responses=StatusBody(many=True), operation_id="statuses_list")
    def get(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        return Response(StatusBody(work.statuses.order_by("territory"), many=True).data)

    @extend_schema(request=NewStatus, responses={201: StatusBody})
    def post(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        body = checked(NewStatus(data=request.data))
        kept = state_status(actor=actor_of(request), work=work, **body.validated_data)
        return Response(StatusBody(kept).data, status=status.HTTP_201_CREATED)
