"""REST: choices of credit, readings of licences, and the site's policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution.api.works import LicenceBody
from provenance.consent import selectors, services
from provenance.consent.api.records import ChangeBody, CreditBody, PolicyBody
from provenance.consent.policy import current_policy

if TYPE_CHECKING:
    from rest_framework.request import Request


class CreditList(APIView):
    @extend_schema(responses=CreditBody(many=True))
    def get(self, request: Request) -> Response:
        """How the parties you speak for want to be credited."""
        return Response(CreditBody(selectors.credit_choices_of(user_of(request)), many=True).data)

    @extend_schema(request=CreditBody, responses={201: CreditBody})
    def post(self, request: Request) -> Response:
        """Be credited as written, anonymously or not at all; without a work: for all of them."""
        data = checked(CreditBody(data=request.data)).validated_data
        made = services.choose_credit(actor=actor_of(request), **data)
        return Response(CreditBody(made).data, status=status.HTTP_201_CREATED)


class LicenceReadings(APIView):
    @extend_schema(request=ChangeBody, responses=LicenceBody)
    def post(self, request: Request, code: str) -> Response:
        """Read a licence anew. An operator's act; decisions that rest on it are made again."""
        data = checked(ChangeBody(data=request.data)).validated_data
        licence = services.read_licence(actor=actor_of(request), code=code, **data)
        return Response(LicenceBody(licence).data)


class SitePolicy(APIView):
    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(responses=PolicyBody)
    def get(self, request: Request) -> Response:
        """What this site decided where the law or a licence leaves it open."""
        return Response(current_policy())

    @extend_schema(request=ChangeBody, responses={201: PolicyBody})
    def post(self, request: Request) -> Response:
        """Change the policy, with a reason. An operator's act; every decision is made again."""
        data = checked(ChangeBody(data=request.data)).validated_data
        services.set_policy(actor=actor_of(request), **data)
        return Response(current_policy(), status=status.HTTP_201_CREATED)
