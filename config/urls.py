"""All addresses. The Hub's routes come last: they take any owner that is not reserved."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from web.views import ApiDocs, account

api: list[URLPattern | URLResolver] = [
    path("", include("provenance.urls_api")),
    path("", include("provenance.consent.urls_api")),
    path("", include("training.urls_api")),
    path("", include("registry.urls_api")),
    path("ledger/", include("ledger.urls_api")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", ApiDocs.as_view(url_name="schema"), name="api-docs"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("web.urls")),
    path("admin/", admin.site.urls),
    path("accounts/profile/", account, name="account_profile"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include(api)),
    path("", include("provenance.urls")),
    path("", include("training.urls")),
    path("ledger/", include("ledger.urls")),
    path("tree-heads/", include("ledger.urls_tree_heads")),
    path("", include("registry.urls")),
    path("", include("registry.urls_hub")),
]

handler404 = "web.errors.not_found"
handler500 = "web.errors.broken"
