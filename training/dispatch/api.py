"""REST: runs, their progress and samples."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.requests import actor_of
from training.datasets.services import run_folder
from training.dispatch import commands, rules, selectors
from training.models import AuditPicture, Run, RunPoint, Sample
from training.review.estimates import cost_of

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request as Call


LONGEST_WAIT = 25
"""Seconds that a long poll may hold a thread of the server."""
LOOK_EVERY = 0.5
LOG_BYTES = 200_000


class RunLine(serializers.ModelSerializer[Run]):
    model_name = serializers.CharField(source="request.model_name", read_only=True)

    class Meta:
        model = Run
        exclude = ["fence", "leased_until", "losses", "screening", "notes", "lost", "device"]


class PointLine(serializers.ModelSerializer[RunPoint]):
    class Meta:
        model = RunPoint
        fields = ["step", "loss", "learning_rate", "steps_per_second", "at"]


class SampleLine(serializers.ModelSerializer[Sample]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ["id", "url", "sha256", "prompt", "seed"]

    def get_url(self, sample: Sample) -> str:
        address = {"run_id": sample.run_id, "sample_id": sample.pk}
        return reverse("api-run-sample", kwargs=address)


class AuditLine(serializers.ModelSerializer[AuditPicture]):
    class Meta:
        model = AuditPicture
        fields = ["set", "file", "sha256", "prompt", "seed"]


class RunBody(RunLine):
    """A run with all that was measured; `version` changes whenever it does."""

    version = serializers.SerializerMethodField()
    commands = serializers.SerializerMethodField()
    cost = serializers.SerializerMethodField(help_text="Null: this site names no price.")
    points = PointLine(many=True, read_only=True)
    samples = SampleLine(many=True, read_only=True)
    audit_pictures = AuditLine(many=True, read_only=True)

    class Meta:
        model = Run
        exclude = ["fence", "leased_until", "lost", "device"]

    def get_version(self, run: Run) -> str:
        return selectors.version_of(run)

    def get_cost(self, run: Run) -> float | None:
        return cost_of(run.busy_seconds, run.resource)

    def get_commands(self, run: Run) -> list[str]:
        return selectors.commands_for(self.context["actor"], run)


class Waiting(serializers.Serializer[Any]):
    """What a long poll says."""

    wait = serializers.FloatField(
        min_value=0, max_value=LONGEST_WAIT, default=0, help_text="Seconds to wait for a change."
    )
    version = serializers.CharField(
        default="", allow_blank=True, help_text="Answer once the run's is another one."
    )


class RunList(ListAPIView[Run]):
    """Runs that you may see, newest first."""

    serializer_class = RunLine

    def get_queryset(self) -> QuerySet[Run]:
        return selectors.visible(actor_of(self.request))


class RunDetail(APIView):
    @extend_schema(parameters=[Waiting], responses=RunBody)
    def get(self, call: Call, run_id: UUID) -> Response:
        """One run: where it is, its loss so far, and its samples once it is trained.

        With `wait` and the `version` that you have seen, the answer comes when it changes.
        """
        asked = Waiting(data=call.query_params)
        asked.is_valid(raise_exception=True)
        until = time.monotonic() + asked.validated_data["wait"]
        run = selectors.find(actor_of(call), run_id)
        while selectors.version_of(run) == asked.validated_data["version"]:
            if run.state not in selectors.LIVE or time.monotonic() >= until:
                break
            time.sleep(LOOK_EVERY)
            run = selectors.find(actor_of(call), run_id)
        return _body(call, run)


class RunCommand(APIView):
    @extend_schema(request=None, responses=RunBody)
    def post(self, call: Call, run_id: UUID, name: str) -> Response:
        """Pause it, let it go on (resume), try it again (retry), or cancel it."""
        if name not in rules.BY_NAME:
            raise Http404
        actor = actor_of(call)
        return _body(call, commands.give(actor=actor, run=selectors.find(actor, run_id), name=name))


class RunLog(APIView):
    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, call: Call, run_id: UUID) -> Any:
        """What the trainer wrote besides its progress, of every attempt."""
        return log_file(selectors.find(actor_of(call), run_id))


def _body(call: Call, run: Run) -> Response:
    return Response(RunBody(run, context={"actor": actor_of(call)}).data)


def log_file(run: Run) -> HttpResponse:
    """The logs of the run's phases one after the other, the newest LOG_BYTES of each."""
    said = []
    for path in sorted(run_folder(run).glob("*.log")):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            said.append(f"== {path.stem} ==\n{file.read().decode(errors='replace')}")
    return HttpResponse("\n".join(said), content_type="text/plain; charset=utf-8")


class RunSample(APIView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, call: Call, run_id: UUID, sample_id: int) -> Any:
        """One sample picture."""
        return sample_file(selectors.find(actor_of(call), run_id), sample_id)


def sample_file(run: Run, sample_id: int) -> FileResponse:
    """The PNG of one of the run's samples; Http404 where there is none (any more)."""
    sample = run.samples.filter(pk=sample_id).first()
    path: Path | None = run_folder(run) / "output" / sample.file if sample else None
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")
