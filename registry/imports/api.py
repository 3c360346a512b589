"""REST: models that were trained elsewhere, what is stated about them, and who accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, maybe_actor_of, valid
from registry.catalogue.serializers import ReasonBody
from registry.imports import services
from registry.imports.selectors import commands_for, find, visible
from registry.models import ImportedModel
from training.models import Base

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.request import Request


Body = serializers.Serializer[Any]


class ImportBody(serializers.ModelSerializer[ImportedModel]):
    """An imported model. `audited` is always false: only a run of this registry is audited."""

    model = serializers.CharField(source="__str__", read_only=True)
    audited = serializers.SerializerMethodField()
    commands = serializers.SerializerMethodField()

    class Meta:
        model = ImportedModel
        fields = ["id", "model", "state", "audited", "origin", "sha256", "files", "provenance",
                  "licence", "cleared", "imported_at", "commands"]  # fmt: skip

    def get_audited(self, _imported: ImportedModel) -> bool:
        return False

    def get_commands(self, imported: ImportedModel) -> list[str]:
        return commands_for(maybe_actor_of(self.context["request"]), imported)


class ProvenanceBody(Body):
    provenance = serializers.CharField(max_length=5000)
    licence = serializers.CharField(max_length=60)
    cleared = serializers.ChoiceField(choices=Base.Cleared.values)


class Imports(ListAPIView[ImportedModel]):
    """Imported models: all whose provenance was accepted, and your own."""

    permission_classes = [AllowAny]
    serializer_class = ImportBody

    def get_queryset(self) -> QuerySet[ImportedModel]:
        return visible(maybe_actor_of(self.request))


class ImportDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=ImportBody)
    def get(self, request: Request, import_id: str) -> Response:
        """One imported model, with each file's sha256."""
        found = find(maybe_actor_of(request), import_id)
        return Response(ImportBody(found, context={"request": request}).data)


def _command(
    words: str, command: Callable[..., Any], body: type[Body] = ReasonBody
) -> type[APIView]:
    """A view that gives `command` in the name of whoever asks."""

    class Command(APIView):
        @extend_schema(request=body, responses=ImportBody, description=words)
        def post(self, request: Request, import_id: str) -> Response:
            actor = actor_of(request)
            found = find(actor, import_id)
            done = command(actor=actor, imported=found, **valid(body, request))
            return Response(ImportBody(done, context={"request": request}).data)

    return Command


COMMANDS = {
    "provenance": _command(
        "State who trained it, on what, and by whose leave.",
        services.record_provenance,
        ProvenanceBody,
    ),
    "accept": _command(
        "As a reviewer, find the record sufficient: it is shown, as unverified.", services.accept
    ),
    "quarantine": _command("As a reviewer or operator, hide it again.", services.quarantine),
}
"""By the last part of their address."""
