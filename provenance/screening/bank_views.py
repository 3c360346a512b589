"""Pages on which reviewers and operators look at the banks, and change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.models import BankEntry, Features, MatchBank
from provenance.screening.bank_forms import BankForm, EntryForm, SettingsForm
from provenance.screening.banks import end_entry, list_file, open_bank, set_bank
from provenance.screening.calibration import CALIBRATION
from provenance.screening.looks import VERSION
from provenance.screening.selectors import visible_banks

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50
"""Entries a page."""


@login_required
def banks(request: HttpRequest) -> HttpResponse:
    """Every bank, what a match in it means, and a form to open one more."""
    found = visible_banks(user_of(request))
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_bank(actor=actor_of(request), **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("provenance:bank", made.pk)
    return render(
        request,
        "provenance/banks.html",
        {"banks": found, "form": form, "may_open": "operator" in user_of(request).roles},
    )


@login_required
def bank(request: HttpRequest, bank_id: int) -> HttpResponse:
    """One bank: its entries, and forms to list a picture and to move its thresholds."""
    found = get_object_or_404(visible_banks(user_of(request)), pk=bank_id)
    user, post = user_of(request), request.POST or None
    setting = bool(post and "set" in post)
    settings = SettingsForm(post if setting else None, bank=found)
    entry = EntryForm(post if not setting else None, request.FILES or None)
    form = settings if setting else entry
    if post and form.is_valid():
        try:
            said = _set(request, found, settings) if setting else _listed(request, found, entry)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("provenance:bank", found.pk)
    parts = Features.objects.filter(entry=OuterRef("pk"), version=VERSION).exclude(data=b"")
    entries = found.entries.filter(ended_version=None).annotate(parts=Exists(parts))
    entries = entries.select_related("protection", "added_by").order_by("-pk")
    context = {
        "bank": found, "page_obj": Paginator(entries, SHOWN).get_page(request.GET.get("page")),
        "settings": settings, "entry": entry, "calibration": CALIBRATION,
        "may_list": "reviewer" in user.roles and found.kind != MatchBank.Kind.PROTECTED,
        "may_set": "operator" in user.roles,
    }  # fmt: skip
    return render(request, "provenance/bank.html", context)


def _set(request: HttpRequest, found: MatchBank, form: SettingsForm) -> str:
    set_bank(actor=actor_of(request), bank=found, **form.cleaned_data)
    return "Set. Every picture is compared anew before it passes a gate."


def _listed(request: HttpRequest, found: MatchBank, form: EntryForm) -> str:
    list_file(actor=actor_of(request), bank=found, **form.cleaned_data)
    return "Listed. Pictures on record that show it will be found within a minute."


@login_required
@require_POST
def entry_end(request: HttpRequest, bank_id: int, entry_id: int) -> HttpResponse:
    """Take an entry off; what was decided because of it is decided anew."""
    found = get_object_or_404(visible_banks(user_of(request)), pk=bank_id)
    entry = get_object_or_404(BankEntry, pk=entry_id, bank=found)
    try:
        end_entry(actor=actor_of(request), entry=entry, reason=request.POST.get("reason", ""))
        messages.success(request, f"“{entry.label}” is off the list.")
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("provenance:bank", found.pk)
