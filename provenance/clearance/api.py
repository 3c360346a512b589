"""REST: why a picture is or is not cleared, what would change it, and what the model may do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import checked, user_of
from provenance.attribution.api.levels import LevelField
from provenance.attribution.places import expanded
from provenance.clearance import rules
from provenance.clearance.rules.diagram import diagram
from provenance.clearance.rules.explain import explain
from provenance.clearance.rules.lookup import Lookup
from provenance.clearance.rules.result import result
from provenance.clearance.rules.whatif import what_if
from provenance.clearance.services import facts_now
from provenance.intake.selectors import plain_use, visible_set
from provenance.models import Level

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class StepBody(serializers.Serializer[Any]):
    """One holder: how they came to hold, what they permit, for which actions and places."""

    holder = serializers.CharField()
    title = serializers.CharField()
    chain = serializers.ListField(child=serializers.CharField())
    says = serializers.CharField()
    passes = serializers.BooleanField()
    actions = serializers.ListField(child=serializers.CharField())
    places = serializers.ListField(child=serializers.CharField())
    grant = serializers.CharField()
    licence = serializers.CharField()
    evidence = serializers.CharField()


class WorkAccountBody(serializers.Serializer[Any]):
    work = serializers.CharField()
    title = serializers.CharField()
    shown = serializers.CharField()
    creators = serializers.ListField(child=serializers.CharField())
    steps = StepBody(many=True)
    free = serializers.ListField(child=serializers.CharField())


class ExplanationBody(serializers.Serializer[Any]):
    """The way from a picture to its permissions: as data, in words, and as a drawing (SVG)."""

    picture = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not DRF's attribute
    works = WorkAccountBody(many=True)
    text = serializers.CharField()
    diagram = serializers.CharField()


class SupposedGrant(serializers.Serializer[Any]):
    """A permission that nobody has given yet. Without `works`: for all that the party holds."""

    party = serializers.UUIDField()
    actions = serializers.ListField(
        child=serializers.CharField(max_length=30), default=["train", "distribute-weights"]
    )
    works = serializers.ListField(child=serializers.UUIDField(), default=None, allow_null=True)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=5), default=["world"]
    )
    commercial = serializers.BooleanField(default=False)
    not_after = serializers.DateField(default=None, allow_null=True)
    identity = LevelField(default=Level.DOCUMENT_CHECKED, help_text="How well it would be known.")

    def fact(self, data: dict[str, Any], number: int) -> rules.GrantFact:
        works = data["works"]
        return rules.GrantFact(
            id=f"supposed-{number}",
            assigner=str(data["party"]),
            actions=tuple(sorted(data["actions"])),
            works=None if works is None else tuple(sorted(map(str, works))),
            commercial=data["commercial"],
            territories=expanded(data["territories"]),
            not_after=data["not_after"],
            identity=rules.Known(data["identity"]),
            evidence="supposed",
            given_on=timezone.now().date(),
        )


class Supposition(serializers.Serializer[Any]):
    grants = SupposedGrant(many=True, default=list)
    on = serializers.DateField(default=None, allow_null=True, help_text="Ask for a later day.")


class SupposedVerdict(serializers.Serializer[Any]):
    before = serializers.CharField(help_text="The verdict now.")
    after = serializers.CharField(help_text="The verdict with what you suppose.")
    findings = serializers.ListField(child=serializers.JSONField(), help_text="What would remain.")


class ResultBody(serializers.Serializer[Any]):
    """What a model made of this set may be used for, as far as it is permitted now."""

    licence = serializers.CharField(help_text="The one that share-alike asks for, or empty.")
    commercial = serializers.BooleanField()
    attribution = serializers.BooleanField()
    permitted = serializers.ListField(child=serializers.CharField())
    territories = serializers.ListField(child=serializers.CharField())
    until = serializers.CharField(help_text="The last day of the first permission to end.")
    inputs = serializers.ListField(child=serializers.CharField())
    conflicts = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


def _facts(request: Request, set_id: UUID) -> tuple[rules.Facts, rules.Use]:
    """What is on record now about a set that the user may see, and the plain use of it."""
    found = visible_set(user_of(request), set_id)
    use = plain_use(found)
    return facts_now(found, use), use


class Explanation(APIView):
    @extend_schema(responses=ExplanationBody)
    def get(self, request: Request, set_id: UUID, item_id: UUID) -> Response:
        """Why this picture is cleared or not: who holds what it shows, and who permitted what."""
        facts, use = _facts(request, set_id)
        try:
            account = explain(facts, use, str(item_id))
        except KeyError as error:
            raise Http404 from error
        body = asdict(account) | {"text": account.text, "diagram": diagram(account)}
        return Response(ExplanationBody(body).data)


class WhatIf(APIView):
    @extend_schema(request=Supposition, responses=SupposedVerdict)
    def post(self, request: Request, set_id: UUID) -> Response:
        """Would the set be cleared if these parties permitted this? Nothing is recorded."""
        body = checked(Supposition(data=request.data))
        facts, use = _facts(request, set_id)
        grants = [
            SupposedGrant().fact(data, n) for n, data in enumerate(body.validated_data["grants"])
        ]
        now = rules.evaluate(facts, use)
        then = what_if(facts, use, grants, on=body.validated_data["on"])
        left = [asdict(f) for f in then.findings if not f.resolved and f.severity != "info"]
        answer = {"before": now.outcome, "after": then.outcome, "findings": left}
        return Response(SupposedVerdict(answer).data)


class SetResult(APIView):
    @extend_schema(responses=ResultBody)
    def get(self, request: Request, set_id: UUID) -> Response:
        """The licence and conditions of a model made of this set, computed from its inputs."""
        facts, use = _facts(request, set_id)
        look = Lookup(facts, use)
        return Response(ResultBody(asdict(result(look))).data)
