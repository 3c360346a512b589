"""REST: the terms of a gated revision, to read and to accept; links to its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, maybe_actor_of, valid
from registry.catalogue.serializers import AcceptBody, ModelTermsBody
from registry.downloads.links import make_link
from registry.downloads.selectors import has_accepted, terms_sha256
from registry.downloads.services import accept_terms
from registry.release.selectors import find

if TYPE_CHECKING:
    from rest_framework.request import Request

    from accounts.actors import Actor
    from registry.models import Revision


class NewFileLinkBody(serializers.Serializer[Any]):
    path = serializers.CharField(max_length=300)


class FileLinkBody(serializers.Serializer[Any]):
    url = serializers.URLField()
    ends_at = serializers.DateTimeField()


class Links(APIView):
    @extend_schema(request=NewFileLinkBody, responses={201: FileLinkBody})
    def post(self, request: Request, revision_id: str) -> Response:
        """A link to one file, for ten minutes, for programs that cannot sign in as you."""
        actor = actor_of(request)
        revision = find(actor, revision_id)
        file = get_object_or_404(revision.files, **valid(NewFileLinkBody, request))
        path, ends_at = make_link(actor=actor, revision=revision, file=file)
        return Response({"url": settings.SITE_URL + path, "ends_at": ends_at}, status=201)


def _terms(actor: Actor | None, revision: Revision) -> Response:
    digest = terms_sha256(revision)
    accepted = has_accepted(actor, revision)
    return Response({"terms": revision.terms, "sha256": digest, "accepted": accepted})


class Terms(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(responses=ModelTermsBody)
    def get(self, request: Request, revision_id: str) -> Response:
        """What a downloader accepts; empty for a model that is open to everybody."""
        actor = maybe_actor_of(request)
        return _terms(actor, find(actor, revision_id))

    @extend_schema(request=AcceptBody, responses=ModelTermsBody)
    def post(self, request: Request, revision_id: str) -> Response:
        """Accept exactly the terms with this sha256."""
        actor = actor_of(request)
        revision = find(actor, revision_id)
        accept_terms(actor=actor, revision=revision, **valid(AcceptBody, request))
        return _terms(actor, revision)
