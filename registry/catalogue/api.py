"""REST: browse and search models."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import InvalidError
from accounts.paging import BoundedPagination
from accounts.requests import maybe_actor_of, user_of
from provenance.attribution.api.lineage import AS_PROV, ProvView
from registry.catalogue import prov, selectors
from registry.catalogue.endings import endings
from registry.catalogue.serializers import ModelBody, ModelDetailBody
from registry.release.selectors import find_model

if TYPE_CHECKING:
    from rest_framework.request import Request

MOST_DAYS = 366


class ModelList(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        responses=ModelBody(many=True),
        operation_id="models_list",
        parameters=[
            OpenApiParameter("search", str, description="Words in names or cards."),
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """Released models, newest first; your own whatever their state."""
        found = selectors.catalogue(maybe_actor_of(request), request.query_params.get("search", ""))
        pages = BoundedPagination()
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response(ModelBody(rows, many=True).data)


class ModelDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=ModelDetailBody)
    def get(self, request: Request, owner: str, name: str) -> Response:
        """One model, with the revisions that you may see."""
        actor = maybe_actor_of(request)
        page = selectors.model_page(actor, find_model(actor, owner, name))
        body = ModelDetailBody(page.revision, context={"history": page.history})
        return Response(body.data)


class EndingBody(serializers.Serializer[Any]):
    """A permission that ends by its own date, and what of yours rests on it."""

    grant = serializers.UUIDField()
    party = serializers.CharField()
    on = serializers.DateField()
    models = serializers.ListField(child=serializers.CharField())
    requests = serializers.ListField(child=serializers.CharField())
    sets = serializers.ListField(child=serializers.CharField())


class Endings(APIView):
    @extend_schema(
        responses=EndingBody(many=True),
        operation_id="endings_list",
        parameters=[OpenApiParameter("days", int, description="How far to look ahead: 1 to 366.")],
    )
    def get(self, request: Request) -> Response:
        """Permissions that end soon, and the models, requests and sets that rest on them."""
        text = request.query_params.get("days", "90")
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004
        if not 1 <= days <= MOST_DAYS:
            raise InvalidError("bad_days", f"days is a whole number from 1 to {MOST_DAYS}.")
        found = endings(user_of(request), days=days)
        return Response(EndingBody([asdict(one) for one in found], many=True).data)


class ModelProv(ProvView):
    permission_classes = [AllowAny]

    @extend_schema(responses=AS_PROV)
    def get(self, request: Request, owner: str, name: str) -> Response:
        """Where the model comes from, as PROV-O: works, permissions, training, decisions."""
        actor = maybe_actor_of(request)
        return self.answer(prov.trace_model(actor, find_model(actor, owner, name)))
