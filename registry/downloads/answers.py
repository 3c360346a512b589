"""What every answer of the Hub's routes has in common: who asks, and how refusals are said.

The headers are those that huggingface_hub 2.4 turns into its exceptions.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.actors import Actor
from accounts.tokens import bearer_token, user_of_token
from registry.downloads.rules import header_safe
from registry.downloads.selectors import access_of, gate, notice_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from registry.downloads.selectors import Notice
    from registry.models import Model, Revision

    View = Callable[..., HttpResponseBase]

DISABLED = "Access to this resource is disabled."
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 - what the client expects
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, LEGAL_REASONS = 401, 403, 404, 451


class HubError(Exception):
    """A refusal with its status, code and sentence."""

    def __init__(self, status: int, code: str, message: str, commit: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.commit = status, code, message, commit

    def response(self) -> HttpResponse:
        answer: HttpResponse = JsonResponse({"error": self.message}, status=self.status)
        answer["X-Error-Code"] = self.code
        answer["X-Error-Message"] = header_safe(self.message)
        if self.commit:
            answer["X-Repo-Commit"] = self.commit
        return answer


class DisabledError(HubError):
    """451: the whole notice is in the body, and in a warning that every client prints."""

    def __init__(self, revision: Revision, notice: Notice) -> None:
        super().__init__(LEGAL_REASONS, "DisabledRepo", DISABLED, revision.commit)
        self.model, self.notice = str(revision.model), notice

    def response(self) -> HttpResponse:
        notice = self.notice
        body = {
            "error": DISABLED,
            "model": self.model,
            "revision": self.commit,
            "state": notice.state,
            "reason": notice.reason,
            "since": notice.since.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "what_to_do": notice.what_to_do,
        }
        answer = JsonResponse(body, status=LEGAL_REASONS)
        answer["X-Error-Code"], answer["X-Error-Message"] = self.code, DISABLED
        told = f"{self.model} is {notice.state}: {notice.reason}".replace(";", ",")
        answer["X-HF-Warning"] = f"withdrawn; {header_safe(told)}"
        answer["X-Repo-Commit"] = self.commit
        return answer


class MovedError(Exception):
    """The model has another address now; the clients follow, with the method that they used."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class TemporaryRedirect(HttpResponseRedirect):
    """307: the method stays what it was."""

    status_code = 307


def hub_view(*methods: str) -> Callable[[View], View]:
    """A view of the Hub's routes: takes the actor (None: anonymous) after the request.

    Nothing here changes a record that its sender could be tricked into changing, so that POST,
    which the clients use for long questions, needs no CSRF token.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **named: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponse(
                    status=405,
                    headers={"Allow": ", ".join(methods), "X-Error-Code": "MethodNotAllowed"},
                )
            try:
                return view(request, actor_of(request), **named)
            except MovedError as moved:
                return TemporaryRedirect(moved.location)
            except HubError as error:
                return error.response()

        return answer

    return decorate


def actor_of(request: HttpRequest) -> Actor | None:
    """Who asks: by access token, else by session. A wrong token is refused, not anonymous."""
    token = bearer_token(request)
    if token is not None:
        user = user_of_token(token)
        if user is None:
            raise HubError(UNAUTHORIZED, "InvalidCredentials", BAD_TOKEN)
        return Actor.of(user)
    if request.user.is_authenticated:
        return Actor.of(request.user)
    return None


def absent(actor: Actor | None) -> HubError:
    """One answer for a model that is not there and one that is not yours to see."""
    status = UNAUTHORIZED if actor is None else NOT_FOUND
    return HubError(status, "RepoNotFound", "Repository not found")


def no_entry(revision: Revision) -> HubError:
    """The revision has no such file or folder."""
    return HubError(NOT_FOUND, "EntryNotFound", "Entry not found", revision.commit)


def require_served(revision: Revision) -> None:
    """Refuse with 451 what is not served any more, or not at this moment."""
    if (notice := notice_of(revision)) is not None:
        raise DisabledError(revision, notice)


NEEDED = {
    "sign-in": "you to sign in and to accept its terms on its page",
    "accept": "you to accept its terms, on its page or by the API",
    "ask": "you to ask its owner, on its page or by the API",
    "waiting": "its owner's decision about your request, which waits",
}


def require_gate(actor: Actor | None, model: Model, revision: Revision) -> None:
    """Refuse the files of a gated model to whoever has not accepted its terms or may not."""
    needed = gate(actor, revision)
    if needed == "open":
        return
    status = UNAUTHORIZED if needed == "sign-in" else FORBIDDEN
    told = f"Access to model {model} needs {NEEDED.get(needed, '')}."
    if needed == "rejected":
        request = access_of(actor, model)
        reason = request.reason if request else ""
        told = f"Your request for model {model} was rejected: {reason} You may ask again."
    raise HubError(status, "GatedRepo", told, revision.commit)
