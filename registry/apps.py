"""The registry application."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"

    def ready(self) -> None:
        """Register the system checks."""
        from registry import checks  # noqa: F401 - registers itself
