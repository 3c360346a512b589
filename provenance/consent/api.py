"""REST: ask for permission, answer, list and take back grants, register reservations."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from provenance.consent import selectors, services
from provenance.consent.rules import NEEDED_TO_RELEASE, Terms
from provenance.models import Ask, Grant, ImageSet, Party, Reservation, Work

if TYPE_CHECKING:
    from rest_framework.request import Request

    from accounts.models import User


def _user(request: Request) -> User:
    return cast("User", request.user)


class WorkLine(serializers.ModelSerializer[Work]):
    class Meta:
        model = Work
        fields = ["id", "title", "reference"]


class AskBody(serializers.ModelSerializer[Ask]):
    works = WorkLine(many=True, read_only=True)
    party_name = serializers.CharField(source="party.name", read_only=True)
    applicant_name = serializers.CharField(source="applicant.username", read_only=True)

    class Meta:
        model = Ask
        fields = [
            "id",
            "image_set",
            "party",
            "party_name",
            "applicant_name",
            "works",
            "actions",
            "purpose",
            "commercial",
            "model_name",
            "message",
            "state",
            "asked_at",
            "answered_at",
            "answer_note",
        ]


class NewAsk(serializers.Serializer[Any]):
    image_set = serializers.UUIDField()
    party = serializers.UUIDField()
    purpose = serializers.CharField(max_length=500)
    model_name = serializers.CharField(max_length=120)
    actions = serializers.ListField(
        child=serializers.CharField(max_length=30), default=list(NEEDED_TO_RELEASE)
    )
    commercial = serializers.BooleanField(default=False)
    message = serializers.CharField(default="", allow_blank=True)


class TermsBody(serializers.Serializer[Any]):
    """What a party permits; see the glossary for the actions."""

    actions = serializers.ListField(child=serializers.CharField(max_length=30))
    commercial = serializers.BooleanField(default=False)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=5), default=["world"]
    )
    bases = serializers.ListField(child=serializers.CharField(max_length=120), default=[])
    not_before = serializers.DateField(default=None, allow_null=True)
    not_after = serializers.DateField(default=None, allow_null=True)
    credit_line = serializers.CharField(default="", allow_blank=True, max_length=300)
    name_forms = serializers.ListField(child=serializers.CharField(max_length=200), default=[])

    def terms(self) -> Terms:
        data: dict[str, Any] = self.validated_data
        known = {field.name for field in fields(Terms)} & set(data)
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known
        }
        return Terms(**values)


class GrantAnswer(TermsBody):
    note = serializers.CharField(default="", allow_blank=True)
    works = serializers.ListField(child=serializers.UUIDField(), default=None, allow_null=True)


class Refusal(serializers.Serializer[Any]):
    note = serializers.CharField(default="", allow_blank=True)


class NewGrant(TermsBody):
    """A grant given unasked. Without `works` it covers everything that the party holds."""

    party = serializers.UUIDField()
    works = serializers.ListField(child=serializers.UUIDField(), default=None, allow_null=True)


class GrantBody(serializers.ModelSerializer[Grant]):
    works = WorkLine(many=True, read_only=True)
    assigner_name = serializers.CharField(source="assigner.name", read_only=True)

    class Meta:
        model = Grant
        exclude = ["given_by", "revoked_by", "evidence"]


class Revocation(serializers.Serializer[Any]):
    reason = serializers.CharField()


class Revoked(serializers.Serializer[Any]):
    touched = serializers.IntegerField(help_text="Standings that are re-examined because of it.")


class ReservationBody(serializers.ModelSerializer[Reservation]):
    class Meta:
        model = Reservation
        fields = ["id", "party", "work", "statement", "registered_at", "lifted_at"]
        read_only_fields = ["registered_at", "lifted_at"]


S = TypeVar("S", bound=serializers.BaseSerializer[Any])


def _checked(body: S) -> S:
    body.is_valid(raise_exception=True)
    return body


def _found(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


class AskList(APIView):
    @extend_schema(responses=AskBody(many=True), operation_id="asks_list")
    def get(self, request: Request) -> Response:
        """Requests to the parties you speak for, and those you made yourself."""
        user = _user(request)
        both = [*selectors.asks_to(user), *selectors.asks_by(user)]
        return Response(AskBody(list({ask.pk: ask for ask in both}.values()), many=True).data)

    @extend_schema(request=NewAsk, responses={201: AskBody})
    def post(self, request: Request) -> Response:
        """Ask a party's permission for all its works that your set shows."""
        data = _checked(NewAsk(data=request.data)).validated_data
        mine = ImageSet.objects.filter(owner=_user(request))
        image_set = _found(mine.filter(pk=data.pop("image_set")).first())
        party = _found(Party.objects.filter(pk=data.pop("party")).first())
        ask = services.ask_party(
            actor=Actor.of(_user(request)), image_set=image_set, party=party, **data
        )
        return Response(AskBody(ask).data, status=status.HTTP_201_CREATED)


class AskDetail(APIView):
    @extend_schema(responses=AskBody)
    def get(self, request: Request, ask_id: str) -> Response:
        """One request for permission."""
        return Response(AskBody(selectors.ask_for(_user(request), ask_id)[0]).data)


class AskGrant(APIView):
    @extend_schema(request=GrantAnswer, responses={201: GrantBody})
    def post(self, request: Request, ask_id: str) -> Response:
        """Say yes, on your terms, to all the works asked for or to some of them."""
        ask, _ = selectors.ask_for(_user(request), ask_id)
        body = _checked(GrantAnswer(data=request.data))
        chosen = body.validated_data["works"]
        grant = services.grant(
            actor=Actor.of(_user(request)),
            ask=ask,
            terms=body.terms(),
            works=None if chosen is None else Work.objects.filter(pk__in=chosen),
            note=body.validated_data["note"],
        )
        return Response(GrantBody(grant).data, status=status.HTTP_201_CREATED)


class AskRefuse(APIView):
    @extend_schema(request=Refusal, responses=AskBody)
    def post(self, request: Request, ask_id: str) -> Response:
        """Say no, with or without words."""
        ask, _ = selectors.ask_for(_user(request), ask_id)
        note = _checked(Refusal(data=request.data)).validated_data["note"]
        return Response(
            AskBody(services.refuse(actor=Actor.of(_user(request)), ask=ask, note=note)).data
        )


class GrantList(APIView):
    @extend_schema(responses=GrantBody(many=True), operation_id="grants_list")
    def get(self, request: Request) -> Response:
        """Grants given by the parties you speak for, or given to you."""
        return Response(GrantBody(selectors.grants_of(_user(request)), many=True).data)

    @extend_schema(request=NewGrant, responses={201: GrantBody})
    def post(self, request: Request) -> Response:
        """Permit something unasked, to anyone."""
        body = _checked(NewGrant(data=request.data))
        data = body.validated_data
        party = _found(Party.objects.filter(pk=data["party"]).first())
        works = None
        if data["works"] is not None:
            works = Work.objects.filter(pk__in=data["works"], title_links__party=party)
        grant = services.give_grant(
            actor=Actor.of(_user(request)), party=party, terms=body.terms(), works=works
        )
        return Response(GrantBody(grant).data, status=status.HTTP_201_CREATED)


class GrantDetail(APIView):
    @extend_schema(responses=GrantBody)
    def get(self, request: Request, grant_id: str) -> Response:
        """One grant."""
        return Response(GrantBody(selectors.grant_for(_user(request), grant_id)[0]).data)


class GrantRevoke(APIView):
    @extend_schema(request=Revocation, responses=Revoked)
    def post(self, request: Request, grant_id: str) -> Response:
        """Take a permission back. What rests on it is stopped at once."""
        grant, _ = selectors.grant_for(_user(request), grant_id)
        reason = _checked(Revocation(data=request.data)).validated_data["reason"]
        touched = services.revoke_grant(actor=Actor.of(_user(request)), grant=grant, reason=reason)
        return Response({"touched": len(touched)})


class ReservationList(APIView):
    @extend_schema(responses=ReservationBody(many=True), operation_id="reservations_list")
    def get(self, request: Request) -> Response:
        """Prohibitions registered by the parties you speak for."""
        mine = Reservation.objects.filter(party__in=Party.spoken_for_by(_user(request).pk))
        return Response(ReservationBody(mine, many=True).data)

    @extend_schema(request=ReservationBody, responses={201: ReservationBody})
    def post(self, request: Request) -> Response:
        """Forbid training on a work, or on everything that your party holds."""
        data = _checked(ReservationBody(data=request.data)).validated_data
        made = services.reserve(actor=Actor.of(_user(request)), **data)
        return Response(ReservationBody(made).data, status=status.HTTP_201_CREATED)


class ReservationLift(APIView):
    @extend_schema(request=None, responses=ReservationBody)
    def post(self, request: Request, reservation_id: str) -> Response:
        """Lift a prohibition."""
        mine = Reservation.objects.filter(party__in=Party.spoken_for_by(_user(request).pk))
        reservation = _found(mine.filter(pk=reservation_id).first())
        services.lift_reservation(actor=Actor.of(_user(request)), reservation=reservation)
        reservation.refresh_from_db()
        return Response(ReservationBody(reservation).data)
