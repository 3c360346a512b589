"""REST: where a work or a set comes from, as PROV-O (JSON-LD), for whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import OVERSEERS
from provenance.attribution import lineage
from provenance.attribution.prov import document
from provenance.attribution.selectors import visible_works
from provenance.consent.selectors import grants_of
from provenance.intake.selectors import visible_set
from provenance.models import Grant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User
    from provenance.attribution.lineage import Thing


class JsonLdRenderer(JSONRenderer):
    """JSON under the name that linked data goes by."""

    media_type = "application/ld+json"
    format = "jsonld"


class ProvView(APIView):
    """The base of PROV-O exports; asked for plain JSON, it answers with the same document."""

    renderer_classes = [JsonLdRenderer, JSONRenderer]

    def answer(self, things: Iterable[Thing]) -> Response:
        """The document about `things`; it is right for this person and moment: not to be cached."""
        return Response(document(things), headers={"Cache-Control": "private, no-store"})


AS_PROV: dict[Any, Any] = {(200, JsonLdRenderer.media_type): OpenApiTypes.OBJECT}


class WorkProv(ProvView):
    """One work."""

    @extend_schema(responses=AS_PROV)
    def get(self, request: Request, work_id: UUID) -> Response:
        """The work, its people, its declarations, and the permissions that you may see."""
        user = cast("User", request.user)
        work = get_object_or_404(visible_works(user), pk=work_id)
        return self.answer(lineage.trace_work(work, _visible_grants(user)))


class SetProv(ProvView):
    """One set of pictures."""

    @extend_schema(responses=AS_PROV)
    def get(self, request: Request, set_id: UUID) -> Response:
        """The set, its pictures and works with their people, its permissions and decisions."""
        return self.answer(lineage.trace_set(visible_set(cast("User", request.user), set_id)))


def _visible_grants(user: User) -> QuerySet[Grant]:
    return Grant.objects.all() if user.roles & OVERSEERS else grants_of(user)
