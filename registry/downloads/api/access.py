"""REST: access by approval, receipts, what holders are told, and the list of what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, user_of, valid
from registry.downloads import access
from registry.downloads.ledgers import receipts_of, revocations, uses_of
from registry.downloads.selectors import access_of
from registry.models import AccessRequest
from registry.release.selectors import find_model

if TYPE_CHECKING:
    from rest_framework.request import Request

Serializer = serializers.Serializer[Any]


class AccessBody(serializers.ModelSerializer[AccessRequest]):
    """One request. `user` is a name to the model's owner, who decides."""

    model = serializers.CharField(source="model.__str__", read_only=True)
    user = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = AccessRequest
        fields = ["id", "model", "user", "purpose", "state", "reason", "asked_at", "decided_at"]


class AskForModelBody(Serializer):
    purpose = serializers.CharField(max_length=2000)


class ApprovalBody(Serializer):
    by_approval = serializers.BooleanField()


class RejectBody(Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class ReceiptBody(Serializer):
    model = serializers.CharField()
    commit = serializers.CharField()
    state = serializers.CharField()
    licence = serializers.CharField()
    first_at = serializers.CharField()
    last_at = serializers.CharField()
    terms_sha256 = serializers.CharField(allow_null=True)


class UseBody(Serializer):
    grant = serializers.CharField()
    model = serializers.CharField()
    commit = serializers.CharField()
    state = serializers.CharField()
    acceptances = serializers.IntegerField()
    people_who_downloaded = serializers.IntegerField()
    accounts = serializers.ListField(child=serializers.CharField())


class RevocationsBody(Serializer):
    """`signed` is JSON text; the signature (Ed25519, base64) by the release key is over it."""

    signed = serializers.CharField()
    key = serializers.CharField()
    signature = serializers.CharField()


class Access(APIView):
    @extend_schema(responses=AccessBody)
    def get(self, request: Request, owner: str, name: str) -> Response:
        """Your newest request for the model, with the reason where it was rejected."""
        actor = actor_of(request)
        found = access_of(actor, find_model(actor, owner, name))
        if found is None:
            raise Http404
        return Response(AccessBody(found).data)

    @extend_schema(request=AskForModelBody, responses=AccessBody)
    def post(self, request: Request, owner: str, name: str) -> Response:
        """Ask its owner for the model."""
        actor = actor_of(request)
        model = find_model(actor, owner, name)
        made = access.ask(actor=actor, model=model, **valid(AskForModelBody, request))
        return Response(AccessBody(made).data, status=201)

    @extend_schema(request=ApprovalBody, responses=ApprovalBody)
    def patch(self, request: Request, owner: str, name: str) -> Response:
        """As the owner, say whether you decide about each person."""
        actor = actor_of(request)
        model = find_model(actor, owner, name)
        access.set_approval(actor=actor, model=model, **valid(ApprovalBody, request))
        return Response({"by_approval": model.by_approval})


class AccessList(APIView):
    @extend_schema(responses=AccessBody(many=True), operation_id="access_requests_list")
    def get(self, request: Request) -> Response:
        """Requests for models of yours, newest first."""
        found = AccessRequest.objects.filter(model__owner=user_of(request))
        rows = found.select_related("model__owner", "user")[:200]
        return Response(AccessBody(rows, many=True).data)


class AccessDecision(APIView):
    @extend_schema(request=RejectBody, responses=AccessBody)
    def post(self, request: Request, request_id: str, decision: str) -> Response:
        """`approve`, or `reject` with a reason, a request for a model of yours."""
        actor = actor_of(request)
        mine = AccessRequest.objects.filter(model__owner=user_of(request))
        found = mine.filter(pk=request_id).select_related("model__owner").first()
        if found is None or decision not in ("approve", "reject"):
            raise Http404
        if decision == "approve":
            return Response(AccessBody(access.approve(actor=actor, request=found)).data)
        done = access.reject(actor=actor, request=found, **valid(RejectBody, request))
        return Response(AccessBody(done).data)


class Receipts(APIView):
    @extend_schema(responses=ReceiptBody(many=True), operation_id="receipts_list")
    def get(self, request: Request) -> Response:
        """What you downloaded while signed in, and the terms that you accepted."""
        return Response(receipts_of(user_of(request)))


class Uses(APIView):
    @extend_schema(responses=UseBody(many=True), operation_id="uses_list")
    def get(self, request: Request) -> Response:
        """For permissions of yours: which releases rest on them, and how many people took those."""
        return Response(uses_of(user_of(request)))


class Revocations(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=RevocationsBody)
    def get(self, request: Request) -> Response:
        """The signed list of releases that are not served any more; `verify_release.py` asks it."""
        return Response(revocations())
