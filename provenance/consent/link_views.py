"""Pages behind private links. A look changes nothing; an answer is a POST, and counts once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.errors import RefusedError
from provenance.consent import private, selectors, services
from provenance.consent.link_forms import LinkAnswerForm, NoticeForm
from provenance.consent.services.answering import actor_of
from provenance.consent.services.links import GoneError
from provenance.intake import storage
from provenance.models import Ask, ConsentLink, CreatorNotice, Grant

if TYPE_CHECKING:
    from django.http import HttpRequest

AFTER_END = Grant().get_after_end_display()
ENDED = "This link has ended: its time is over, or it has been used."
CLOSED = "This request is not open any more: it was answered, taken back, or its time was over."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Whatever the link is for; a token that was never given out is 404, a used one 410."""
    found = private.link_by(token)
    if found is None:
        return _unknown(request)
    pages = {
        ConsentLink.Kind.ANSWER: _answer,
        ConsentLink.Kind.CONFIRM: _confirm,
        ConsentLink.Kind.NOTICE: _notice,
    }
    try:
        _require_other_side(request, found)
        answer = pages[ConsentLink.Kind(found.kind)](request, found, token)
    except RefusedError as refusal:
        answer = _gone(request, str(refusal), refusal.status)
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_safe
def link_picture(request: HttpRequest, token: str, item_id: UUID) -> HttpResponse:
    """A small picture of the request, for whoever holds its link, while it can be answered."""
    found = private.link_by(token)
    if found is None:
        return _unknown(request)
    if private.is_over(found):
        raise Http404
    ask = get_object_or_404(found.asks.filter(state__in=selectors.OPEN))
    item = get_object_or_404(selectors.pictures_of(ask), pk=item_id)
    path = storage.path_of("thumbnail", item.image.normalised_sha256)
    answer = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _require_other_side(request: HttpRequest, found: ConsentLink) -> None:
    """Whoever is signed in as the applicant does not answer by the link as well."""
    if request.method == "POST" and found.asks.filter(applicant_id=request.user.pk).exists():
        raise RefusedError(
            "own_request",
            "You are signed in as the one who asks, and cannot answer your own request.",
            "If the answer is yours to give, sign in as somebody who speaks for the party.",
        )


class GuessThrottle(SimpleRateThrottle):
    """By the client's address; a good link works for whoever shares it, as it is no guess."""

    scope = "link-guess"

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002 - as DRF calls it
        return f"link-guess:{self.get_ident(request)}"


def _unknown(request: HttpRequest) -> HttpResponse:
    throttle = GuessThrottle()
    if throttle.allow_request(cast("Any", request), cast("Any", link)):
        return _gone(request, "We do not know this link. Is its address complete?", 404)
    answer = _gone(request, "Too many unknown links from your address. Wait a minute.", 429)
    answer["Retry-After"] = str(math.ceil(throttle.wait() or 1))
    return answer


def _gone(request: HttpRequest, sentence: str, status: int = 410) -> HttpResponse:
    context = {"sentence": sentence}
    return render(request, "provenance/link_gone.html", context, status=status)


def _answer(request: HttpRequest, found: ConsentLink, token: str) -> HttpResponse:
    if found.used_at is not None:
        return _receipt(request, found)
    if private.is_over(found):
        return _gone(request, ENDED)
    ask = found.asks.select_related("party", "applicant", "image_set").get()
    if ask.state != Ask.State.ASKED:
        return _gone(request, CLOSED)
    wants_grant = request.method == "POST" and request.POST.get("do") == "grant"
    form = LinkAnswerForm(request.POST if wants_grant else None, ask=ask)
    if request.method == "POST" and _answered(request, found, form):
        return redirect("provenance:link", token=token)
    context = {
        "ask": ask,
        "form": form,
        "token": token,
        "items": selectors.pictures_of(ask),
        "known_as": private.known_as(ask.applicant),
        "after_end": AFTER_END,
    }
    return render(request, "provenance/link_answer.html", context)


def _answered(request: HttpRequest, found: ConsentLink, form: LinkAnswerForm) -> bool:
    """Take the answer; False where the form has to be shown again."""
    actor, do = actor_of(found), request.POST.get("do", "")
    if do == "grant":
        return form.is_valid() and _granted(found, form)
    if do == "not-mine":
        services.not_mine(actor=actor, link=found, whose=request.POST.get("whose", ""))
        return True
    if do in {"refuse", "block-applicant", "block-all"}:
        services.refuse_by_link(
            actor=actor,
            link=found,
            note=request.POST.get("words", ""),
            block_applicant=do == "block-applicant",
            block_all=do == "block-all",
        )
        return True
    return False


def _granted(found: ConsentLink, form: LinkAnswerForm) -> bool:
    data = form.cleaned_data
    try:
        services.grant_by_link(
            actor=actor_of(found),
            link=found,
            terms=form.terms(),
            works=None if data.get("everything") else data.get("works", []),
            note=data["note"],
        )
    except GoneError:
        raise
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _receipt(request: HttpRequest, found: ConsentLink) -> HttpResponse:
    """What was answered, for as long as it matters; what was given can be taken back from here."""
    if request.method == "POST" and request.POST.get("do") != "withdraw":
        return _gone(request, "This has been answered before. The answer stands.")
    ask = found.asks.select_related("party", "applicant").get()
    grants = private.grants_by(found)
    refusal = sent = ""
    if request.method == "POST":
        grant = get_object_or_404(grants, pk=_uuid(request.POST.get("grant", "")))
        try:
            services.withdraw_by_link(
                actor=actor_of(found),
                link=found,
                grant=grant,
                reason=request.POST.get("reason", ""),
            )
            sent = "We have sent a message to the address on record; it confirms this."
        except RefusedError as error:
            refusal = str(error)
    context = {
        "ask": ask,
        "grants": grants,
        "may_withdraw": any(grant.revoked_at is None for grant in grants),
        "not_counted": private.not_counted(grants),
        "applicant": ask.applicant,
        "party": ask.party,
        "refusal": refusal,
        "sent": sent,
    }
    return render(request, "provenance/link_receipt.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _confirm(request: HttpRequest, found: ConsentLink, token: str) -> HttpResponse:
    ask = found.asks.select_related("party", "applicant").get()
    withdraws = found.answer["do"] == "withdraw"
    if found.used_at is not None or private.is_over(found):
        return _gone(request, ENDED)
    if not withdraws and ask.state != Ask.State.CONFIRMING:
        return _gone(request, CLOSED)
    if request.method == "POST":
        services.confirm(actor=actor_of(found), link=found)
        said = "The permission is withdrawn." if withdraws else "Your permission is on record."
        weak = private.not_counted(private.grants_by(found))
        done = {
            "sentence": said,
            "not_counted": weak,
            "party": ask.party,
            "applicant": ask.applicant,
        }
        return render(request, "provenance/link_done.html", done)
    works = found.answer.get("works")
    context = {
        "ask": ask,
        "token": token,
        "withdraws": withdraws,
        "answer": found.answer,
        "works": ask.works.filter(pk__in=works or []),
        "all_works": works is None,
        "after_end": _after_end(found.answer.get("terms", {})),
    }
    return render(request, "provenance/link_confirm.html", context)


def _after_end(terms: dict[str, Any]) -> str:
    """What these terms, as kept, say of copies already released."""
    chosen = terms.get("after_end")
    return str(Grant.AfterEnd(chosen).label) if chosen else AFTER_END


def _notice(request: HttpRequest, found: ConsentLink, token: str) -> HttpResponse:
    notice = found.notice
    if notice is None or found.used_at is not None or private.is_over(found):
        return _gone(request, ENDED)
    if notice.state != CreatorNotice.State.TOLD:
        return _gone(request, "This has been answered before. The answer stands.")
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.answer_notice(
            actor=actor_of(found), notice=notice, link=found, **form.cleaned_data
        )
        return render(
            request, "provenance/link_done.html", {"sentence": "Thank you. This is on record."}
        )
    works = private.works_told_of(notice)
    context = {"notice": notice, "form": form, "token": token, "works": works}
    return render(request, "provenance/link_notice.html", context)
