"""Access tokens: made once, shown once, stored as a digest, sent as `Authorization: Bearer`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from accounts.models import AccessToken

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from accounts.models import User

PREFIX = "imp_"
USE_RECORDED_EVERY = timedelta(minutes=5)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(user: User, *, label: str = "") -> str:
    """A new token for `user`; it cannot be read again later."""
    token = PREFIX + secrets.token_urlsafe(32)
    AccessToken.objects.create(user=user, digest=_digest(token), label=label)
    return token


def user_of_token(token: str) -> User | None:
    """The active user behind a live token, or None. Its use is noted every five minutes."""
    now = timezone.now()
    found = (
        AccessToken.objects.filter(digest=_digest(token), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    AccessToken.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=now - USE_RECORDED_EVERY), pk=found.pk
    ).update(last_used_at=now)
    return found.user


def bearer_token(request: HttpRequest | Request) -> str | None:
    """The bearer token of a request, or None where there is none."""
    parts = get_authorization_header(request).split()  # type: ignore[arg-type]
    if len(parts) != 2 or parts[0].lower() != b"bearer":  # noqa: PLR2004 - scheme and token
        return None
    return parts[1].decode(errors="replace")


class TokenAuthentication(BaseAuthentication):
    """Bearer tokens for the API; an unknown one is 401, never an anonymous request."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        token = bearer_token(request)
        if token is None:
            return None
        user = user_of_token(token)
        if user is None:
            raise exceptions.AuthenticationFailed(
                "This access token is unknown or revoked: make a new one on your account page."
            )
        return user, None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - fixed signature
        return "Bearer"
