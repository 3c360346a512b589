"""Pages of the registry. Models live at the root, under any owner that is not reserved."""

import re

from django.urls import path, re_path

from accounts.reserved import RESERVED_OWNERS
from registry.catalogue import owning_views, views
from registry.downloads import files
from registry.imports import views as imports

RESERVED = "|".join(re.escape(name) for name in sorted(RESERVED_OWNERS))
FREE = rf"(?!(?i:{RESERVED})/)"
OWNER = rf"(?P<owner>{FREE}[A-Za-z0-9._-]{{1,150}})"
NAME = r"(?P<name>[A-Za-z0-9._-]{1,96})"

app_name = "registry"
urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/imports/", imports.imports, name="imports"),
    path("catalogue/imports/<uuid:import_id>/", imports.imported, name="imported"),
    path("catalogue/imports/<uuid:import_id>/<str:name>/", imports.command, name="import-command"),
    path("catalogue/<uuid:revision_id>/samples/<str:file>", views.sample, name="sample"),
    path("catalogue/<uuid:revision_id>/pairs/<int:index>/<str:side>", views.pair, name="pair"),
    path("catalogue/<uuid:revision_id>/download.zip", views.download, name="download"),
    path("catalogue/<uuid:revision_id>/links/<str:token>", files.linked, name="linked"),
    path("catalogue/access/<uuid:request_id>/", owning_views.decide, name="decide-access"),
    path("catalogue/<uuid:revision_id>/diff/<uuid:other_id>/", owning_views.diff, name="diff"),
    path("catalogue/<uuid:revision_id>/<str:name>/", owning_views.command, name="command"),
    re_path(rf"^{OWNER}/{NAME}$", views.model, name="model"),
]
