"""Names that nobody can sign up with, as they begin addresses of the site itself.

Models live at `/{owner}/{name}`; a system check of the registry compares this list with the URLs.
Knows no Django models, so that the settings can read it.
"""

from __future__ import annotations

from django.core.validators import RegexValidator

RESERVED_OWNERS = frozenset(
    {
        ".well-known", "accounts", "admin", "api", "assets", "catalogue", "consent", "datasets",
        "docs", "favicon.ico", "healthz", "i18n", "jsi18n", "ledger", "livez", "login", "logout",
        "media", "metrics", "models", "new", "oauth", "organizations", "parties", "readyz",
        "release_key.txt", "requests", "review", "robots.txt", "runs", "search", "sets", "settings",
        "spaces", "static", "story", "tree-heads", "verify_release.py", "works",
    }
)  # fmt: skip
OWNER_FORM = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"

username_validators = [
    RegexValidator(
        rf"^{OWNER_FORM}\Z",
        "Use letters, digits, “-”, “_” and “.” only, beginning and ending with a letter or digit: "
        "your name becomes part of your models' addresses.",
    )
]
"""For allauth's ACCOUNT_USERNAME_VALIDATORS."""
