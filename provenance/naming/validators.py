"""For forms that know nobody yet: a name that is proven to be somebody's is refused."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from provenance.naming.rules import check
from provenance.naming.selectors import index_of, protected_names


def not_a_protected_name(text: str) -> None:
    """Refuse a user name that is a proven name of somebody on record.

    Nobody who signs up is known yet, so nobody is let through as the person themselves: they
    sign up under another name, have their identity checked, and an operator renames them.
    """
    found = check(text, index_of(protected_names()), place="user")
    if found.outcome == "blocked":
        raise ValidationError(
            "%(why)s If it is your own name, sign up under another, for example "
            "“%(other)s”, and have your identity checked; then it can be given to you.",
            code="name_protected",
            params={"why": found.why, "other": found.alternatives[0]},
        )
