"""Addresses of the pages of requests and runs."""

from django.urls import path

from training.dispatch import views as dispatch
from training.review import views as review

app_name = "training"
urlpatterns = [
    path("requests/", review.requests, name="requests"),
    path("sets/<uuid:set_id>/request/", review.request_new, name="request-new"),
    path("requests/<uuid:request_id>/", review.request, name="request"),
    path("requests/<uuid:request_id>/edit/", review.request_edit, name="request-edit"),
    path("requests/<uuid:request_id>/<slug:name>/", review.command, name="request-command"),
    path("review/", review.review_queue, name="review-queue"),
    path("review/<uuid:request_id>/", review.review, name="review"),
    path("runs/", dispatch.runs, name="runs"),
    path("runs/<uuid:run_id>/", dispatch.run, name="run"),
    path("runs/<uuid:run_id>/log/", dispatch.log, name="run-log"),
    path("runs/<uuid:run_id>/<slug:name>/", dispatch.command, name="run-command"),
    path("runs/<uuid:run_id>/samples/<int:sample_id>.png", dispatch.sample, name="run-sample"),
]
