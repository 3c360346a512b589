"""Addresses of the pages of sets, evidence and consent."""

from django.urls import include, path

app_name = "provenance"
urlpatterns = [
    path("", include("provenance.consent.urls")),
]
