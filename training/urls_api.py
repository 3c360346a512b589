"""API addresses of bases, requests and runs."""

from django.urls import path

from training.bases.api import BaseList
from training.dispatch import api as runs
from training.review import api as review

urlpatterns = [
    path("bases/", BaseList.as_view()),
    path("requests/", review.RequestList.as_view()),
    path("requests/<uuid:request_id>/", review.RequestDetail.as_view()),
    path("requests/<uuid:request_id>/check/", review.RequestCheck.as_view()),
    path("requests/<uuid:request_id>/rehearse/", review.RequestRehearse.as_view()),
    path("requests/<uuid:request_id>/submit/", review.RequestSubmit.as_view()),
    path("requests/<uuid:request_id>/close/", review.RequestClose.as_view()),
    path("requests/<uuid:request_id>/resolve/", review.RequestResolve.as_view()),
    path("requests/<uuid:request_id>/approve/", review.RequestApprove.as_view()),
    path("requests/<uuid:request_id>/return/", review.RequestReturn.as_view()),
    path("requests/<uuid:request_id>/reject/", review.RequestReject.as_view()),
    path("requests/<uuid:request_id>/revoke/", review.RequestRevoke.as_view()),
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
