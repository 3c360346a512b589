"""Requests, runs and bases in Django's admin: to look at, never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from training.models import Base, Decision, Manifest, Request, Run

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """History is changed by commands, which write the ledger; not by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Base)
class BaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "cleared", "licence", "sha256", "registered_at"]
    list_filter = ["cleared", "licence"]
    search_fields = ["name", "sha256"]


@admin.register(Request)
class RequestAdmin(ReadOnlyAdmin):
    list_display = ["model_name", "applicant", "image_set", "base", "state", "submitted_at"]
    list_filter = ["state", "commercial", "gated", "base"]
    list_select_related = ["applicant", "image_set", "base"]
    search_fields = ["id", "model_name", "token", "applicant__username"]
    date_hierarchy = "created_at"


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "request", "made_at", "is_signed"]
    list_select_related = ["request"]
    search_fields = ["sha256", "request__model_name"]

    @admin.display(boolean=True, description="signed")
    def is_signed(self, manifest: Manifest) -> bool:
        return bool(manifest.signature)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["request", "kind", "reviewer", "decided_at", "reason"]
    list_filter = ["kind", "reviewer"]
    list_select_related = ["request", "reviewer"]
    search_fields = ["manifest_sha256", "request__model_name"]
    date_hierarchy = "decided_at"


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["id", "request", "state", "phase", "step", "steps", "fence", "queued_at"]
    list_filter = ["state"]
    list_select_related = ["request"]
    search_fields = ["id", "request__model_name", "manifest__sha256"]
    date_hierarchy = "queued_at"
