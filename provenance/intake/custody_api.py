"""REST: how a copy came here, and copies of whole sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.intake import selectors
from provenance.intake.bodies import CustodyBody, SetBody
from provenance.intake.copying import copy_set, hand_over
from provenance.intake.custody import history

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class CopyBody(serializers.Serializer[Any]):
    """What the copy is called; empty: "Copy of …"."""

    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class CustodyList(APIView):
    """The hands that a copy went through, in order; its set's owner adds a hand-over."""

    @extend_schema(responses=CustodyBody(many=True), operation_id="custody_list")
    def get(self, request: Request, set_id: UUID, item_id: UUID) -> Response:  # noqa: ARG002 - in the address
        item = selectors.visible_item(user_of(request), item_id)
        return Response(CustodyBody(history(item), many=True).data)

    @extend_schema(request=CustodyBody, responses={201: CustodyBody})
    def post(self, request: Request, set_id: UUID, item_id: UUID) -> Response:  # noqa: ARG002 - in the address
        item = selectors.own_item(user_of(request), item_id)
        body = checked(CustodyBody(data=request.data))
        entry = hand_over(actor=actor_of(request), item=item, **body.validated_data)
        return Response(CustodyBody(entry).data, status=status.HTTP_201_CREATED)


class SetCopy(APIView):
    """A new set of one's own with the same pictures: custody comes along, no permission does."""

    @extend_schema(request=CopyBody, responses={201: SetBody})
    def post(self, request: Request, set_id: UUID) -> Response:
        user = user_of(request)
        source = selectors.visible_set(user, set_id)
        body = checked(CopyBody(data=request.data))
        made = copy_set(
            actor=actor_of(request),
            copier=user,
            image_set=source,
            name=body.validated_data["name"],
        )
        pictures = {"pictures": made.items.count()}
        return Response(SetBody(made).data | pictures, status=status.HTTP_201_CREATED)
