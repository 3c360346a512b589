"""The ledger's public pages: what happened lately, and one entry with its proof in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.views.generic import DetailView, ListView

from ledger import selectors
from ledger.models import Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet


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
    queryset = Entry.objects.select_related("leaf")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {
            "proof": selectors.inclusion(self.object),
            "record": json.dumps(self.object.record(), indent=2),
            "previous": Entry.objects.filter(digest=self.object.previous).first(),
        }
        return super().get_context_data(**kwargs) | more
