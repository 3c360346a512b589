"""REST: claims that a work is somebody else's, and how a reviewer resolves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution.chain import link_in
from provenance.attribution.disputes import claim_works, open_dispute, resolve_dispute
from provenance.attribution.selectors import (
    evidence_for,
    open_claims,
    visible_work,
    works_like,
    works_referred_to,
)
from provenance.models import Dispute, Party, Protection

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class DisputeBody(serializers.ModelSerializer[Dispute]):
    class Meta:
        model = Dispute
        fields = [
            "id",
            "claimant",
            "claimants",
            "evidenced",
            "statement",
            "opened_at",
            "resolved_at",
            "resolution",
        ]


class NewDispute(serializers.Serializer[Any]):
    """A claim in the name of a party that you speak for."""

    party = serializers.UUIDField()
    statement = serializers.CharField(max_length=5000)
    evidence = serializers.CharField(max_length=36, required=False, default="", allow_blank=True)


class NewClaim(NewDispute):
    """By `reference` (a work's id, or its holder's own name for it with `holder`), or by a match.

    A match: the id of your own `protection`, for every work that others say such pictures show.
    """

    reference = serializers.CharField(max_length=200, required=False, default="")
    holder = serializers.CharField(max_length=200, required=False, default="")
    protection = serializers.UUIDField(required=False, default=None)


class ClaimBody(serializers.ModelSerializer[Dispute]):
    """A claim as its claimant sees it: nothing of the work, nor of who else claims it."""

    class Meta:
        model = Dispute
        fields = [
            "id", "claimant", "statement", "evidenced", "opened_at", "resolved_at", "resolution",
        ]  # fmt: skip


class Received(serializers.Serializer[Any]):
    """That a claim arrived; not whether there is such a work, which may be somebody's secret."""

    detail = serializers.CharField()


class Resolution(serializers.Serializer[Any]):
    """A reviewer's sentence and what it rests on; perhaps the link that is ended by it."""

    sentence = serializers.CharField(max_length=5000)
    evidence = serializers.UUIDField()
    losing_link = serializers.UUIDField(required=False, allow_null=True, default=None)
    award = serializers.BooleanField(
        default=False, help_text="Enter the claimant as a holder, as known as its evidence."
    )


class DisputeList(APIView):
    """The disputes about a work; post a claim for a party that you speak for."""

    @extend_schema(responses=DisputeBody(many=True), operation_id="disputes_list")
    def get(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        return Response(DisputeBody(work.disputes.prefetch_related("claimants"), many=True).data)

    @extend_schema(request=NewDispute, responses={201: DisputeBody})
    def post(self, request: Request, work_id: UUID) -> Response:
        work = visible_work(user_of(request), work_id)
        body = checked(NewDispute(data=request.data))
        data = body.validated_data
        dispute = open_dispute(
            actor=actor_of(request),
            work=work,
            party=get_object_or_404(Party, pk=data["party"]),
            statement=data["statement"],
            evidence=data["evidence"],
        )
        return Response(DisputeBody(dispute).data, status=status.HTTP_201_CREATED)


class ClaimList(APIView):
    """Claims to works that one need not be allowed to see."""

    @extend_schema(responses=ClaimBody(many=True), operation_id="claims_list")
    def get(self, request: Request) -> Response:
        """Claims of your parties to works that you may see, and those that were decided.

        A reviewer's answer tells all.
        """
        return Response(ClaimBody(open_claims(user_of(request)), many=True).data)

    @extend_schema(request=NewClaim, responses={202: Received})
    def post(self, request: Request) -> Response:
        """Claim works for a party that you speak for; the same answer whether there is one."""
        body = checked(NewClaim(data=request.data))
        data = body.validated_data
        party = get_object_or_404(Party, pk=data["party"])
        if data["protection"] is not None:
            own = Protection.objects.filter(holder=party, ended_at=None)
            works = works_like(get_object_or_404(own, pk=data["protection"]))
        else:
            works = works_referred_to(data["reference"], data["holder"])
        answer = claim_works(
            actor=actor_of(request),
            works=works,
            party=party,
            statement=data["statement"],
            evidence=data["evidence"],
        )
        return Response({"detail": answer}, status=status.HTTP_202_ACCEPTED)


class DisputeResolve(APIView):
    """A reviewer who is no party to it says what decides it."""

    @extend_schema(request=Resolution, responses=DisputeBody)
    def post(self, request: Request, work_id: UUID, dispute_id: UUID) -> Response:
        user = user_of(request)
        work = visible_work(user, work_id)
        body = checked(Resolution(data=request.data))
        data = body.validated_data
        losing = data["losing_link"]
        resolved = resolve_dispute(
            actor=actor_of(request),
            dispute=get_object_or_404(work.disputes, pk=dispute_id),
            sentence=data["sentence"],
            evidence=evidence_for(user, data["evidence"]),
            losing_link=link_in(work, str(losing)) if losing else None,
            award=data["award"],
        )
        return Response(DisputeBody(resolved).data)
