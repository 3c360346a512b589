"""Read-only lists for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from ledger.models import Doorbell, Entry, Leaf, TreeHead

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "subject", "actor", "position")
    search_fields = ("=subject", "=actor", "=digest")
    list_filter = ("kind",)
    ordering = ("-at",)


@admin.register(Leaf)
class LeafAdmin(ReadOnlyAdmin):
    list_display = ("index", "entry")
    list_select_related = ("entry",)
    ordering = ("-index",)


@admin.register(TreeHead)
class TreeHeadAdmin(ReadOnlyAdmin):
    list_display = ("size", "root", "at", "key")
    ordering = ("-size",)


@admin.register(Doorbell)
class DoorbellAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "task", "object_id")
    ordering = ("created_at",)
