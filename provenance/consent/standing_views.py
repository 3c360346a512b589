"""What a party's members say before anybody asks; blocks are lifted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.consent import private, services
from provenance.consent.forms import StandingForm
from provenance.models import Party

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
def standing(request: HttpRequest) -> HttpResponse:
    """The parties that this user speaks for, each with its standing answer and a form."""
    parties = Party.spoken_for_by(user_of(request).pk)
    posted = request.POST.get("party", "") if request.method == "POST" else ""
    rows = []
    for party in parties:
        mine = str(party.pk) == posted
        form = StandingForm(request.POST if mine else None, auto_id=f"{party.pk}-%s")
        if mine and form.is_valid() and _save(request, party, form):
            return redirect("provenance:standing")
        rows.append({"party": party, "now": private.standing_answer(party), "form": form})
    context = {"rows": rows, "blocks": private.blocks_of(user_of(request))}
    return render(request, "provenance/standing.html", context)


def _save(request: HttpRequest, party: Party, form: StandingForm) -> bool:
    data = form.cleaned_data
    try:
        agent = form.agent()
        services.answer_always(
            actor=actor_of(request),
            party=party,
            answer=data["answer"],
            agent=agent,
            terms=form.terms() if data["answer"] == "terms" else None,
        )
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"From now on {party} answers like this.")
    return True


@login_required
@require_POST
def unblock(request: HttpRequest, block_id: int) -> HttpResponse:
    """Take requests again."""
    block = get_object_or_404(private.blocks_of(user_of(request)), pk=block_id)
    services.unblock(actor=actor_of(request), block=block)
    messages.success(request, f"{block.party} can be asked again.")
    return redirect("provenance:standing")
