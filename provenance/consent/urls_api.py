"""API addresses of asking, granting and reserving."""

from django.urls import path

from provenance.consent.api import asks, decisions, grants, reservations, standing

urlpatterns = [
    path("asks/", asks.AskList.as_view()),
    path("asks/<uuid:ask_id>/", asks.AskDetail.as_view()),
    path("asks/<uuid:ask_id>/grant/", asks.AskGrant.as_view()),
    path("asks/<uuid:ask_id>/refuse/", asks.AskRefuse.as_view()),
    path("asks/<uuid:ask_id>/withdraw/", asks.AskWithdraw.as_view()),
    path("image-sets/<uuid:set_id>/ask-all/", asks.AskAll.as_view()),
    path("standing-answers/", standing.StandingList.as_view()),
    path("blocks/", standing.BlockList.as_view()),
    path("blocks/<int:block_id>/lift/", standing.BlockLift.as_view()),
    path("creator-notices/", standing.NoticeList.as_view()),
    path("creator-notices/<uuid:notice_id>/answer/", standing.NoticeAnswered.as_view()),
    path("grants/", grants.GrantList.as_view()),
    path("grants/presets/", grants.PresetList.as_view()),
    path("grants/odrl/", grants.GrantFromOdrl.as_view()),
    path("grants/<uuid:grant_id>/odrl/", grants.GrantOdrl.as_view()),
    path("grants/<uuid:grant_id>/", grants.GrantDetail.as_view()),
    path("grants/<uuid:grant_id>/revoke/", grants.GrantRevoke.as_view()),
    path("reservations/", reservations.ReservationList.as_view()),
    path("reservations/import/", reservations.ReservationImport.as_view()),
    path("reservations/<uuid:reservation_id>/odrl/", reservations.ReservationOdrl.as_view()),
    path("credit-choices/", decisions.CreditList.as_view()),
    path("licences/<str:code>/readings/", decisions.LicenceReadings.as_view()),
    path("policy/", decisions.SitePolicy.as_view()),
    path("reservations/<uuid:reservation_id>/lift/", reservations.ReservationLift.as_view()),
]
