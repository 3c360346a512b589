"""Rights and pictures in Django's admin; what was decided or found is read-only history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from provenance import models


class History(admin.ModelAdmin):
    """Shown, never changed: whoever wants another answer has to make a new decision."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class NameInline(admin.TabularInline):
    model = models.PartyName
    extra = max_num = 0
    can_delete = False  # a name ends by a command, with a reason
    readonly_fields = ["text", "kind"]


@admin.register(models.Party)
class PartyAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "level", "registered_at"]
    list_filter = ["kind", "level"]
    search_fields = ["name", "other_names__text"]
    inlines = [NameInline]


@admin.register(models.Licence)
class LicenceAdmin(History):
    list_display = ["code", "name", "training", "commercial", "derivatives", "share_alike"]
    list_filter = ["kind", "training", "commercial", "derivatives"]
    search_fields = ["code", "name"]


@admin.register(models.LicenceReading)
class ReadingAdmin(History):
    list_display = ["licence", "number", "reason", "read_by", "read_at"]


@admin.register(models.PolicyRecord)
class PolicyAdmin(History):
    list_display = ["reason", "decided_by", "decided_at"]


@admin.register(models.PartyMember)
class MemberAdmin(History):
    list_display = ["party", "user", "level", "since"]
    list_filter = ["level"]


@admin.register(models.Contact)
class ContactAdmin(History):
    list_display = ["party", "kind", "level", "added_by", "added_at", "ended_at"]
    list_filter = ["kind", "level"]


@admin.register(models.Delegation)
class DelegationAdmin(History):
    list_display = ["principal", "agent", "role", "level", "starts", "ends", "ended_at"]
    list_filter = ["role", "level"]
    search_fields = ["principal__name", "agent__name"]


@admin.register(models.PartyMerge)
class MergeAdmin(History):
    list_display = ["kept", "merged", "undoes", "merged_by", "merged_at"]


@admin.register(models.Work)
class WorkAdmin(History):
    list_display = ["title", "reference", "source", "registered_by", "registered_at"]
    list_filter = ["source"]
    search_fields = ["title", "reference"]


@admin.register(models.TitleLink)
class TitleLinkAdmin(History):
    list_display = ["work", "party", "kind", "level", "evidence", "ended_at"]
    list_filter = ["kind", "level"]
    search_fields = ["work__title", "party__name"]


@admin.register(models.LicenceClaim)
class ClaimAdmin(History):
    list_display = ["work", "licence", "licensor", "declared_by", "declared_at"]
    list_filter = ["licence"]


@admin.register(models.Evidence)
class EvidenceAdmin(History):
    list_display = ["title", "media_type", "identity_level", "title_level", "checked_at"]
    list_filter = ["identity_level", "title_level", "media_type"]
    search_fields = ["title", "sha256"]


@admin.register(models.Image)
class ImageAdmin(History):
    list_display = ["sha256", "format", "width", "height", "quality", "received_at"]
    list_filter = ["format"]
    search_fields = ["sha256", "normalised_sha256", "pdq"]


@admin.register(models.ImageSet)
class SetAdmin(History):
    list_display = ["name", "owner", "created_at", "frozen_at"]
    list_filter = ["created_at"]
    search_fields = ["name", "owner__username"]


@admin.register(models.Protection)
class ProtectionAdmin(History):
    list_display = ["reference", "work", "holder", "level", "ended_at"]
    list_filter = ["level"]
    search_fields = ["reference", "work__title", "holder__name"]


@admin.register(models.Screening)
class ScreeningAdmin(History):
    list_display = ["image", "bank_version", "rule_version", "low_information", "screened_at"]
    list_filter = ["low_information", "rule_version"]


@admin.register(models.Match)
class MatchAdmin(History):
    list_display = ["image", "entry", "outcome", "score", "method"]
    list_filter = ["outcome", "method"]


@admin.register(models.Grant)
class GrantAdmin(History):
    list_display = ["assigner", "assignee", "actions", "not_after", "given_at", "revoked_at"]
    list_filter = ["identity_level", "given_at"]
    search_fields = ["assigner__name"]


@admin.register(models.Ask)
class AskAdmin(History):
    list_display = ["party", "applicant", "image_set", "state", "asked_at"]
    list_filter = ["state"]


@admin.register(models.Reservation)
class ReservationAdmin(History):
    list_display = ["party", "work", "registered_at", "lifted_at"]


@admin.register(models.Evaluation)
class EvaluationAdmin(History):
    list_display = ["subject", "outcome", "policy_version", "evaluated_at"]
    list_filter = ["outcome", "policy_version"]
    search_fields = ["subject"]


@admin.register(models.Resolution)
class ResolutionAdmin(History):
    list_display = ["code", "subject", "how", "reviewer", "decided_at"]
    list_filter = ["code", "how"]


@admin.register(models.Standing)
class StandingAdmin(History):
    list_display = ["subject", "outcome", "valid_until", "stale_at"]
    list_filter = ["outcome"]
