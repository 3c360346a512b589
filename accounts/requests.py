"""Who sent a request, for views and API alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from accounts.actors import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer

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


def valid(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, as `kind` wants it; DRF's refusal with the fields to mend."""
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
