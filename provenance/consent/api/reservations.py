"""REST: prohibitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.attribution.table import decode_table
from provenance.consent import selectors, services
from provenance.consent.api.bodies import ReservationBody, found
from provenance.consent.api.json_ld import json_ld
from provenance.consent.api.records import ReservationsFile
from provenance.consent.lists import MOST_CHARACTERS
from provenance.consent.odrl import reservation_to_odrl
from provenance.models import Party

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request


class ReservationList(APIView):
    @extend_schema(responses=ReservationBody(many=True), operation_id="reservations_list")
    def get(self, request: Request) -> Response:
        """Prohibitions registered by the parties you speak for."""
        mine = selectors.reservations_of(user_of(request))
        return Response(ReservationBody(mine, many=True).data)

    @extend_schema(request=ReservationBody, responses={201: ReservationBody})
    def post(self, request: Request) -> Response:
        """Forbid training on a work, or on everything that your party holds."""
        data = checked(ReservationBody(data=request.data)).validated_data
        made = services.reserve(actor=actor_of(request), **data)
        return Response(ReservationBody(made).data, status=status.HTTP_201_CREATED)


class ReservationImport(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(request=ReservationsFile, responses={201: ReservationBody(many=True)})
    def post(self, request: Request) -> Response:
        """Register a whole list, or nothing where a line is bad. Answers with what was new."""
        data = checked(ReservationsFile(data=request.data)).validated_data
        party = found(Party.objects.filter(pk=data["party"]).first())
        text = decode_table(data["file"].read(MOST_CHARACTERS + 1))
        made = services.import_reservations(actor=actor_of(request), party=party, text=text)
        return Response(ReservationBody(made, many=True).data, status=status.HTTP_201_CREATED)


class ReservationOdrl(APIView):
    @extend_schema(responses={(200, "application/ld+json"): dict})
    def get(self, request: Request, reservation_id: str) -> HttpResponse:
        """One prohibition as an ODRL policy in JSON-LD."""
        mine = selectors.reservations_of(user_of(request))
        one = found(mine.filter(pk=reservation_id).first())
        document = reservation_to_odrl(
            uid=one.pk,
            party=one.party_id,
            work=one.work_id,
            url_prefix=one.url_prefix,
            since=one.stated_on or one.registered_at.date(),
        )
        return json_ld(document)


class ReservationLift(APIView):
    @extend_schema(request=None, responses=ReservationBody)
    def post(self, request: Request, reservation_id: str) -> Response:
        """Lift a prohibition."""
        mine = selectors.reservations_of(user_of(request))
        reservation = found(mine.filter(pk=reservation_id).first())
        services.lift_reservation(actor=actor_of(request), reservation=reservation)
        reservation.refresh_from_db()
        return Response(ReservationBody(reservation).data)
