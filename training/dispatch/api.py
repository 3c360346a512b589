"""REST: runs, their progress and samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.actors import Actor
from training.datasets.services import run_folder
from training.dispatch import selectors, services
from training.models import Run, RunPoint, Sample

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request as Call

    from accounts.models import User


def _actor(call: Call) -> Actor:
    return Actor.of(cast("User", call.user))


class RunLine(serializers.ModelSerializer[Run]):
    model_name = serializers.CharField(source="request.model_name", read_only=True)

    class Meta:
        model = Run
        exclude = ["fence", "leased_until"]


class PointLine(serializers.ModelSerializer[RunPoint]):
    class Meta:
        model = RunPoint
        fields = ["step", "loss", "at"]


class SampleLine(serializers.ModelSerializer[Sample]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = ["id", "url", "sha256", "prompt", "seed"]

    def get_url(self, sample: Sample) -> str:
        address = {"run_id": sample.run_id, "sample_id": sample.pk}
        return reverse("api-run-sample", kwargs=address)


class RunBody(RunLine):
    points = PointLine(many=True, read_only=True)
    samples = SampleLine(many=True, read_only=True)


class RunList(ListAPIView[Run]):
    """Runs that you may see, newest first."""

    serializer_class = RunLine

    def get_queryset(self) -> QuerySet[Run]:
        return selectors.visible(_actor(self.request))


class RunDetail(APIView):
    @extend_schema(responses=RunBody)
    def get(self, call: Call, run_id: UUID) -> Response:
        """One run: where it is, its loss so far, and its samples once it is trained."""
        return Response(RunBody(selectors.find(_actor(call), run_id)).data)


class RunCancel(APIView):
    @extend_schema(request=None, responses=RunBody)
    def post(self, call: Call, run_id: UUID) -> Response:
        """End it early."""
        run = services.cancel(actor=_actor(call), run=selectors.find(_actor(call), run_id))
        return Response(RunBody(run).data)


class RunSample(APIView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, call: Call, run_id: UUID, sample_id: int) -> Any:
        """One sample picture."""
        return sample_file(selectors.find(_actor(call), run_id), sample_id)


def sample_file(run: Run, sample_id: int) -> FileResponse:
    """The PNG of one of the run's samples; Http404 where there is none (any more)."""
    sample = run.samples.filter(pk=sample_id).first()
    path: Path | None = run_folder(run) / "output" / sample.file if sample else None
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")
