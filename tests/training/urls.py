"""The product's addresses but for the registry's, so that these tests stand below it."""

from django.urls import include, path

api = [
    path("", include("provenance.urls_api")),
    path("", include("provenance.consent.urls_api")),
    path("", include("training.urls_api")),
]
urlpatterns = [
    path("", include("web.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include(api)),
    path("", include("provenance.urls")),
    path("", include("training.urls")),
    path("ledger/", include("ledger.urls")),
    path("tree-heads/", include("ledger.urls_tree_heads")),
]
