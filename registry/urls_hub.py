"""The Hub's routes at the server's root. Included last: they take any owner not reserved."""

from django.urls import path, re_path

from registry.downloads import files, hub
from registry.urls import FREE

NAMES = r"[^/]+)/(?P<name>[^/]+)"  # any: a client wants the same refusal for those that cannot be
REPOSITORY = rf"(?P<owner>{NAMES}"
REV = r"(?P<rev>refs/(?:pr|convert)/[^/]+|[^/]+)"
MODEL = rf"^api/models/{REPOSITORY}"

urlpatterns = [
    path("api/whoami-v2", hub.whoami),
    path("api/validate-yaml", hub.validate_yaml),
    path("api/models", hub.models),
    re_path(rf"{MODEL}$", hub.model_info),
    re_path(rf"{MODEL}/revision/{REV}$", hub.model_info),
    re_path(rf"{MODEL}/tree/{REV}(?:/(?P<path>.*))?$", hub.tree),
    re_path(rf"{MODEL}/paths-info/{REV}$", hub.paths_info),
    re_path(rf"{MODEL}/refs$", hub.refs),
    re_path(rf"{MODEL}/auth-check$", hub.auth_check),
    re_path(rf"^(?P<owner>{FREE}{NAMES}/resolve/{REV}/(?P<path>.*)$", files.resolve),
]
