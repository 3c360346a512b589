"""API addresses of asking, granting and reserving."""

from django.urls import path

from provenance.consent import api

urlpatterns = [
    path("asks/", api.AskList.as_view()),
    path("asks/<uuid:ask_id>/", api.AskDetail.as_view()),
    path("asks/<uuid:ask_id>/grant/", api.AskGrant.as_view()),
    path("asks/<uuid:ask_id>/refuse/", api.AskRefuse.as_view()),
    path("grants/", api.GrantList.as_view()),
    path("grants/<uuid:grant_id>/", api.GrantDetail.as_view()),
    path("grants/<uuid:grant_id>/revoke/", api.GrantRevoke.as_view()),
    path("reservations/", api.ReservationList.as_view()),
    path("reservations/<uuid:reservation_id>/lift/", api.ReservationLift.as_view()),
]
