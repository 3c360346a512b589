"""API addresses of sets, pictures, works, parties, evidence and protections."""

from django.urls import path

from provenance.attribution.api import (
    chain,
    contacts,
    delegations,
    disputes,
    erasing,
    evidence,
    layers,
    lineage,
    merges,
    parties,
    works,
)
from provenance.clearance import api as clearance
from provenance.intake import api as intake
from provenance.intake import custody_api as custody
from provenance.naming import api as naming
from provenance.screening import api as screening
from provenance.screening import bank_api as banks

urlpatterns = [
    path("image-sets/", intake.SetList.as_view()),
    path("image-sets/<uuid:set_id>/", intake.SetDetail.as_view()),
    path("image-sets/<uuid:set_id>/images/", intake.ItemList.as_view()),
    path("image-sets/<uuid:set_id>/images/<uuid:item_id>/", intake.ItemDetail.as_view()),
    path(
        "image-sets/<uuid:set_id>/images/<uuid:item_id>/explanation/",
        clearance.Explanation.as_view(),
    ),
    path("image-sets/<uuid:set_id>/what-if/", clearance.WhatIf.as_view()),
    path("image-sets/<uuid:set_id>/result/", clearance.SetResult.as_view()),
    path("image-sets/<uuid:set_id>/images/<uuid:item_id>/custody/", custody.CustodyList.as_view()),
    path("image-sets/<uuid:set_id>/copy/", custody.SetCopy.as_view()),
    path("image-sets/<uuid:set_id>/declarations/", intake.DeclarationTable.as_view()),
    path("image-sets/<uuid:set_id>/verdict/", intake.SetVerdict.as_view()),
    path("image-sets/<uuid:set_id>/prov/", lineage.SetProv.as_view()),
    path("works/", works.WorkList.as_view()),
    path("works/<uuid:work_id>/", works.WorkDetail.as_view()),
    path("works/<uuid:work_id>/prov/", lineage.WorkProv.as_view()),
    path("works/<uuid:work_id>/identifiers/", works.IdentifierList.as_view()),
    path("works/<uuid:work_id>/identifiers/<int:number>/", works.IdentifierDetail.as_view()),
    path("works/<uuid:work_id>/chain/", chain.ChainList.as_view()),
    path("works/<uuid:work_id>/chain/<uuid:link_id>/", chain.ChainLink.as_view()),
    path("works/<uuid:work_id>/layers/", layers.LayerList.as_view()),
    path("works/<uuid:work_id>/layers/<int:number>/", layers.LayerDetail.as_view()),
    path("works/<uuid:work_id>/statuses/", layers.StatusList.as_view()),
    path("works/<uuid:work_id>/disputes/", disputes.DisputeList.as_view()),
    path(
        "works/<uuid:work_id>/disputes/<uuid:dispute_id>/resolve/",
        disputes.DisputeResolve.as_view(),
    ),
    path("disputes/", disputes.ClaimList.as_view()),
    path("parties/", parties.PartyList.as_view()),
    path("parties/<uuid:party_id>/", parties.PartyDetail.as_view()),
    path("parties/<uuid:party_id>/claim/", parties.PartyClaim.as_view()),
    path("parties/<uuid:party_id>/erasure/", erasing.ErasureRequest.as_view()),
    path("parties/<uuid:party_id>/erase/", erasing.PartyErase.as_view()),
    path("erasures/", erasing.ErasureList.as_view()),
    path("ledger/entries/<uuid:entry_id>/erase-statement/", erasing.WordsErase.as_view()),
    path("parties/<uuid:party_id>/names/", parties.NameList.as_view()),
    path("parties/<uuid:party_id>/names/<int:name_id>/end/", parties.NameEnd.as_view()),
    path("parties/<uuid:party_id>/namesakes/", naming.NamesakeList.as_view()),
    path("parties/<uuid:party_id>/death/", naming.PartyDeath.as_view()),
    path("parties/<uuid:party_id>/signatories/", parties.Signatories.as_view()),
    path("parties/<uuid:party_id>/contacts/", contacts.ContactList.as_view()),
    path("parties/<uuid:party_id>/delegations/", delegations.DelegationList.as_view()),
    path("parties/<uuid:party_id>/merge/", merges.Merge.as_view()),
    path("party-merges/<uuid:merge_id>/undo/", merges.MergeUndo.as_view()),
    path("contacts/<uuid:contact_id>/code/", contacts.ContactCodes.as_view()),
    path("contacts/<uuid:contact_id>/answer/", contacts.ContactAnswer.as_view()),
    path("contacts/<uuid:contact_id>/token/", contacts.ContactToken.as_view()),
    path("contacts/<uuid:contact_id>/check/", contacts.ContactCheck.as_view()),
    path("contacts/<uuid:contact_id>/end/", contacts.ContactEnd.as_view()),
    path("delegations/<uuid:delegation_id>/end/", delegations.DelegationEnd.as_view()),
    path("licences/", works.LicenceList.as_view()),
    path("evidence/", evidence.EvidenceList.as_view()),
    path("evidence/<uuid:evidence_id>/check/", evidence.EvidenceCheck.as_view()),
    path("protections/", screening.ProtectionList.as_view()),
    path("banks/", banks.BankList.as_view()),
    path("banks/<int:bank_id>/", banks.BankDetail.as_view()),
    path("banks/<int:bank_id>/entries/", banks.EntryList.as_view()),
    path("banks/<int:bank_id>/entries/<int:entry_id>/end/", banks.EntryEnd.as_view()),
]
