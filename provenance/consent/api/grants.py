"""REST: give, list and take back grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, user_of
from provenance.consent import selectors, services
from provenance.consent.api.bodies import GrantBody, NewGrant, Revocation, Revoked, checked, found
from provenance.models import Party, Work

if TYPE_CHECKING:
    from rest_framework.request import Request


class GrantList(APIView):
    @extend_schema(responses=GrantBody(many=True), operation_id="grants_list")
    def get(self, request: Request) -> Response:
        """Grants given by the parties you speak for, or given to you."""
        return Response(GrantBody(selectors.grants_of(user_of(request)), many=True).data)

    @extend_schema(request=NewGrant, responses={201: GrantBody})
    def post(self, request: Request) -> Response:
        """Permit something unasked, to anyone."""
        body = checked(NewGrant(data=request.data))
        data = body.validated_data
        party = found(Party.objects.filter(pk=data["party"]).first())
        works = None
        if data["works"] is not None:
            works = Work.objects.filter(pk__in=data["works"], title_links__party=party)
        grant = services.give_grant(
            actor=actor_of(request), party=party, terms=body.terms(), works=works
        )
        return Response(GrantBody(grant).data, status=status.HTTP_201_CREATED)


class GrantDetail(APIView):
    @extend_schema(responses=GrantBody)
    def get(self, request: Request, grant_id: str) -> Response:
        """One grant."""
        return Response(GrantBody(selectors.grant_for(user_of(request), grant_id)[0]).data)


class GrantRevoke(APIView):
    @extend_schema(request=Revocation, responses=Revoked)
    def post(self, request: Request, grant_id: str) -> Response:
        """Take a permission back. What rests on it is stopped at once."""
        grant, _ = selectors.grant_for(user_of(request), grant_id)
        reason = checked(Revocation(data=request.data)).validated_data["reason"]
        touched = services.revoke_grant(actor=actor_of(request), grant=grant, reason=reason)
        return Response({"touched": len(touched)})
