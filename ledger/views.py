"""The ledger's public pages: what happened lately, one entry with its proof in words, tree heads.

Tree heads are plain JSON at the root (`/tree-heads/`), so that anybody can keep one elsewhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.generic import DetailView, ListView

from ledger import selectors
from ledger.models import Entry, TreeHead

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

LATEST_SECONDS = 2
"""How long the newest tree head may be cached: as long as the next one may take."""
YEAR = 365 * 24 * 3600


class EntriesView(ListView[Entry]):
    """Newest entries first, by subject and kind where asked."""

    template_name = "ledger/entries.html"
    context_object_name = "entries"
    paginate_by = 50

    def asked(self) -> dict[str, str]:
        """The filters in use."""
        given = {name: self.request.GET.get(name, "").strip() for name in ("subject", "kind")}
        return {name: value for name, value in given.items() if value}

    def get_queryset(self) -> QuerySet[Entry]:
        entries = Entry.objects.filter(**self.asked()).select_related("leaf")
        return entries.order_by("-at", "-position")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = Entry.objects.order_by("kind").values_list("kind", flat=True).distinct()
        more = {"asked": self.asked(), "kinds": kinds, "head": selectors.tree_head()}
        return super().get_context_data(**kwargs) | more


class EntryView(DetailView[Entry]):
    """One entry, what it is chained to, and how to check it without trusting this site."""

    template_name = "ledger/entry.html"
    context_object_name = "entry"
    queryset = Entry.objects.select_related("leaf", "statement")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {
            "proof": selectors.inclusion(self.object),
            "record": json.dumps(self.object.record(), indent=2),
            "previous": Entry.objects.filter(digest=self.object.previous).first(),
            "erased_at": selectors.erased_at(self.object),
        }
        return super().get_context_data(**kwargs) | more


@require_safe
@conditional_page
def latest_tree_head(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The newest signed tree head, for anybody to keep elsewhere."""
    return _published(selectors.tree_head(), seconds=LATEST_SECONDS)


@require_safe
@conditional_page
def tree_head(request: HttpRequest, size: int) -> HttpResponse:  # noqa: ARG001 - as above
    """The tree head of `size` leaves: it never changes."""
    return _published(TreeHead.objects.filter(size=size).first(), seconds=YEAR)


def _published(head: TreeHead | None, *, seconds: int) -> HttpResponse:
    if head is None:
        raise Http404
    answer = JsonResponse(selectors.published(head), json_dumps_params={"indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"  # monitors run in browsers, too
    never_changes = {"immutable": True} if seconds == YEAR else {}
    patch_cache_control(answer, public=True, max_age=seconds, **never_changes)
    return answer
