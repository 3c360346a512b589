"""Who gives a command: a user, somebody with a private link, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from accounts.models import User

Role = Literal["applicant", "reviewer", "auditor", "operator"]

OVERSEERS: frozenset[Role] = frozenset({"reviewer", "auditor", "operator"})
"""Roles that may read what others own."""


@dataclass(frozen=True)
class Actor:
    """The opaque id that ledger entries carry, and what the one behind it may do."""

    kind: Literal["user", "link", "system"]
    id: str
    roles: frozenset[Role] = frozenset()

    @classmethod
    def of(cls, user: User) -> Actor:
        return cls("user", str(user.pk), user.roles)

    def require(self, role: Role) -> None:
        """Refuse whoever does not have `role`, saying who could help."""
        if role not in self.roles:
            raise PermissionDenied(
                f"This needs the role {role!r}, which you do not have. An operator can give it."
            )


SYSTEM = Actor("system", "system", frozenset({"operator"}))
