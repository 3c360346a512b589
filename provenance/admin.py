"""Rights and pictures in Django's admin; what was decided or found is read-only history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from accounts.requests import actor_of
from ledger.admin import ReadOnlyAdmin
from provenance import models
from provenance.attribution.parties import record_death

if TYPE_CHECKING:
    from django.http import HttpRequest


class NameInline(admin.TabularInline):
    model = models.PartyName
    extra = max_num = 0
    can_delete = False  # a name ends by a command, with a reason
    readonly_fields = ["text", "kind"]


@admin.register(models.Party)
class PartyAdmin(ReadOnlyAdmin):
    """The year of a death alone is written here, by the command that tells the ledger."""

    list_display = ["name", "kind", "level", "registered_at"]
    list_filter = ["kind", "level"]
    search_fields = ["name", "other_names__text"]
    fields = ["name", "kind", "level", "merged_into", "died"]
    readonly_fields = ["name", "kind", "level", "merged_into"]
    inlines = [NameInline]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: models.Party, form: Any, change: bool) -> None:
        record_death(actor=actor_of(request), party=obj, year=obj.died)


@admin.register(models.Licence)
class LicenceAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "training", "commercial", "derivatives", "share_alike"]
    list_filter = ["kind", "training", "commercial", "derivatives"]
    search_fields = ["code", "name"]


@admin.register(models.LicenceReading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ["licence", "number", "reason", "read_by", "read_at"]


@admin.register(models.PolicyRecord)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ["reason", "decided_by", "decided_at"]


@admin.register(models.PartyMember)
class MemberAdmin(ReadOnlyAdmin):
    list_display = ["party", "user", "level", "since"]
    list_filter = ["level"]


@admin.register(models.Contact)
class ContactAdmin(ReadOnlyAdmin):
    list_display = ["party", "kind", "level", "added_by", "added_at", "ended_at"]
    list_filter = ["kind", "level"]


@admin.register(models.Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ["principal", "agent", "role", "level", "starts", "ends", "ended_at"]
    list_filter = ["role", "level"]
    search_fields = ["principal__name", "agent__name"]


@admin.register(models.PartyMerge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ["kept", "merged", "undoes", "merged_by", "merged_at"]


@admin.register(models.Work)
class WorkAdmin(ReadOnlyAdmin):
    list_display = ["title", "reference", "source", "registered_by", "registered_at"]
    list_filter = ["source"]
    search_fields = ["title", "reference"]


@admin.register(models.TitleLink)
class TitleLinkAdmin(ReadOnlyAdmin):
    list_display = ["work", "party", "kind", "level", "evidence", "ended_at"]
    list_filter = ["kind", "level"]
    search_fields = ["work__title", "party__name"]


@admin.register(models.LicenceClaim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["work", "licence", "licensor", "declared_by", "declared_at"]
    list_filter = ["licence"]


@admin.register(models.Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["title", "media_type", "identity_level", "title_level", "checked_at"]
    list_filter = ["identity_level", "title_level", "media_type"]
    search_fields = ["title", "sha256"]


@admin.register(models.Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "format", "width", "height", "quality", "received_at"]
    list_filter = ["format"]
    search_fields = ["sha256", "normalised_sha256", "pdq"]


@admin.register(models.ImageSet)
class SetAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "created_at", "frozen_at"]
    list_filter = ["created_at"]
    search_fields = ["name", "owner__username"]


@admin.register(models.Protection)
class ProtectionAdmin(ReadOnlyAdmin):
    list_display = ["reference", "work", "holder", "level", "ended_at"]
    list_filter = ["level"]
    search_fields = ["reference", "work__title", "holder__name"]


@admin.register(models.Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    list_display = ["image", "bank_version", "rule_version", "low_information", "screened_at"]
    list_filter = ["low_information", "rule_version"]


@admin.register(models.Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ["image", "entry", "outcome", "score", "method"]
    list_filter = ["outcome", "method"]


@admin.register(models.Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["assigner", "assignee", "actions", "not_after", "given_at", "revoked_at"]
    list_filter = ["identity_level", "given_at"]
    search_fields = ["assigner__name"]


@admin.register(models.Ask)
class AskAdmin(ReadOnlyAdmin):
    list_display = ["party", "applicant", "image_set", "state", "asked_at"]
    list_filter = ["state"]


@admin.register(models.Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ["party", "work", "registered_at", "lifted_at"]


@admin.register(models.Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ["subject", "outcome", "policy_version", "evaluated_at"]
    list_filter = ["outcome", "policy_version"]
    search_fields = ["subject"]


@admin.register(models.Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ["code", "subject", "how", "reviewer", "decided_at"]
    list_filter = ["code", "how"]


@admin.register(models.Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ["subject", "outcome", "valid_until", "stale_at"]
    list_filter = ["outcome"]
