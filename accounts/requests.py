"""Who sent a request and what, for views and API alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from accounts.actors import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer, Serializer

    from accounts.models import User

B = TypeVar("B", bound="BaseSerializer[Any]")


def user_of(request: HttpRequest | Request) -> User:
    """The signed-in user; only for views that refuse everybody else."""
    return cast("User", request.user)


def checked(body: B) -> B:
    """The body of a request, if it is well-formed; else the answer says which fields are not."""
    body.is_valid(raise_exception=True)
    return body


def maybe_actor_of(request: HttpRequest | Request) -> Actor | None:
    """The signed-in user as the giver of a command; None for a stranger."""
    return Actor.of(user_of(request)) if request.user.is_authenticated else None


def actor_of(request: HttpRequest | Request) -> Actor:
    """The signed-in user as the giver of a command."""
    return Actor.of(user_of(request))


def valid(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, as `kind` wants it; DRF's refusal with the fields to mend."""
    return dict(checked(kind(data=request.data)).validated_data)
