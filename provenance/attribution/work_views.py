"""The page of a work: what is on record about it, with forms for those who may change that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import RefusedError
from accounts.requests import actor_of, user_of
from provenance.attribution import disputes, forms, layers, works
from provenance.attribution.chain import add_link, as_rule, end_link, link_in, links_of
from provenance.attribution.diagram import diagram
from provenance.attribution.documenting import show_title
from provenance.attribution.evidence import MAX_BYTES, sized
from provenance.attribution.links import sentence
from provenance.attribution.selectors import (
    open_claims,
    pictured_protections,
    renditions_of,
    visible_work,
    works_like,
    works_referred_to,
)
from provenance.attribution.voices import voice_in
from provenance.models import Party

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from accounts.actors import Actor
    from accounts.models import User
    from provenance.models import TitleLink, Work

FORMS: Final[dict[str, tuple[str, type[forms.OfWork]]]] = {
    "describe": ("Correct the description", forms.DescriptionForm),
    "link": ("Add a link to the chain of title", forms.LinkForm),
    "layer": ("Say what else it shows", forms.LayerForm),
    "status": ("Say where it is still protected", forms.StatusForm),
    "identifier": ("Add an identifier", forms.IdentifierForm),
}
"""For those who may change the work; the button's name is the key."""

SMALL: Final = ("end", "document", "layer-off", "identifier-off")
"""Whose forms stand beside what they are about, so that a refusal is told above the page."""


@sized
@login_required
def work(request: HttpRequest, work_id: UUID) -> HttpResponse:
    """One work; a form of this page posts to it, with the name of what is to be done."""
    user = user_of(request)
    found = visible_work(user, work_id)
    bound: dict[str, forms.OfWork] = {}
    if request.method == "POST":
        done = request.POST.get("do", "")
        if done in COMMANDS and _do(request, found, done, bound):
            messages.success(request, "It is on record.")
            return redirect("provenance:work", found.pk)
    return render(request, "provenance/work.html", _context(user, actor_of(request), found, bound))


@login_required
def claims(request: HttpRequest) -> HttpResponse:
    """Claim works that one need not be allowed to see.

    The answer is the same whether or not there was one to claim: it must not tell of a work in
    somebody's private set.
    """
    user = user_of(request)
    form = forms.ClaimForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        one, reference, holder = (said.pop(name) for name in ("protection", "reference", "holder"))
        found = works_like(one) if one else works_referred_to(reference, holder)
        try:
            answer = disputes.claim_works(actor=actor_of(request), works=found, **said)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, answer)
            return redirect("provenance:claims")
    return render(
        request, "provenance/claims.html", {"form": form, "claims": open_claims(user)[:100]}
    )


def _context(
    user: User, actor: Actor, found: Work, bound: dict[str, forms.OfWork]
) -> dict[str, Any]:
    links = links_of(found)
    may_change = voice_in(actor, found) is not None
    theirs = set(Party.spoken_for_by(user.pk).values_list("pk", flat=True))
    description = {"title": found.title, "year": found.year, "country": found.country}
    return {
        "work": found,
        "links": [(link, sentence(as_rule(link))) for link in links],
        "ended": [(link, sentence(as_rule(link))) for link in links_of(found, ended=True)],
        "diagram": diagram([as_rule(link) for link in links]),
        "renditions": renditions_of(user, found)[:24],
        "protected": pictured_protections(user).filter(work=found)[:24],
        "may_change": may_change,
        "forms": [
            (do, label, bound.get(do) or form(work=found, user=user, initial=description))
            for do, (label, form) in FORMS.items()
            if may_change
        ],
        "theirs": theirs,
        "is_theirs": _is_theirs(theirs, links),
        "dispute_form": _dispute_form(user, found, bound, theirs),
        "resolution": bound.get("resolve") or forms.ResolutionForm(work=found, user=user)
        if user.is_reviewer
        else None,
    }


def _is_theirs(theirs: set[UUID], links: list[TitleLink]) -> bool:
    """Whether one of these parties holds it, and has not given it away since."""
    holders = {link.party_id for link in links} - {link.grantor_id for link in links}
    return not theirs.isdisjoint(holders)


def _dispute_form(
    user: User, found: Work, bound: dict[str, forms.OfWork], theirs: set[UUID]
) -> forms.OfWork | None:
    if "dispute" in bound or theirs:
        return bound.get("dispute") or forms.DisputeForm(work=found, user=user)
    return None


def _do(request: HttpRequest, found: Work, done: str, bound: dict[str, forms.OfWork]) -> bool:
    """Whether it was done; a refusal is shown at its form."""
    form = bound[done] = FORM_OF[done](
        request.POST, request.FILES, work=found, user=user_of(request)
    )
    if not form.is_valid():
        return False
    try:
        COMMANDS[done](actor_of(request), found, form.cleaned_data)
    except (RefusedError, PermissionDenied) as refusal:
        form.add_error(None, str(refusal))
        if done in SMALL or isinstance(refusal, PermissionDenied):
            messages.error(request, str(refusal))
        return False
    return True


def _end(actor: Actor, found: Work, data: dict[str, Any]) -> None:
    end_link(actor=actor, link=link_in(found, str(data["link"])), reason=data["reason"])


def _document(actor: Actor, found: Work, data: dict[str, Any]) -> None:
    file, link = data["file"], link_in(found, str(data["link"]))
    show_title(actor=actor, links=[link], data=file.read(MAX_BYTES + 1), title=file.name)


def _layer_off(actor: Actor, found: Work, data: dict[str, Any]) -> None:
    layer = get_object_or_404(found.layers, pk=data["number"])
    layers.withdraw_layer(actor=actor, layer=layer)


def _identifier_off(actor: Actor, found: Work, data: dict[str, Any]) -> None:
    one = get_object_or_404(found.identifiers, pk=data["number"])
    works.remove_identifier(actor=actor, identifier=one)


def _resolve(actor: Actor, found: Work, data: dict[str, Any]) -> None:
    losing = data["losing_link"]
    disputes.resolve_dispute(
        actor=actor,
        dispute=get_object_or_404(found.disputes, pk=data["dispute"]),
        sentence=data["sentence"],
        evidence=data["evidence"],
        losing_link=link_in(found, losing) if losing else None,
        award=data["award"],
    )


COMMANDS: Final[dict[str, Callable[[Actor, Work, dict[str, Any]], object]]] = {
    "describe": lambda a, w, data: works.describe_work(actor=a, work=w, changes=data),
    "link": lambda a, w, data: add_link(actor=a, work=w, **data),
    "end": _end,
    "document": _document,
    "layer": lambda a, w, data: layers.declare_layer(actor=a, work=w, **data),
    "layer-off": _layer_off,
    "status": lambda a, w, data: layers.state_status(actor=a, work=w, **data),
    "identifier": lambda a, w, data: works.add_identifier(actor=a, work=w, **data),
    "identifier-off": _identifier_off,
    "dispute": lambda a, w, data: disputes.open_dispute(actor=a, work=w, **data),
    "resolve": _resolve,
}
FORM_OF: Final[dict[str, type[forms.OfWork]]] = {
    **{do: form for do, (_, form) in FORMS.items()},
    "dispute": forms.DisputeForm,
    "resolve": forms.ResolutionForm,
    "end": forms.EndForm,
    "document": forms.DocumentForm,
    "layer-off": forms.OffForm,
    "identifier-off": forms.OffForm,
}
