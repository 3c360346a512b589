"""Pages of sets: add pictures, say what they show, see the verdict on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidError, RefusedError
from accounts.requests import actor_of, user_of
from provenance.attribution.selectors import statement_of, visible_works
from provenance.attribution.services import declare
from provenance.attribution.table import TEMPLATE
from provenance.clearance.rules.diagram import diagram
from provenance.clearance.rules.explain import explain
from provenance.clearance.selectors import gather
from provenance.clearance.services import evaluate_set
from provenance.intake import presenting, selectors, services
from provenance.intake.archive import Taken, add_file
from provenance.intake.copying import copy_set, hand_over
from provenance.intake.custody import history
from provenance.intake.fetching import add_from_url
from provenance.intake.forms import CustodyForm, SetForm, StatementForm
from provenance.intake.saying import says
from provenance.intake.serving import shown
from provenance.intake.tables import declare_table
from provenance.screening.selectors import matches_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from provenance.models import SetImage

PAGE = 60


@login_required
def sets(request: HttpRequest) -> HttpResponse:
    """One's own sets, and for reviewers those of others."""
    return render(request, "provenance/sets.html", {"sets": presenting.lines(user_of(request))})


@login_required
def set_new(request: HttpRequest) -> HttpResponse:
    """Begin a set."""
    form = SetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.create_set(actor=actor_of(request), name=form.cleaned_data["name"])
        return redirect("provenance:set", made.pk)
    return render(request, "provenance/set_new.html", {"form": form})


@login_required
def set_detail(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """One set: its pictures with their verdicts and reasons."""
    user = user_of(request)
    image_set = selectors.visible_set(user, set_id)
    seen = presenting.of_set(user, image_set, verdict=request.GET.get("verdict", ""))
    page = Paginator(seen.cards, PAGE).get_page(request.GET.get("page"))
    context = {
        "set": image_set,
        "seen": seen,
        "page_obj": page,
        "bulk": StatementForm(user=user, bulk=True) if seen.may_change else None,
    }
    return render(request, "provenance/set.html", context)


@login_required
@require_POST
def set_rename(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Another name for one's own set, as a finding about its name asks for."""
    found = selectors.own_set(user_of(request), set_id)
    services.rename_set(actor=actor_of(request), image_set=found, name=request.POST.get("name", ""))
    return redirect("provenance:set", found.pk)


@login_required
@require_POST
def set_upload(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Take in one or more files; scripts ask for JSON and send them one by one."""
    image_set = selectors.own_set(user_of(request), set_id)
    custody = {name: request.POST.get(name, "")[:200] for name in ("source_url", "collector")}
    taken: list[Taken] = []
    refused: list[str] = []
    if url := request.POST.get("url", "").strip():
        try:
            item = add_from_url(
                actor=actor_of(request),
                image_set=image_set,
                url=url,
                collector=custody["collector"],
            )
            taken.append(Taken(item.filename, item=item))
        except RefusedError as error:
            refused.append(f"{url}: {error}")
    for file in request.FILES.getlist("file"):
        try:
            taken += add_file(
                actor=actor_of(request),
                image_set=image_set,
                data=file.read(),
                filename=file.name or "",
                max_picture=settings.INTAKE_MAX_BYTES,
                **custody,
            )
        except RefusedError as error:
            refused.append(f"{file.name}: {error}")
    added = sum(one.item is not None for one in taken)
    refused += [f"{one.filename}: {one.refusal}" for one in taken if one.item is None]
    if request.accepts("text/html"):
        _tell(request, added, refused)
        return redirect("provenance:set", image_set.pk)
    return JsonResponse({"added": added, "refused": refused})


def _tell(request: HttpRequest, added: int, refused: list[str]) -> None:
    if added:
        messages.success(request, f"{added} {'picture is' if added == 1 else 'pictures are'} in.")
    for sentence in refused[:20]:
        messages.error(request, sentence)
    if not added and not refused:
        messages.error(request, "Choose at least one picture.")


@login_required
@require_POST
def set_check(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Decide about the set as it is now."""
    image_set = selectors.visible_set(user_of(request), set_id)
    use, subject = selectors.plain_use(image_set), selectors.subject_of(image_set)
    evaluate_set(image_set=image_set, use=use, subject=subject)
    return redirect("provenance:set", image_set.pk)


@login_required
@require_POST
def set_table(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Apply a CSV of declarations."""
    image_set = selectors.own_set(user_of(request), set_id)
    file = request.FILES.get("file")
    if file is None:
        raise InvalidError("file_missing", "Choose a CSV file.")
    done = declare_table(actor=actor_of(request), image_set=image_set, data=file.read())
    messages.success(request, f"{done.declared} pictures are declared.")
    return redirect("provenance:set", image_set.pk)


@login_required
@require_GET
def set_template(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """A CSV to fill in, with a line for each picture."""
    image_set = selectors.own_set(user_of(request), set_id)
    answer = HttpResponse(TEMPLATE + presenting.template_lines(image_set), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="declarations.csv"'
    return answer


@login_required
@require_POST
def set_declare(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """State the same of several pictures, or take them out."""
    image_set = selectors.own_set(user_of(request), set_id)
    chosen = image_set.items.filter(pk__in=presenting.uuids(request.POST.getlist("item")))
    form = StatementForm(request.POST, user=user_of(request), bulk=True)
    stated: dict[str, Any] = {}
    if "remove" in request.POST:
        for item in chosen:
            services.remove_picture(actor=actor_of(request), item=item)
    elif "nobody" in request.POST:
        chosen, stated = image_set.items.all(), {"persons": "none", "persons_shown": ()}
    elif form.is_valid():
        stated = form.changes(only_filled=True)
    if stated:
        changes = {item.pk: stated for item in chosen}
        declare(actor=actor_of(request), image_set=image_set, changes=changes)
    messages.success(
        request, f"{len(chosen)} {'picture is' if len(chosen) == 1 else 'pictures are'} changed."
    )
    return redirect("provenance:set", image_set.pk)


@login_required
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One picture: what is stated of it, why it may or may not pass."""
    user = user_of(request)
    found = selectors.visible_item(user, item_id)
    seen = presenting.of_item(user, found)
    initial = StatementForm.initial_of(statement_of(found))
    form = StatementForm(request.POST or None, initial=initial, user=user)
    if request.method == "POST" and _save(request, selectors.own_item(user, item_id), form):
        return redirect("provenance:set", found.image_set_id)
    context = {
        "item": found,
        "set": found.image_set,
        "card": seen,
        "sees_work": visible_works(user).filter(items=found).exists(),
        "form": form,
        "says": says(found),
        "matches": matches_of(found),
        "why": _why(found) if seen.outcome else None,
        "custody": history(found),
        "custody_form": CustodyForm(auto_id="custody_%s"),
    }
    return render(request, "provenance/item.html", context)


@login_required
@require_POST
def item_custody(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Say from whom a copy came on its way here."""
    found = selectors.own_item(user_of(request), item_id)
    form = CustodyForm(request.POST)
    if not form.is_valid():
        told = "Say who handed it over; a date is written 2024-05-31."
        raise InvalidError("bad_custody", told)
    hand_over(actor=actor_of(request), item=found, **form.cleaned_data)
    return redirect("provenance:item", found.pk)


@login_required
@require_POST
def set_copy(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """Copy a set that one may see into a new one of one's own."""
    user = user_of(request)
    source = selectors.visible_set(user, set_id)
    made = copy_set(actor=actor_of(request), copier=user, image_set=source)
    messages.success(request, "It is copied, with its history. No permission came along.")
    return redirect("provenance:set", made.pk)


def _save(request: HttpRequest, found: Any, form: StatementForm) -> bool:
    """Whether the picture was removed or declared; a refusal is shown beside the form."""
    try:
        if "remove" in request.POST:
            services.remove_picture(actor=actor_of(request), item=found)
            return True
        if not form.is_valid():
            return False
        stated = form.changes(only_filled=False)
        declare(actor=actor_of(request), image_set=found.image_set, changes={found.pk: stated})
    except RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"What you state of {found} is on record.")
    return True


def _why(item: SetImage) -> dict[str, str]:
    """The way from the picture to its permissions, in words and as a drawing."""
    use = selectors.plain_use(item.image_set)
    facts = gather(item.image_set, use, today=timezone.now().date())
    account = explain(facts, use, str(item.pk))
    return {"text": account.text, "drawing": diagram(account)}


@login_required
@require_GET
def thumbnail(request: HttpRequest, item_id: UUID) -> FileResponse:
    """A small picture, for whoever may see it."""
    found = selectors.visible_item(user_of(request), item_id)
    return shown("thumbnail", found.image.normalised_sha256)


@login_required
@require_GET
def picture(request: HttpRequest, item_id: UUID) -> FileResponse:
    """The normalised picture, for whoever may see it."""
    found = selectors.visible_item(user_of(request), item_id)
    return shown("normalised", found.image.normalised_sha256)
