"""REST: one revision with its audit, and the commands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, maybe_actor_of, valid
from registry.catalogue.serializers import AuditBody, ReasonBody, RevisionBody
from registry.downloads.selectors import notice_of
from registry.release import services
from registry.release.selectors import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from accounts.actors import Actor
    from registry.models import Revision


def _body(actor: Actor | None, revision: Revision) -> dict[str, Any]:
    body = dict(RevisionBody(revision, context={"actor": actor}).data)
    if revision.commit and notice_of(revision) is not None:
        body["card"] = ""
    return body


class RevisionAudits(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=AuditBody(many=True), operation_id="revisions_audits_list")
    def get(self, request: Request, revision_id: str) -> Response:
        """Every audit of the revision, newest first. None is ever changed or removed."""
        actor = maybe_actor_of(request)
        audits = find(actor, revision_id).audits.select_related("revision__model").order_by("-pk")
        return Response(AuditBody(audits, many=True, context={"actor": actor}).data)


class RevisionDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=RevisionBody)
    def get(self, request: Request, revision_id: str) -> Response:
        """One revision: files with sizes and sha256, and the report of its newest audit."""
        actor = maybe_actor_of(request)
        return Response(_body(actor, find(actor, revision_id)))


def _command(words: str, command: Callable[..., Any], *, reason: bool = True) -> type[APIView]:
    """A view that gives `command` in the name of whoever asks."""

    class Command(APIView):
        @extend_schema(
            request=ReasonBody if reason else None, responses=RevisionBody, description=words
        )
        def post(self, request: Request, revision_id: str) -> Response:
            actor = actor_of(request)
            revision = find(actor, revision_id)
            more = valid(ReasonBody, request) if reason else {}
            command(actor=actor, revision=revision, **more)
            return Response(_body(actor, find(actor, revision_id)))

    return Command


COMMANDS = {
    "release": _command("Make your audited revision downloadable.", services.release, reason=False),
    "audit": _command(
        "Have a draft audited again; the answer comes with its next report.",
        services.audit_again,
        reason=False,
    ),
    "accept-flag": _command(
        "As a reviewer, accept what the audit flagged; the reason is published.",
        services.accept_flag,
    ),
    "quarantine": _command(
        "As a reviewer or operator, stop serving it while it is looked into.",
        services.quarantine,
    ),
    "lift": _command(
        "As a reviewer or operator, serve it again, if all permissions are there.", services.lift
    ),
    "withdraw": _command("Stop serving it for good.", services.withdraw),
}
"""By the last part of their address."""
