"""Pages: protect works, with or without their pictures; look at one match closely."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import OVERSEERS
from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.attribution.documenting import show_title
from provenance.attribution.evidence import MAX_BYTES, sized
from provenance.attribution.selectors import pictured_protections
from provenance.intake.selectors import visible_set
from provenance.intake.services import clean_filename, take_in
from provenance.intake.serving import shown
from provenance.screening import selectors
from provenance.screening.forms import DocumentForm, JudgeForm, ProtectForm
from provenance.screening.judging import confirm, reject
from provenance.screening.looks import look_of_mark
from provenance.screening.protecting import Portrayed, protect
from provenance.screening.side_by_side import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import FileResponse, HttpRequest

SHOWN = 200
"""Protections listed on the page."""


@login_required
def protections(request: HttpRequest) -> HttpResponse:
    """What one's parties protected, and a form to protect more."""
    user = user_of(request)
    form = ProtectForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _protect(request, form))
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("provenance:protections")
    found = selectors.visible_protections(user)[:SHOWN]
    seen = pictured_protections(user).filter(pk__in=[one.pk for one in found])
    untitled = selectors.untitled(user)
    context = {
        "form": form,
        "protections": found,
        "seen": set(seen.values_list("pk", flat=True)),
        "untitled": untitled[:SHOWN],
        "undocumented": untitled.filter(evidence=None).count(),
        "shown": SHOWN,
        "sees_banks": bool(user.roles & OVERSEERS),
    }
    return render(request, "provenance/protections.html", context)


def _protect(request: HttpRequest, form: ProtectForm) -> str:
    """Protect what was chosen, with the document if there is one; what to say of it."""
    actor, holder = actor_of(request), form.cleaned_data["holder"]
    pictures, document = list(_portrayed(request, form)), form.cleaned_data["document"]
    with transaction.atomic():
        creators = [holder] if form.cleaned_data["made"] else []
        done = protect(actor=actor, holder=holder, pictures=pictures, creators=creators)
        if document is not None:
            links = selectors.untitled(user_of(request), [*done.added, *done.unchanged])
            show_title(
                actor=actor, links=links, data=document.read(MAX_BYTES + 1), title=document.name
            )
    known = len(done.raised) + len(done.unchanged)
    before = f"; {known} were protected before" if known else ""
    waits = " A reviewer checks the document." if document else ""
    return f"{len(done.added)} protected{before}.{waits}"


@sized
@login_required
@require_POST
def protections_document(request: HttpRequest) -> HttpResponse:
    """Cite one document for several protected works at once."""
    form = DocumentForm(request.POST, request.FILES, links=selectors.untitled(user_of(request)))
    if not form.is_valid() or not form.chosen:
        messages.error(request, "Choose the works, and a document that shows your right to them.")
        return redirect("provenance:protections")
    file = form.cleaned_data["file"]
    data = file.read(MAX_BYTES + 1)
    count = show_title(actor=actor_of(request), links=form.chosen, data=data, title=file.name)
    messages.success(request, f"Added for {count} works. A reviewer who is not you checks it.")
    return redirect("provenance:protections")


@login_required
@require_GET
def protection_thumbnail(request: HttpRequest, protection_id: UUID) -> FileResponse:
    """A small protected picture, for its holder and for those who check."""
    found = get_object_or_404(pictured_protections(user_of(request)), pk=protection_id)
    assert found.image is not None  # noqa: S101 - the selector's promise
    return shown("thumbnail", found.image.normalised_sha256)


def _portrayed(request: HttpRequest, form: ProtectForm) -> Iterator[Portrayed]:
    for mark in form.cleaned_data["marks"]:
        name = PurePath(clean_filename(mark["name"])).stem
        yield Portrayed(None, name, name, look_of_mark(mark["pdq"], mark["quality"], b""))
    if form.cleaned_data["by_hash"]:
        return  # whatever else came along is not taken in
    for file in request.FILES.getlist("file"):
        name = PurePath(clean_filename(file.name or "")).stem
        yield Portrayed(take_in(file.read()), name, name)


@login_required
def match(request: HttpRequest, item_id: UUID, match_id: int) -> HttpResponse:
    """A picture and what it resembles, side by side; a reviewer says what it is."""
    item, found, may_judge = selectors.match_for(user_of(request), item_id, match_id)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and may_judge and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if "confirm" in request.POST:
                confirm(actor=actor_of(request), match=found, reason=reason)
                messages.success(request, "Confirmed. It stays as it is, with your name.")
            else:
                common = form.cleaned_data["common"]
                reject(actor=actor_of(request), match=found, reason=reason, common=common)
                messages.success(request, "Rejected, with your name. It can be taken back.")
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("provenance:item", item_id=item_id)
    context = {"item": item, "match": found, "may_judge": may_judge, "form": form,
               "sees_listed": selectors.may_see_listed(user_of(request), found)}  # fmt: skip
    return render(request, "provenance/match.html", context)


@login_required
@require_GET
def alike(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Which pictures of a set are alike, and which works outweigh the others."""
    user = user_of(request)
    image_set = visible_set(user, set_id)
    context = {"set": image_set, "alike": selectors.alike_in(user, image_set)}
    return render(request, "provenance/alike.html", context)


@login_required
@require_GET
def match_picture(request: HttpRequest, item_id: UUID, match_id: int) -> HttpResponse:
    """Both pictures as one PNG, with what they share drawn in."""
    user = user_of(request)
    _, found, _ = selectors.match_for(user, item_id, match_id)
    both = selectors.may_see_listed(user, found)
    answer = HttpResponse(drawn(found, both=both), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=300"
    return answer
