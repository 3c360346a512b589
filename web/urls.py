"""Addresses of the pages that show several apps."""

from django.urls import path

from web import health, verifier, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("verify_release.py", verifier.verify_release, name="verify-release"),
    path("release_key.txt", verifier.release_key, name="release-key"),
    path("accounts/outbox/", views.outbox, name="outbox"),
    path("accounts/tokens/<int:token_id>/revoke/", views.token_revoke, name="token-revoke"),
]
