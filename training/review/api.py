"""REST: requests from draft to decision. The same commands as the pages give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import InvalidError
from accounts.problems import problem
from accounts.requests import actor_of, checked, valid
from provenance.intake.selectors import visible_set
from training.models import Decision, Rehearsal, Request
from training.review import selectors, services
from training.review.estimates import estimate
from training.review.rules import Draft

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request as Call

    from accounts.models import User


class DraftBody(serializers.Serializer[Any]):
    """What the applicant fills in; the command judges it and answers a sentence a field."""

    base = serializers.CharField(max_length=120, help_text="Name of a registered base.")
    model_name = serializers.CharField(max_length=96)
    token = serializers.CharField(max_length=40)
    instance_prompt = serializers.CharField(max_length=300)
    class_prompt = serializers.CharField(max_length=300)
    sample_prompts = serializers.ListField(child=serializers.CharField(max_length=300))
    purpose = serializers.CharField(max_length=500)
    purposes = serializers.ListField(
        child=serializers.CharField(max_length=20),
        default=[],
        help_text="Kinds of purpose: research, education, personal, art, internal, product.",
    )
    commercial = serializers.BooleanField(default=False)
    gated = serializers.BooleanField(default=False)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=5), default=["world"]
    )
    captions = serializers.DictField(
        child=serializers.CharField(max_length=300),
        default=dict,
        help_text="File name of a picture -> what it is trained under.",
    )
    preset = serializers.CharField(
        default="", allow_blank=True, max_length=20, help_text="style, subject, character or none."
    )
    pace = serializers.CharField(
        default="standard", max_length=20, help_text="quick, standard or thorough."
    )
    resource = serializers.CharField(default="cpu", max_length=3, help_text="cpu or gpu.")
    steps = serializers.IntegerField(
        allow_null=True, default=None, help_text="Null: as many as the preset takes, else 500."
    )
    seed = serializers.IntegerField(default=0)


class NewRequest(DraftBody):
    image_set = serializers.UUIDField()


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, default="")


class Approval(Reason):
    manifest_sha256 = serializers.CharField(help_text="What you looked at, from the request.")


class Resolving(Reason):
    group = serializers.CharField(help_text="Shared by like findings.")
    subject = serializers.CharField(
        default="", allow_blank=True, help_text="Only the finding about this; empty: the group."
    )


class FindingLine(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.CharField()
    subject = serializers.CharField(help_text="Id of a picture in the set, or set, base, name:…")
    explanation = serializers.CharField()
    remedy = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    group = serializers.CharField()
    evidence_digest = serializers.CharField()
    resolved = serializers.BooleanField()


class EvaluationBody(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    findings = FindingLine(many=True)
    pictures = serializers.DictField(child=serializers.CharField())
    policy_version = serializers.CharField()
    facts_sha256 = serializers.CharField(source="facts_id")
    evaluated_at = serializers.DateTimeField()


class DecisionLine(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ["kind", "manifest_sha256", "reviewer", "reason", "decided_at"]


class RequestLine(serializers.ModelSerializer[Request]):
    applicant_name = serializers.CharField(source="applicant.username", read_only=True)

    class Meta:
        model = Request
        exclude = ["created_at"]


class RehearsalLine(serializers.ModelSerializer[Rehearsal]):
    class Meta:
        model = Rehearsal
        fields = ["state", "asked_at", "ended_at", "seconds", "memory_bytes", "disk_bytes", "why"]


class EstimateBody(serializers.Serializer[Any]):
    """What the run is expected to take, and how that is known."""

    seconds = serializers.FloatField()
    cost = serializers.FloatField(allow_null=True, help_text="Null: this site names no price.")
    currency = serializers.CharField()
    by = serializers.CharField()
    memory_bytes = serializers.IntegerField(allow_null=True)
    disk_bytes = serializers.IntegerField(allow_null=True)


class RequestBody(RequestLine):
    """A request with its newest verdict, what approving would sign now, and what you may do."""

    estimate = serializers.SerializerMethodField()
    rehearsal = serializers.SerializerMethodField()
    evaluation = serializers.SerializerMethodField()
    manifest_sha256 = serializers.SerializerMethodField()
    commands = serializers.SerializerMethodField()
    runs = serializers.PrimaryKeyRelatedField(many=True, read_only=True)  # type: ignore[var-annotated]
    decisions = DecisionLine(many=True, read_only=True)

    @extend_schema_field(EvaluationBody(allow_null=True))
    def get_evaluation(self, request: Request) -> dict[str, Any] | None:
        found = selectors.latest_evaluation(request)
        return None if found is None else dict(EvaluationBody(found).data)

    @extend_schema_field(EstimateBody(allow_null=True))
    def get_estimate(self, request: Request) -> dict[str, Any] | None:
        found = estimate(request)
        return None if found is None else dict(EstimateBody(found).data)

    @extend_schema_field(RehearsalLine(allow_null=True))
    def get_rehearsal(self, request: Request) -> dict[str, Any] | None:
        found = request.rehearsals.first()
        return None if found is None else dict(RehearsalLine(found).data)

    def get_manifest_sha256(self, request: Request) -> str:
        return selectors.manifest_sha256(request, selectors.latest_evaluation(request))

    def get_commands(self, request: Request) -> list[str]:
        return selectors.commands_for(self.context["actor"], request)


def _body(call: Call, request: Request, code: int = status.HTTP_200_OK) -> Response:
    actor = actor_of(call)
    fresh = selectors.find(actor, request.pk)
    return Response(RequestBody(fresh, context={"actor": actor}).data, status=code)


def _draft(values: dict[str, Any]) -> Draft:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    steps = selectors.steps_of(values["preset"], values["pace"], values.pop("steps"))
    return Draft(**values, steps=steps)


class RequestList(ListAPIView[Request]):
    """Requests that you may see, newest first; `?waiting=1`: those waiting for your review."""

    serializer_class = RequestLine

    def get_queryset(self) -> QuerySet[Request]:
        actor = actor_of(self.request)
        if self.request.query_params.get("waiting"):
            return selectors.waiting(actor)
        return selectors.visible(actor)

    @extend_schema(request=NewRequest, responses={201: RequestBody})
    def post(self, call: Call) -> Response:
        """Begin a request for a set of your own."""
        values = valid(NewRequest, call)
        image_set = visible_set(cast("User", call.user), values.pop("image_set"))
        made = services.create_request(
            actor=actor_of(call), image_set=image_set, draft=_draft(values)
        )
        return _body(call, made, status.HTTP_201_CREATED)


class RequestDetail(APIView):
    @extend_schema(responses=RequestBody)
    def get(self, call: Call, request_id: UUID) -> Response:
        """One request with its verdict, its manifest's digest and what you may do with it."""
        return _body(call, selectors.find(actor_of(call), request_id))

    @extend_schema(request=DraftBody(partial=True), responses=RequestBody)
    def patch(self, call: Call, request_id: UUID) -> Response:
        """Change a draft."""
        found = selectors.find(actor_of(call), request_id)
        if not isinstance(call.data, Mapping):
            raise InvalidError("not_an_object", "Send a JSON object with the fields to change.")
        values = checked(DraftBody(data={**DraftBody(found).data, **call.data})).validated_data
        services.edit_draft(actor=actor_of(call), request=found, draft=_draft(values))
        return _body(call, found)


class RequestCommand(APIView):
    """POST gives one command of the table; who may give it when is in docs/permissions.md."""

    give: Callable[..., Any]
    body: type[serializers.Serializer[Any]] | None = None
    code = status.HTTP_200_OK

    def post(self, call: Call, request_id: UUID) -> Response:
        actor = actor_of(call)
        request = selectors.find(actor, request_id)
        values = valid(self.body, call) if self.body else {}
        try:
            self.give(actor=actor, request=request, **values)
        except services.BlockedError as refusal:
            said = {"remedy": refusal.remedy, "errors": refusal.errors}
            return problem(refusal.status, refusal.code, refusal.sentence, **said)
        return _body(call, request, self.code)


def _view(
    give: Callable[..., Any],
    says: str,
    body: type[serializers.Serializer[Any]] | None = None,
    code: int = status.HTTP_200_OK,
) -> type[RequestCommand]:
    parts = {"give": staticmethod(give), "body": body, "code": code, "__doc__": says}
    view = type("RequestCommand", (RequestCommand,), parts)
    told = extend_schema(description=says, request=body, responses={code: RequestBody})
    return cast("type[RequestCommand]", extend_schema_view(post=told)(view))


COMMANDS = {
    "check": _view(
        services.check, "Ask for the verdict about the set with this use, without submitting."
    ),
    "rehearse": _view(
        services.rehearse,
        "Have two steps tried on blank pictures; `rehearsal` and `estimate` tell what came out.",
        code=status.HTTP_202_ACCEPTED,
    ),
    "submit": _view(
        services.submit,
        "Hand it to the reviewers. A blocked set is refused (409), its findings in `errors`.",
    ),
    "close": _view(services.close, "Take your request back."),
    "resolve": _view(
        services.resolve_flags,
        "Clear a group of like flags, or one of them by looking at it, with a reason.",
        Resolving,
    ),
    "approve": _view(
        services.approve, "Sign the manifest that you looked at; its run is queued.", Approval
    ),
    "return": _view(services.return_request, "Ask the applicant for changes.", Reason),
    "reject": _view(services.reject, "Say no for good.", Reason),
    "revoke": _view(services.revoke, "Take an approval back; a live run is halted.", Reason),
}
"""Name -> its view; the names are those of the table in rules.py."""
