"""The addresses that these tests call: those of the apps below training."""

from django.urls import include, path

urlpatterns = [
    path("", include("web.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("provenance.urls_api")),
    path("api/v1/", include("provenance.consent.urls_api")),
    path("", include("provenance.urls")),
    path("ledger/", include("ledger.urls")),
    path("tree-heads/", include("ledger.urls_tree_heads")),
]
