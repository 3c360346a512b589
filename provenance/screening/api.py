"""REST: protect pictures of works, and list what one has protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.errors import InvalidError
from provenance.attribution.api.levels import LevelField
from provenance.attribution.selectors import evidence_for
from provenance.intake.services import clean_filename, take_in
from provenance.models import Protection
from provenance.screening import selectors
from provenance.screening.protecting import Portrayed, protect

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User


class ProtectionBody(serializers.ModelSerializer[Protection]):
    title = serializers.CharField(source="work.title")
    holder_name = serializers.CharField(source="holder.name")
    sha256 = serializers.CharField(source="image.sha256")
    level = LevelField()

    class Meta:
        model = Protection
        fields = [
            "id",
            "work",
            "title",
            "holder",
            "holder_name",
            "reference",
            "sha256",
            "level",
            "registered_at",
            "ended_at",
        ]


class NewProtection(serializers.Serializer[Any]):
    file = serializers.FileField()
    holder = serializers.UUIDField(help_text="A party that you speak for.")
    title = serializers.CharField(max_length=300, required=False, default="")
    reference = serializers.CharField(
        max_length=200, required=False, default="", help_text="Your own name for the work."
    )
    evidence = serializers.UUIDField(required=False, default=None)


class ProtectionList(generics.ListAPIView["Protection"]):
    """What your parties protected; until its evidence is checked, it flags and never blocks."""

    serializer_class = ProtectionBody
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Protection]:
        return selectors.visible_protections(cast("User", self.request.user))

    @extend_schema(request={"multipart/form-data": NewProtection}, responses={201: ProtectionBody})
    def post(self, request: Request) -> Response:
        user = cast("User", request.user)
        body = NewProtection(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        stem = clean_filename(wanted["file"].name).rpartition(".")[0]
        evidence = evidence_for(user, wanted["evidence"]) if wanted["evidence"] else None
        if evidence is not None and evidence.checked_at is not None:
            raise InvalidError(
                "evidence_checked_before",
                "This evidence has been checked, for the works that cited it then.",
                "Upload it once more for this work.",
            )
        batch = protect(
            actor=Actor.of(user),
            holder=selectors.own_party(user, wanted["holder"]),
            pictures=[
                Portrayed(
                    image=take_in(wanted["file"].read()),
                    title=wanted["title"] or wanted["reference"] or stem,
                    reference=wanted["reference"] or stem,
                )
            ],
            evidence=evidence,
        )
        made = (*batch.added, *batch.raised, *batch.unchanged)[0]
        return Response(ProtectionBody(made).data, status=status.HTTP_201_CREATED)
