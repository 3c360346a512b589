"""REST addresses of the registry, under /api/v1/."""

from django.urls import path

from registry.catalogue import api as catalogue
from registry.downloads import api as downloads
from registry.release import api as release

urlpatterns = [
    path("endings/", catalogue.Endings.as_view(), name="endings-list"),
    path("models/", catalogue.ModelList.as_view(), name="models-list"),
    path("models/<str:owner>/<str:name>/", catalogue.ModelDetail.as_view(), name="models-detail"),
    path("models/<str:owner>/<str:name>/prov/", catalogue.ModelProv.as_view(), name="models-prov"),
    path(
        "revisions/<uuid:revision_id>/", release.RevisionDetail.as_view(), name="revisions-detail"
    ),
    *(
        path(f"revisions/<uuid:revision_id>/{name}/", view.as_view(), name=f"revisions-{name}")
        for name, view in {
            "release": release.RevisionRelease,
            "audit": release.RevisionAuditAgain,
            "accept-flag": release.RevisionAcceptFlag,
            "quarantine": release.RevisionQuarantine,
            "lift": release.RevisionLift,
            "withdraw": release.RevisionWithdraw,
            "terms": downloads.Terms,
        }.items()
    ),
]
