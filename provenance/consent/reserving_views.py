"""The page of prohibitions: make one, import a list, lift one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.attribution.table import decode_table
from provenance.consent import selectors, services
from provenance.consent.giving_forms import ListForm, ReservationForm
from provenance.consent.lists import MOST_CHARACTERS

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@login_required
def reservations(request: HttpRequest) -> HttpResponse:
    """What the user's parties forbid, with a form for one more and one for a list of them."""
    user = user_of(request)
    posted = request.POST if request.method == "POST" else None
    is_list = posted is not None and "import" in posted
    about = {"work": request.GET.get("work", "")}
    one = ReservationForm(None if is_list else posted, user=user, initial=about, auto_id="one_%s")
    sent = (posted, request.FILES) if is_list else (None, None)
    many = ListForm(*sent, user=user, auto_id="list_%s")
    form, act = (many, _import) if is_list else (one, _reserve)
    if form.is_valid():
        try:
            messages.success(request, act(request, form))
        except (RefusedError, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("provenance:reservations")
    context = {"reservations": selectors.reservations_of(user), "form": one, "list_form": many}
    return render(request, "provenance/reservations.html", context)


def _reserve(request: HttpRequest, form: ReservationForm | ListForm) -> str:
    services.reserve(actor=actor_of(request), **form.cleaned_data)
    return "It is on record. Decisions that it touches are made anew."


def _import(request: HttpRequest, form: ReservationForm | ListForm) -> str:
    data = form.cleaned_data
    text = decode_table(data["file"].read(MOST_CHARACTERS + 1))
    made = services.import_reservations(actor=actor_of(request), party=data["party"], text=text)
    return f"New on record: {len(made)}. What was there already is left alone."


@login_required
@require_POST
def lift(request: HttpRequest, reservation_id: UUID) -> HttpResponse:
    """Lift a prohibition."""
    mine = selectors.reservations_of(user_of(request))
    found = get_object_or_404(mine, pk=reservation_id)
    services.lift_reservation(actor=actor_of(request), reservation=found)
    messages.success(request, "It is lifted. What it kept back may be asked for again.")
    return redirect("provenance:reservations")
