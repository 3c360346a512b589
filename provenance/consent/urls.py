"""Addresses of the consent pages, in the namespace "provenance"."""

from django.urls import path

from provenance.consent import giving_views, views

urlpatterns = [
    path("consent/", views.asks, name="asks"),
    path("consent/grants/", views.grants, name="grants"),
    path("consent/grants/new/", giving_views.grant_new, name="grant-new"),
    path("consent/credit/", giving_views.credit, name="credit"),
    path("consent/grants/<uuid:grant_id>/revoke/", views.grant_revoke, name="grant-revoke"),
    path("consent/<uuid:ask_id>/", views.ask, name="ask"),
    path("sets/<uuid:set_id>/ask/", views.ask_new, name="ask-new"),
]
