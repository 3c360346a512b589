"""The accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Register how the schema tells of access tokens."""
        from accounts import schema  # noqa: F401 - registers itself
