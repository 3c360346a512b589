"""Pages of evidence: upload a document; a reviewer reads it and says what it shows."""

from __future__ import annotations

from datetime import date
from mimetypes import guess_extension
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidError, RefusedError
from accounts.requests import actor_of, user_of
from provenance.attribution import selectors
from provenance.attribution.evidence import (
    MAX_BYTES,
    check_evidence,
    sized,
    submit_evidence,
)
from provenance.intake import storage
from provenance.intake.forms import EvidenceForm
from provenance.models import Evidence, Level

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@sized
@login_required
def evidence(request: HttpRequest) -> HttpResponse:
    """One's own evidence, and a form to add to it; reviewers see everybody's."""
    user = user_of(request)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            submit_evidence(
                actor=actor_of(request),
                data=form.cleaned_data["file"].read(MAX_BYTES + 1),
                title=form.cleaned_data["title"],
                kind=Evidence.Kind(form.cleaned_data["kind"] or Evidence.Kind.FILE),
                source_url=form.cleaned_data["source_url"],
                captured_on=form.cleaned_data["captured_on"],
            )
        except RefusedError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "It is stored. A reviewer who is not you checks it.")
            return redirect("provenance:evidence")
    found = selectors.visible_evidence(user).prefetch_related(
        "title_links__work",
        "title_links__party",
        "grants",
        "licence_claims",
        "delegations__principal",
        "delegations__agent",
        "statuses__work",
        "claims__work",
    )
    context = {
        "form": form,
        "evidence": found.order_by(F("checked_at").desc(nulls_first=True), "-submitted_at"),
        "levels": Level.choices,
        "may_check": bool(user.roles & selectors.CHECKERS),
        "addresses": selectors.contacts_to_check(user).select_related("party"),
    }
    return render(request, "provenance/evidence.html", context)


@login_required
@require_GET
def evidence_file(request: HttpRequest, evidence_id: UUID) -> FileResponse:
    """The document itself; always downloaded, never opened as a page of this site."""
    found = selectors.evidence_for(user_of(request), evidence_id)
    answer = FileResponse(
        storage.path_of("evidence", found.sha256).open("rb"),
        as_attachment=True,
        filename=f"evidence-{found.sha256[:12]}{guess_extension(found.media_type) or ''}",
        content_type=found.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def evidence_check(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Say what a document shows."""
    user = user_of(request)
    found = selectors.evidence_for(user, evidence_id)
    check_evidence(
        actor=actor_of(request),
        evidence=found,
        identity=_level(request, "identity"),
        title=_level(request, "title"),
        note=request.POST.get("note", ""),
        citations=request.POST.get("citations", ""),
        expires_on=_day(request.POST.get("expires_on", "")),
    )
    messages.success(request, f"“{found}” is checked.")
    return redirect("provenance:evidence")


def _level(request: HttpRequest, name: str) -> Level:
    try:
        return Level(int(request.POST.get(name, "0")))
    except ValueError:
        return Level.SELF_DECLARED


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidError("bad_date", "Write the day as year-month-day.") from error
