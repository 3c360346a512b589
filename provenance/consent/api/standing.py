"""REST: standing answers, blocks, and what creators are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.requests import actor_of, checked, user_of
from provenance.consent import answers, private, services
from provenance.consent.api.bodies import TermsBody, found
from provenance.models import Block, CreatorNotice, CreditChoice, Party, StandingAnswer

if TYPE_CHECKING:
    from rest_framework.request import Request


class StandingBody(serializers.ModelSerializer[StandingAnswer]):
    class Meta:
        model = StandingAnswer
        fields = ["party", "answer", "agent", "terms", "given_at"]


class NewStanding(serializers.Serializer[Any]):
    party = serializers.UUIDField()
    answer = serializers.ChoiceField(["none", *StandingAnswer.Answer.values])
    agent = serializers.UUIDField(default=None, allow_null=True)
    terms = TermsBody(default=None, allow_null=True)


class BlockBody(serializers.ModelSerializer[Block]):
    class Meta:
        model = Block
        fields = ["id", "party", "applicant", "made_at"]
        read_only_fields = ["made_at"]


class NewBlock(serializers.Serializer[Any]):
    party = serializers.UUIDField()
    applicant = serializers.CharField(
        default="", allow_blank=True, help_text="A user's name; empty: from anybody."
    )


class NoticeBody(serializers.ModelSerializer[CreatorNotice]):
    assigner_name = serializers.CharField(source="grant.assigner.name", read_only=True)

    class Meta:
        model = CreatorNotice
        fields = [
            "id",
            "grant",
            "assigner_name",
            "creator",
            "state",
            "words",
            "told_at",
            "answered_at",
        ]


class NoticeAnswer(serializers.Serializer[Any]):
    objects = serializers.BooleanField(default=False)
    words = serializers.CharField(default="", allow_blank=True)
    choice = serializers.ChoiceField(CreditChoice.Choice.choices, default="", allow_blank=True)
    text = serializers.CharField(default="", allow_blank=True, max_length=300)


class StandingList(APIView):
    @extend_schema(responses=StandingBody(many=True), operation_id="standing_answers_list")
    def get(self, request: Request) -> Response:
        """What the parties you speak for answer before anybody writes."""
        parties = Party.spoken_for_by(user_of(request).pk)
        mine = StandingAnswer.objects.filter(party__in=parties)
        return Response(StandingBody(mine, many=True).data)

    @extend_schema(request=NewStanding, responses={200: StandingBody, 204: None})
    def post(self, request: Request) -> Response:
        """Answer like this from now on; "none": ask each time."""
        body = checked(NewStanding(data=request.data))
        data = body.validated_data
        made = services.answer_always(
            actor=actor_of(request),
            party=found(Party.objects.filter(pk=data["party"]).first()),
            answer=data["answer"],
            agent=Party.objects.filter(pk=data["agent"]).first(),
            terms=None if data["terms"] is None else answers.from_json(dict(data["terms"])),
        )
        if made is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(StandingBody(made).data)


class BlockList(APIView):
    @extend_schema(responses=BlockBody(many=True), operation_id="blocks_list")
    def get(self, request: Request) -> Response:
        """Whom the parties you speak for take no requests from."""
        return Response(BlockBody(private.blocks_of(user_of(request)), many=True).data)

    @extend_schema(request=NewBlock, responses={201: BlockBody})
    def post(self, request: Request) -> Response:
        """No further requests, from one applicant or from anybody."""
        data = checked(NewBlock(data=request.data)).validated_data
        applicant = None
        if data["applicant"]:
            applicant = found(User.objects.filter(username=data["applicant"]).first())
        party = found(Party.objects.filter(pk=data["party"]).first())
        made = services.block(actor=actor_of(request), party=party, applicant=applicant)
        return Response(BlockBody(made).data, status=status.HTTP_201_CREATED)


class BlockLift(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, block_id: int) -> Response:
        """Take requests again."""
        block = found(private.blocks_of(user_of(request)).filter(pk=block_id).first())
        services.unblock(actor=actor_of(request), block=block)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NoticeList(APIView):
    @extend_schema(responses=NoticeBody(many=True), operation_id="creator_notices_list")
    def get(self, request: Request) -> Response:
        """What holders permitted of works that your parties made."""
        return Response(NoticeBody(private.notices_to(user_of(request)), many=True).data)


class NoticeAnswered(APIView):
    @extend_schema(request=NoticeAnswer, responses=NoticeBody)
    def post(self, request: Request, notice_id: str) -> Response:
        """Choose your credit, object, or both. You may think again later."""
        notice = found(private.notices_to(user_of(request)).filter(pk=notice_id).first())
        data = checked(NoticeAnswer(data=request.data)).validated_data
        done = services.answer_notice(actor=actor_of(request), notice=notice, **data)
        return Response(NoticeBody(done).data)
