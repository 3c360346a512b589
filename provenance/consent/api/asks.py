"""REST: ask for permission, and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import actor_of, checked, user_of
from provenance.consent import selectors, services
from provenance.consent.api.bodies import (
    AskBody,
    AskedBody,
    AskWithHistory,
    GrantAnswer,
    GrantBody,
    NewAsk,
    NewAskAll,
    Refusal,
    found,
)
from provenance.models import ImageSet, Party, Work

if TYPE_CHECKING:
    from rest_framework.request import Request


class AskList(APIView):
    @extend_schema(responses=AskBody(many=True), operation_id="asks_list")
    def get(self, request: Request) -> Response:
        """Requests to the parties you speak for, and those you made yourself."""
        user = user_of(request)
        both = [*selectors.asks_to(user), *selectors.asks_by(user)]
        return Response(AskBody(list({ask.pk: ask for ask in both}.values()), many=True).data)

    @extend_schema(request=NewAsk, responses={201: AskBody})
    def post(self, request: Request) -> Response:
        """Ask a party's permission for all its works that your set shows."""
        data = checked(NewAsk(data=request.data)).validated_data
        mine = ImageSet.objects.filter(owner=user_of(request))
        image_set = found(mine.filter(pk=data.pop("image_set")).first())
        party = found(Party.objects.filter(pk=data.pop("party")).first())
        ask = services.ask_party(actor=actor_of(request), image_set=image_set, party=party, **data)
        return Response(AskBody(ask).data, status=status.HTTP_201_CREATED)


class AskDetail(APIView):
    @extend_schema(responses=AskWithHistory)
    def get(self, request: Request, ask_id: str) -> Response:
        """One request for permission, with its history."""
        return Response(AskWithHistory(selectors.ask_for(user_of(request), ask_id)[0]).data)


class AskGrant(APIView):
    @extend_schema(request=GrantAnswer, responses={201: GrantBody})
    def post(self, request: Request, ask_id: str) -> Response:
        """Say yes, on your terms, to all the works asked for or to some of them."""
        ask, _ = selectors.ask_for(user_of(request), ask_id)
        body = checked(GrantAnswer(data=request.data))
        chosen = body.validated_data["works"]
        grant = services.grant(
            actor=actor_of(request),
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
        ask, _ = selectors.ask_for(user_of(request), ask_id)
        note = checked(Refusal(data=request.data)).validated_data["note"]
        return Response(AskBody(services.refuse(actor=actor_of(request), ask=ask, note=note)).data)


class AskAll(APIView):
    @extend_schema(request=NewAskAll, responses={201: AskedBody(many=True)})
    def post(self, request: Request, set_id: str) -> Response:
        """Ask everybody whose permission your set lacks, one request each."""
        data = checked(NewAskAll(data=request.data)).validated_data
        image_set = found(ImageSet.objects.filter(owner=user_of(request), pk=set_id).first())
        done = services.ask_all(actor=actor_of(request), image_set=image_set, **data)
        return Response(AskedBody(done, many=True).data, status=status.HTTP_201_CREATED)


class AskWithdraw(APIView):
    @extend_schema(request=None, responses=AskBody)
    def post(self, request: Request, ask_id: str) -> Response:
        """Take your request back."""
        ask, _ = selectors.ask_for(user_of(request), ask_id)
        return Response(AskBody(services.withdraw_ask(actor=actor_of(request), ask=ask)).data)
