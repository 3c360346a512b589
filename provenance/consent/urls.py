"""Addresses of the consent pages, in the namespace "provenance"."""

from django.urls import path

from provenance.consent import giving_views, link_views, reserving_views, standing_views, views

urlpatterns = [
    path("consent/", views.asks, name="asks"),
    path("consent/answer/<str:token>/", link_views.link, name="link"),
    path(
        "consent/answer/<str:token>/pictures/<uuid:item_id>/",
        link_views.link_picture,
        name="link-picture",
    ),
    path("consent/standing/", standing_views.standing, name="standing"),
    path("consent/blocks/<int:block_id>/lift/", standing_views.unblock, name="unblock"),
    path("consent/reservations/", reserving_views.reservations, name="reservations"),
    path(
        "consent/reservations/<uuid:reservation_id>/lift/",
        reserving_views.lift,
        name="reservation-lift",
    ),
    path("consent/grants/", views.grants, name="grants"),
    path("consent/grants/new/", giving_views.grant_new, name="grant-new"),
    path("consent/credit/", giving_views.credit, name="credit"),
    path("consent/grants/<uuid:grant_id>/revoke/", views.grant_revoke, name="grant-revoke"),
    path("consent/<uuid:ask_id>/", views.ask, name="ask"),
    path("consent/<uuid:ask_id>/withdraw/", views.ask_withdraw, name="ask-withdraw"),
    path("sets/<uuid:set_id>/ask-all/", views.ask_all, name="ask-all"),
    path("sets/<uuid:set_id>/ask/", views.ask_new, name="ask-new"),
]
