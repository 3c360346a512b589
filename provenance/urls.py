"""Addresses of the pages of sets, evidence and consent."""

from django.urls import include, path

from provenance.attribution import party_views, work_views
from provenance.attribution import views as attribution
from provenance.clearance import views as clearance
from provenance.intake import views as intake
from provenance.screening import bank_views
from provenance.screening import views as screening

app_name = "provenance"
urlpatterns = [
    path("sets/", intake.sets, name="sets"),
    path("sets/new/", intake.set_new, name="set-new"),
    path("sets/<uuid:set_id>/", intake.set_detail, name="set"),
    path("sets/<uuid:set_id>/upload/", intake.set_upload, name="set-upload"),
    path("sets/<uuid:set_id>/rename/", intake.set_rename, name="set-rename"),
    path("sets/<uuid:set_id>/check/", intake.set_check, name="set-check"),
    path("sets/<uuid:set_id>/what-if/", clearance.set_what_if, name="set-what-if"),
    path("sets/<uuid:set_id>/table/", intake.set_table, name="set-table"),
    path("sets/<uuid:set_id>/declarations.csv", intake.set_template, name="set-template"),
    path("sets/<uuid:set_id>/declare/", intake.set_declare, name="set-declare"),
    path("sets/pictures/<uuid:item_id>/", intake.item, name="item"),
    path("sets/pictures/<uuid:item_id>/thumbnail/", intake.thumbnail, name="thumbnail"),
    path("sets/pictures/<uuid:item_id>/picture/", intake.picture, name="picture"),
    path("sets/evidence/", attribution.evidence, name="evidence"),
    path("sets/evidence/<uuid:evidence_id>/", attribution.evidence_file, name="evidence-file"),
    path(
        "sets/evidence/<uuid:evidence_id>/check/", attribution.evidence_check, name="evidence-check"
    ),
    path("sets/pictures/<uuid:item_id>/custody/", intake.item_custody, name="item-custody"),
    path("sets/<uuid:set_id>/copy/", intake.set_copy, name="set-copy"),
    path("sets/pictures/<uuid:item_id>/matches/<int:match_id>/", screening.match, name="match"),
    path(
        "sets/pictures/<uuid:item_id>/matches/<int:match_id>/picture/",
        screening.match_picture,
        name="match-picture",
    ),
    path("sets/<uuid:set_id>/alike/", screening.alike, name="set-alike"),
    path("works/protected/", screening.protections, name="protections"),
    path("works/protected/document/", screening.protections_document, name="protections-document"),
    path(
        "works/protected/<uuid:protection_id>/thumbnail/",
        screening.protection_thumbnail,
        name="protection-thumbnail",
    ),
    path("works/banks/", bank_views.banks, name="banks"),
    path("works/banks/<int:bank_id>/", bank_views.bank, name="bank"),
    path(
        "works/banks/<int:bank_id>/entries/<int:entry_id>/end/",
        bank_views.entry_end,
        name="bank-entry-end",
    ),
    path("works/claims/", work_views.claims, name="claims"),
    path("works/<uuid:work_id>/", work_views.work, name="work"),
    path("parties/new/", party_views.party_new, name="party-new"),
    path("parties/<uuid:party_id>/", party_views.party, name="party"),
    path("parties/<uuid:party_id>/<slug:act>/", party_views.party_act, name="party-act"),
    path("", include("provenance.consent.urls")),
]
