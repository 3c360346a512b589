"""REST: models that were trained elsewhere, what is stated about them, and who accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, maybe_actor_of
from registry.catalogue.serializers import ReasonBody
from registry.imports import services
from registry.imports.selectors import commands_for, find, visible
from registry.models import ImportedModel
from training.models import Base

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


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


class ProvenanceBody(serializers.Serializer[Any]):
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


class _Command(APIView):
    body: type[serializers.Serializer[Any]] = ReasonBody

    def give(self, request: Request, import_id: str, command: Any) -> Response:
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(request)
        done = command(actor=actor, imported=find(actor, import_id), **body.validated_data)
        return Response(ImportBody(done, context={"request": request}).data)


class ImportProvenance(_Command):
    body = ProvenanceBody

    @extend_schema(request=ProvenanceBody, responses=ImportBody)
    def post(self, request: Request, import_id: str) -> Response:
        """State who trained it, on what, and by whose leave."""
        return self.give(request, import_id, services.record_provenance)


class ImportAccept(_Command):
    @extend_schema(request=ReasonBody, responses=ImportBody)
    def post(self, request: Request, import_id: str) -> Response:
        """As a reviewer, find the record sufficient: it is shown, as unverified."""
        return self.give(request, import_id, services.accept)


class ImportQuarantine(_Command):
    @extend_schema(request=ReasonBody, responses=ImportBody)
    def post(self, request: Request, import_id: str) -> Response:
        """As a reviewer or operator, hide it again."""
        return self.give(request, import_id, services.quarantine)
