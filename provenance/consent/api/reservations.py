"""REST: prohibitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, user_of
from provenance.consent import services
from provenance.consent.api.bodies import ReservationBody, checked, found
from provenance.models import Party, Reservation

if TYPE_CHECKING:
    from rest_framework.request import Request


class ReservationList(APIView):
    @extend_schema(responses=ReservationBody(many=True), operation_id="reservations_list")
    def get(self, request: Request) -> Response:
        """Prohibitions registered by the parties you speak for."""
        mine = Reservation.objects.filter(party__in=Party.spoken_for_by(user_of(request).pk))
        return Response(ReservationBody(mine, many=True).data)

    @extend_schema(request=ReservationBody, responses={201: ReservationBody})
    def post(self, request: Request) -> Response:
        """Forbid training on a work, or on everything that your party holds."""
        data = checked(ReservationBody(data=request.data)).validated_data
        made = services.reserve(actor=actor_of(request), **data)
        return Response(ReservationBody(made).data, status=status.HTTP_201_CREATED)


class ReservationLift(APIView):
    @extend_schema(request=None, responses=ReservationBody)
    def post(self, request: Request, reservation_id: str) -> Response:
        """Lift a prohibition."""
        mine = Reservation.objects.filter(party__in=Party.spoken_for_by(user_of(request).pk))
        reservation = found(mine.filter(pk=reservation_id).first())
        services.lift_reservation(actor=actor_of(request), reservation=reservation)
        reservation.refresh_from_db()
        return Response(ReservationBody(reservation).data)
