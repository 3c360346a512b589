"""REST addresses of the registry, under /api/v1/."""

from django.urls import path
from rest_framework.views import APIView

from registry.catalogue import api as catalogue
from registry.downloads.api import access
from registry.downloads.api import terms as downloads
from registry.imports import api as imports
from registry.release.api import pointing
from registry.release.api import revisions as release

OF_A_REVISION: dict[str, type[APIView]] = {
    "audits": release.RevisionAudits,
    **release.COMMANDS,
    "terms": downloads.Terms,
    "links": downloads.Links,
    "labels": pointing.Labels,
    "deprecate": pointing.Deprecate,
}
urlpatterns = [
    path("endings/", catalogue.Endings.as_view(), name="endings-list"),
    path("models/", catalogue.ModelList.as_view(), name="models-list"),
    path("models/<str:owner>/<str:name>/", catalogue.ModelDetail.as_view(), name="models-detail"),
    path("models/<str:owner>/<str:name>/prov/", catalogue.ModelProv.as_view(), name="models-prov"),
    path("models/<str:owner>/<str:name>/rename/", pointing.Rename.as_view(), name="models-rename"),
    path("models/<str:owner>/<str:name>/access/", access.Access.as_view(), name="models-access"),
    path("access-requests/", access.AccessList.as_view(), name="access-list"),
    path(
        "access-requests/<uuid:request_id>/<str:decision>/",
        access.AccessDecision.as_view(),
        name="access-decision",
    ),
    path("owners/<str:owner>/rename/", pointing.RenameOwner.as_view(), name="owners-rename"),
    path("imports/", imports.Imports.as_view(), name="imports-list"),
    path("imports/<uuid:import_id>/", imports.ImportDetail.as_view(), name="imports-detail"),
    *(
        path(f"imports/<uuid:import_id>/{name}/", view.as_view(), name=f"imports-{name}")
        for name, view in imports.COMMANDS.items()
    ),
    path("receipts/", access.Receipts.as_view(), name="receipts-list"),
    path("uses/", access.Uses.as_view(), name="uses-list"),
    path("revocations/", access.Revocations.as_view(), name="revocations"),
    path(
        "revisions/<uuid:revision_id>/diff/<uuid:other_id>/",
        pointing.Diff.as_view(),
        name="revisions-diff",
    ),
    path(
        "revisions/<uuid:revision_id>/", release.RevisionDetail.as_view(), name="revisions-detail"
    ),
    *(
        path(f"revisions/<uuid:revision_id>/{name}/", view.as_view(), name=f"revisions-{name}")
        for name, view in OF_A_REVISION.items()
    ),
]
