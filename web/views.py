"""Home, the account page with its tokens, and the demo's outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.mail import shown_mail
from accounts.models import AccessToken
from accounts.requests import actor_of
from accounts.tokens import create_token
from provenance.attribution.selectors import contacts_to_check, evidence_to_check
from provenance.consent.selectors import asks_by, asks_to
from provenance.models import Ask, ImageSet, Party, Protection
from registry.catalogue.endings import endings
from registry.catalogue.selectors import catalogue
from registry.catalogue.using import models_using, works_of
from registry.models import Revision
from training.models import Request, Run
from web.middleware import POLICY

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework import request as rest
    from rest_framework.response import Response

    from accounts.models import User


class ApiDocs(SpectacularSwaggerSplitView):
    """Swagger's pages, served from here; only they may style in place and draw `data:` pictures."""

    def get(self, request: rest.Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        policy = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        policy = policy.replace("img-src 'self'", "img-src 'self' data:")
        answer.headers["Content-Security-Policy"] = policy
        return answer


def home(request: HttpRequest) -> HttpResponse:
    """What this place is; for who is signed in, what waits for them."""
    context: dict[str, object] = {
        "protected": Protection.objects.filter(ended_at=None).count(),
        "released": Revision.objects.filter(state=Revision.State.RELEASED).count(),
        "withdrawn": Revision.objects.filter(
            state__in=[Revision.State.QUARANTINED, Revision.State.WITHDRAWN]
        ).count(),
    }
    if not request.user.is_authenticated:
        context["newest"] = catalogue(None).filter(state=Revision.State.RELEASED)[:4]
    else:
        user, actor = request.user, actor_of(request)
        works = works_of(actor)
        context |= {
            "works": len(works),
            "using": models_using(actor, works)[:10],
            "sets": ImageSet.objects.filter(owner=user)[:5],
            "requests": Request.objects.filter(applicant=user)[:5],
            "runs": Run.objects.filter(request__applicant=user)[:5],
            "endings": endings(user, days=90, own=True)[:5],
            "asked": asks_by(user)[:5],
            "open_asks": asks_to(user).filter(state=Ask.State.ASKED).count(),
        }
        if user.is_reviewer:
            waiting = Request.objects.filter(state=Request.State.SUBMITTED).exclude(applicant=user)
            context["to_review"] = waiting.count()
        context["to_check"] = evidence_to_check(user).count() + contacts_to_check(user).count()
    return render(request, "web/home.html", context)


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Who you are here, the parties you speak for, and your API tokens."""
    user = cast("User", request.user)
    if request.method == "POST":
        label = request.POST.get("label", "")[:100]
        context = {"new_token": create_token(user, label=label)}
    else:
        context = {}
    tokens = AccessToken.objects.filter(user=user, revoked_at=None).order_by("-created_at")
    parties = Party.objects.filter(members__user=user)
    return render(request, "web/account.html", context | {"tokens": tokens, "parties": parties})


@login_required
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of your tokens."""
    user = cast("User", request.user)
    mine = AccessToken.objects.filter(pk=token_id, user=user, revoked_at=None)
    if mine.update(revoked_at=timezone.now()):
        messages.success(request, "The token is revoked.")
    return redirect("account_profile")


def outbox(request: HttpRequest) -> HttpResponse:
    """The demo's mail, for lack of a mail server; anywhere else there is no such page."""
    if not settings.INSECURE_DEMO:
        raise Http404
    return render(request, "web/outbox.html", {"mail": shown_mail()})
