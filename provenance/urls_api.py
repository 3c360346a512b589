"""API addresses of sets, pictures, works, parties, evidence and protections."""

from django.urls import path

from provenance.attribution import api as attribution
from provenance.attribution import erasing_api as erasing
from provenance.attribution import lineage_api as lineage
from provenance.intake import api as intake
from provenance.screening import api as screening

urlpatterns = [
    path("image-sets/", intake.SetList.as_view()),
    path("image-sets/<uuid:set_id>/", intake.SetDetail.as_view()),
    path("image-sets/<uuid:set_id>/images/", intake.ItemList.as_view()),
    path("image-sets/<uuid:set_id>/images/<uuid:item_id>/", intake.ItemDetail.as_view()),
    path("image-sets/<uuid:set_id>/declarations/", intake.DeclarationTable.as_view()),
    path("image-sets/<uuid:set_id>/verdict/", intake.SetVerdict.as_view()),
    path("image-sets/<uuid:set_id>/prov/", lineage.SetProv.as_view()),
    path("works/", attribution.WorkList.as_view()),
    path("works/<uuid:work_id>/", attribution.WorkDetail.as_view()),
    path("works/<uuid:work_id>/prov/", lineage.WorkProv.as_view()),
    path("parties/", attribution.PartyList.as_view()),
    path("parties/<uuid:party_id>/", attribution.PartyDetail.as_view()),
    path("parties/<uuid:party_id>/claim/", attribution.PartyClaim.as_view()),
    path("parties/<uuid:party_id>/erasure/", erasing.ErasureRequest.as_view()),
    path("parties/<uuid:party_id>/erase/", erasing.PartyErase.as_view()),
    path("erasures/", erasing.ErasureList.as_view()),
    path("ledger/entries/<uuid:entry_id>/erase-statement/", erasing.WordsErase.as_view()),
    path("licences/", attribution.LicenceList.as_view()),
    path("evidence/", attribution.EvidenceList.as_view()),
    path("evidence/<uuid:evidence_id>/check/", attribution.EvidenceCheck.as_view()),
    path("protections/", screening.ProtectionList.as_view()),
]
