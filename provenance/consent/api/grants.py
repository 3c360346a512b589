"""REST: give, list and take back grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.consent import selectors, services
from provenance.consent.api.bodies import GrantBody, NewGrant, Revocation, Revoked, found
from provenance.consent.api.json_ld import JsonLdParser, json_ld
from provenance.consent.api.records import PresetBody
from provenance.consent.odrl import from_odrl, to_odrl
from provenance.consent.presets import PRESETS
from provenance.models import Party

if TYPE_CHECKING:
    from django.http import HttpResponse
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
        grant = services.give_grant(
            actor=actor_of(request),
            party=party,
            terms=body.terms(),
            works=selectors.works_named(party, data["works"]),
        )
        return Response(GrantBody(grant).data, status=status.HTTP_201_CREATED)


class PresetList(APIView):
    @extend_schema(responses=PresetBody(many=True))
    def get(self, request: Request) -> Response:
        """Permissions in plain words, each with the blanks to fill in."""
        return Response(PresetBody(list(PRESETS.values()), many=True).data)


class GrantOdrl(APIView):
    @extend_schema(responses={(200, "application/ld+json"): dict})
    def get(self, request: Request, grant_id: str) -> HttpResponse:
        """One grant as an ODRL policy in JSON-LD."""
        grant, _ = selectors.grant_for(user_of(request), grant_id)
        return json_ld(to_odrl(selectors.agreement_of(grant)))


class GrantFromOdrl(APIView):
    parser_classes = (JsonLdParser, JSONParser)

    @extend_schema(request={"application/ld+json": dict}, responses={201: GrantBody})
    def post(self, request: Request) -> Response:
        """Permit what an ODRL policy states. The site gives the grant an id of its own."""
        agreement = from_odrl(request.data)
        party = found(Party.objects.filter(pk=agreement.assigner).first())
        grant = services.give_grant(
            actor=actor_of(request),
            party=party,
            terms=agreement.terms,
            works=selectors.works_named(party, agreement.works),
            assignee=selectors.assignee_named(agreement.assignee),
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
