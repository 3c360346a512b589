"""Pages: the catalogue, one model with its card, its samples, and its zip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import maybe_actor_of
from registry.cards.rules import card_html
from registry.cards.selectors import signer
from registry.catalogue import selectors
from registry.downloads import archive
from registry.downloads.answers import TemporaryRedirect
from registry.downloads.files import serve
from registry.downloads.selectors import gate, notice_of, renamed_to
from registry.downloads.services import note_download
from registry.release.selectors import find, find_model

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 24
HEADING = re.compile(r"<h1>.*?</h1>\s*", re.DOTALL)
LEGAL_REASONS = 451
FIRST = {"accept": "Read and accept the terms first."}
WITH_REASON = frozenset({"withdraw", "quarantine", "lift", "accept-flag"})


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Released models, newest first, and a search over names and cards."""
    search = request.GET.get("q", "")
    found = selectors.catalogue(maybe_actor_of(request), search)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "q": search, "is_paginated": page.has_other_pages()}
    return render(request, "registry/catalogue.html", context)


@require_safe
def model(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """One model: its card, files, ways to download, terms, audit, and what may be done with it."""
    actor = maybe_actor_of(request)
    try:
        found = find_model(actor, owner, name)
    except Http404:
        moved = renamed_to(actor, owner, name)
        if moved is None:
            raise
        return TemporaryRedirect(f"/{quote(str(moved))}")
    chosen = None
    if wanted := request.GET.get("revision"):
        chosen = get_object_or_404(found.revisions, pk=uuid_of(wanted))
        find(actor, chosen.pk)
    page = selectors.model_page(actor, found, chosen)
    context = {
        "page": page,
        "model": found,
        "revision": page.revision,
        "card": _card(page),
        "files": list(page.revision.files.all()) if page.notice is None else [],
        "signer": signer(),
        "endpoint": settings.SITE_URL,
        "with_reason": WITH_REASON,
    }
    return render(request, "registry/model.html", context)


def uuid_of(text: str) -> str:
    """The id that `text` is, or Http404."""
    try:
        return str(UUID(text))
    except ValueError as error:
        raise Http404 from error


def _card(page: selectors.ModelPage) -> str:
    """The card's HTML, made safe by `card_html`, with its samples where this site has them."""
    if not page.revision.card or page.notice is not None:
        return ""
    html = HEADING.sub("", card_html(page.revision.card), count=1)  # the page has its own
    base = f"/catalogue/{page.revision.pk}/samples/"
    return mark_safe(html.replace('src="samples/', f'src="{base}'))  # noqa: S308 - cleaned by nh3


@require_safe
def sample(
    request: HttpRequest, revision_id: str, file: str
) -> HttpResponse | StreamingHttpResponse:
    """A sample picture, as long as its revision may be served; a gated model shows its samples."""
    revision = find(maybe_actor_of(request), revision_id)
    found = get_object_or_404(revision.files, path=f"samples/{file}")
    if (notice := notice_of(revision)) is not None:
        return HttpResponse(notice.reason, status=LEGAL_REASONS, content_type="text/plain")
    return serve(request, revision, found)


@require_safe
def pair(request: HttpRequest, revision_id: str, index: int, side: str) -> HttpResponse:
    """One picture of a pair that the audit found near; only for those who review."""
    path = selectors.picture_of_pair(
        maybe_actor_of(request), find(maybe_actor_of(request), revision_id), index, side
    )
    if path is None or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


@require_safe
def download(request: HttpRequest, revision_id: str) -> HttpResponse | StreamingHttpResponse:
    """The whole revision as a zip, with a receipt."""
    actor = maybe_actor_of(request)
    revision = find(actor, revision_id)
    page = f"/{quote(str(revision.model))}"
    if not revision.commit:
        raise Http404
    if (notice := notice_of(revision)) is not None:
        return HttpResponse(notice.reason, status=LEGAL_REASONS, content_type="text/plain")
    if (needed := gate(actor, revision)) != "open":
        if needed == "sign-in":
            return redirect(f"{settings.LOGIN_URL}?next={page}")
        messages.error(request, FIRST.get(needed, "Its owner decides about you first."))
        return redirect(page)
    taker = "somebody who did not sign in"
    if actor is not None:
        note_download(actor=actor, revision=revision)
        taker = f"account {actor.id}"
    body = archive.stream(revision, taker=taker)
    name = f"{revision.model.name}-{revision.commit[:12]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private"}
    return StreamingHttpResponse(body, content_type="application/zip", headers=headers)
