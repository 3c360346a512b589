"""Models, revisions, audits and downloads in Django's admin: to read, never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from registry.models import Acceptance, Audit, Download, Model, Revision

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Model)
class ModelAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "gated", "created_at"]
    list_filter = ["gated"]
    search_fields = ["name", "owner__username"]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["model", "state", "commit", "licence", "released_at", "ended_at"]
    list_filter = ["state", "licence"]
    search_fields = ["model__name", "commit"]


@admin.register(Audit)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ["revision_id", "outcome", "made_at"]
    list_filter = ["outcome"]


@admin.register(Download)
class DownloadAdmin(ReadOnlyAdmin):
    list_display = ["revision_id", "user", "first_at", "last_at", "told_at"]
    list_filter = ["told_at"]


@admin.register(Acceptance)
class AcceptanceAdmin(ReadOnlyAdmin):
    list_display = ["revision_id", "user", "terms_sha256", "accepted_at"]
