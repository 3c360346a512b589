"""REST: labels, successors, addresses, and what differs between two revisions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import actor_of, maybe_actor_of, valid
from registry.catalogue.serializers import RevisionBody
from registry.downloads.selectors import comparable
from registry.release import pointing
from registry.release.diffs import difference
from registry.release.owners import rename_owner
from registry.release.selectors import find, find_model

if TYPE_CHECKING:
    from rest_framework.request import Request

Serializer = serializers.Serializer[Any]


class LabelBody(Serializer):
    label = serializers.CharField(max_length=40)  # type: ignore[assignment]  # taken off the class


class DeprecateBody(Serializer):
    reason = serializers.CharField(max_length=2000)
    successor = serializers.UUIDField(required=False, allow_null=True, default=None)


class RenameBody(Serializer):
    name = serializers.CharField(max_length=96)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class OwnerBody(Serializer):
    username = serializers.CharField(max_length=96)


class DiffBody(Serializer):
    """Paths by what became of them, and the unified diff of the card's lines."""

    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    same = serializers.IntegerField()
    card = serializers.ListField(child=serializers.CharField())


class Labels(APIView):
    @extend_schema(request=LabelBody, responses=RevisionBody)
    def post(self, request: Request, revision_id: str) -> Response:
        """Give your released revision a label, for ever."""
        actor = actor_of(request)
        revision = find(actor, revision_id)
        pointing.set_label(actor=actor, revision=revision, **valid(LabelBody, request))
        return Response(
            RevisionBody(find(actor, revision_id), context={"actor": actor}).data, status=201
        )


class Deprecate(APIView):
    @extend_schema(request=DeprecateBody, responses=RevisionBody)
    def post(self, request: Request, revision_id: str) -> Response:
        """Advise against your revision, naming another of the same model to use instead."""
        actor, body = actor_of(request), valid(DeprecateBody, request)
        revision = find(actor, revision_id)
        successor = find(actor, body["successor"]) if body["successor"] else None
        pointing.deprecate(
            actor=actor, revision=revision, reason=body["reason"], successor=successor
        )
        return Response(RevisionBody(find(actor, revision_id), context={"actor": actor}).data)


class Rename(APIView):
    @extend_schema(request=RenameBody, responses=RenameBody)
    def post(self, request: Request, owner: str, name: str) -> Response:
        """Give the model another name; its owner's old address leads on, one left for cause not."""
        actor = actor_of(request)
        model = find_model(actor, owner, name)
        pointing.rename(actor=actor, model=model, **valid(RenameBody, request))
        return Response({"name": model.name, "id": str(model)})


class RenameOwner(APIView):
    @extend_schema(request=OwnerBody, responses=OwnerBody)
    def post(self, request: Request, owner: str) -> Response:
        """Give yourself (an operator: anybody) another user name; addresses of models lead on."""
        user = get_object_or_404(User, username=owner)
        given = valid(OwnerBody, request)
        renamed = rename_owner(actor=actor_of(request), owner=user, **given)
        return Response({"username": renamed.username})


class Diff(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=DiffBody)
    def get(self, request: Request, revision_id: str, other_id: str) -> Response:
        """What differs from the first revision to the other, of one model; both served."""
        old, new = comparable(maybe_actor_of(request), revision_id, other_id)
        return Response(asdict(difference(old, new)))
