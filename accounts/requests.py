"""Who sent a request, for views and API alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from accounts.actors import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from accounts.models import User


def user_of(request: HttpRequest | Request) -> User:
    """The signed-in user; only for views that refuse everybody else."""
    return cast("User", request.user)


def maybe_actor_of(request: HttpRequest | Request) -> Actor | None:
    """The signed-in user as the giver of a command; None for a stranger."""
    return Actor.of(user_of(request)) if request.user.is_authenticated else None


def actor_of(request: HttpRequest | Request) -> Actor:
    """The signed-in user as the giver of a command."""
    return Actor.of(user_of(request))
