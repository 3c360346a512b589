"""REST: protect pictures of works, with the picture or by its fingerprints alone."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.errors import InvalidError
from provenance.attribution.api.levels import LevelField
from provenance.attribution.selectors import evidence_for
from provenance.intake.services import clean_filename, take_in
from provenance.models import Protection
from provenance.screening import selectors
from provenance.screening.looks import look_of_mark
from provenance.screening.protecting import Portrayed, protect

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User


class ProtectionBody(serializers.ModelSerializer[Protection]):
    title = serializers.CharField(source="work.title")
    holder_name = serializers.CharField(source="holder.name")
    sha256 = serializers.CharField(
        source="image.sha256", default="", help_text="Empty: the picture stayed with its holder."
    )
    pdq = serializers.CharField(source="entry.pdq")
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
            "pdq",
            "level",
            "registered_at",
            "ended_at",
        ]


class NewProtection(serializers.Serializer[Any]):
    file = serializers.FileField(
        required=False, default=None, help_text="The picture; or send its fingerprints alone."
    )
    pdq = serializers.CharField(max_length=64, required=False, default="")
    quality = serializers.IntegerField(required=False, default=0, help_text="PDQ's, 0 to 100.")
    features = serializers.CharField(
        required=False, default="", help_text="Base64, as tools/fingerprint.py prints them."
    )
    holder = serializers.UUIDField(help_text="A party that you speak for.")
    title = serializers.CharField(max_length=300, required=False, default="")
    reference = serializers.CharField(
        max_length=200, required=False, default="", help_text="Your own name for the work."
    )
    evidence = serializers.UUIDField(required=False, default=None)


class ProtectionList(generics.ListAPIView["Protection"]):
    """What your parties protected; until its evidence is checked, it flags and never blocks."""

    serializer_class = ProtectionBody
    parser_classes = [MultiPartParser, JSONParser]

    def get_queryset(self) -> QuerySet[Protection]:
        return selectors.visible_protections(cast("User", self.request.user))

    @extend_schema(
        request={"multipart/form-data": NewProtection, "application/json": NewProtection},
        responses={201: ProtectionBody},
    )
    def post(self, request: Request) -> Response:
        user = cast("User", request.user)
        body = NewProtection(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        evidence = evidence_for(user, wanted["evidence"]) if wanted["evidence"] else None
        if evidence is not None and evidence.checked_at is not None:
            raise InvalidError(
                "evidence_checked_before",
                "This evidence has been checked, for the works that cited it then.",
                "Upload it once more for this work.",
            )
        holder = selectors.own_party(user, wanted["holder"])
        batch = protect(
            actor=Actor.of(user), holder=holder, pictures=[_portrayed(wanted)], evidence=evidence
        )
        made = (*batch.added, *batch.raised, *batch.unchanged)[0]
        return Response(ProtectionBody(made).data, status=status.HTTP_201_CREATED)


def _portrayed(wanted: dict[str, Any]) -> Portrayed:
    """The picture that was sent, or what it looks like."""
    file, reference = wanted["file"], wanted["reference"]
    if file is not None:
        reference = reference or clean_filename(file.name).rpartition(".")[0]
        return Portrayed(take_in(file.read()), wanted["title"] or reference, reference)
    try:
        features = base64.b64decode(wanted["features"], validate=True)
    except binascii.Error as error:
        raise InvalidError("bad_fingerprint", "The features are not base64.") from error
    look = look_of_mark(wanted["pdq"], wanted["quality"], features)
    return Portrayed(None, wanted["title"] or reference, reference, look)
