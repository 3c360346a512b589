"""Pages: protect works, with or without their pictures; look at one match closely."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.actors import OVERSEERS
from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.intake.selectors import visible_set
from provenance.intake.services import clean_filename, take_in
from provenance.models import Level
from provenance.screening import selectors
from provenance.screening.forms import JudgeForm, ProtectForm
from provenance.screening.judging import confirm, reject
from provenance.screening.looks import look_of_mark
from provenance.screening.protecting import Portrayed, protect
from provenance.screening.side_by_side import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpRequest

SHOWN = 200
"""Protections listed on the page."""


@login_required
def protections(request: HttpRequest) -> HttpResponse:
    """What one's parties protected, and a form to protect more."""
    user = user_of(request)
    form = ProtectForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            done = protect(
                actor=actor_of(request),
                holder=form.cleaned_data["holder"],
                pictures=list(_portrayed(request, form)),
            )
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            known = len(done.raised) + len(done.unchanged)
            messages.success(
                request, f"{len(done.added)} protected; {known} were protected before."
            )
            return redirect("provenance:protections")
    found = selectors.visible_protections(user)[:SHOWN]
    context = {
        "form": form,
        "protections": found,
        "checked": Level.DOCUMENT_CHECKED,
        "sees_banks": bool(user.roles & OVERSEERS),
    }
    return render(request, "provenance/protections.html", context)


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
