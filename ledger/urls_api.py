"""Addresses of the ledger's API, to be included under /api/v1/ledger/."""

from django.urls import path

from ledger import api

app_name = "ledger-api"
urlpatterns = [
    path("entries/", api.EntriesView.as_view(), name="entries"),
    path("entries/<uuid:pk>/", api.EntryView.as_view(), name="entry"),
    path("entries/<uuid:pk>/proof/", api.ProofView.as_view(), name="proof"),
    path("tree-heads/", api.TreeHeadsView.as_view(), name="tree-heads"),
    path("tree-heads/latest/", api.LatestTreeHeadView.as_view(), name="tree-head-latest"),
    path("consistency/", api.ConsistencyView.as_view(), name="consistency"),
]
