"""API addresses of bases, requests and runs."""

from django.urls import path

from training.bases.api import BaseList
from training.dispatch import api as runs
from training.review import api as review

urlpatterns = [
    path("bases/", BaseList.as_view()),
    path("requests/", review.RequestList.as_view()),
    path("requests/<uuid:request_id>/", review.RequestDetail.as_view()),
    *(
        path(f"requests/<uuid:request_id>/{name}/", view.as_view())
        for name, view in review.COMMANDS.items()
    ),
    path("runs/", runs.RunList.as_view()),
    path("runs/<uuid:run_id>/", runs.RunDetail.as_view()),
    path("runs/<uuid:run_id>/log/", runs.RunLog.as_view()),
    path("runs/<uuid:run_id>/<slug:name>/", runs.RunCommand.as_view()),
    path(
        "runs/<uuid:run_id>/samples/<int:sample_id>.png",
        runs.RunSample.as_view(),
        name="api-run-sample",
    ),
]
