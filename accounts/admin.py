"""Users and tokens in Django's admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import AccessToken, User


@admin.register(User)
class ImprimaturUserAdmin(UserAdmin):
    list_display = ["username", "email", "is_reviewer", "is_auditor", "is_operator", "is_active"]
    list_filter = ["is_reviewer", "is_auditor", "is_operator", "is_active"]
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Roles", {"fields": ["is_reviewer", "is_auditor", "is_operator"]}),
    )


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    list_display = ["user", "label", "created_at", "last_used_at", "revoked_at"]
    readonly_fields = ["user", "digest", "created_at", "last_used_at"]
