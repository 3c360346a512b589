"""Who sent a request, for views and API alike that let in only those who are signed in."""

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


def actor_of(request: HttpRequest | Request) -> Actor:
    """The signed-in user as the giver of a command."""
    return Actor.of(user_of(request))
