"""The ledger for outsiders: entries, tree heads and proofs, public and read-only.

Statements are never given here: only the salted commitments that entries hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from ledger import selectors
from ledger.models import Entry, Leaf, TreeHead
from ledger.rules import timestamp
from ledger.selectors import published

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

MOST = 200
Serializer = serializers.Serializer[Any]


class EntrySerializer(Serializer):
    """`digest` is the RFC 9162 leaf hash of the RFC 8785 JSON of what stands before it.

    `leaf` and `erased_at` are no part of the record: the number in the log, and when the words
    behind the entry were erased (null: never, or there were none).
    """

    id = serializers.UUIDField()
    subject = serializers.CharField()
    position = serializers.IntegerField()
    kind = serializers.CharField()
    actor = serializers.CharField()
    data = serializers.JSONField()  # type: ignore[assignment]  # taken off the class
    previous = serializers.CharField()
    at = serializers.CharField()
    digest = serializers.CharField()
    leaf = serializers.IntegerField(allow_null=True)
    erased_at = serializers.CharField(allow_null=True)


class EntriesSerializer(Serializer):
    """A page: give `next_after` as `after` for the next one; null when nothing follows yet."""

    results = EntrySerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class EntriesQuery(Serializer):
    subject = serializers.CharField(required=False)
    kind = serializers.CharField(required=False)
    after = serializers.IntegerField(required=False, default=-1, min_value=-1)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=MOST)


class TreeHeadSerializer(Serializer):
    """The signature (Ed25519) is over the RFC 8785 JSON of type, size, root and at."""

    type = serializers.CharField()
    size = serializers.IntegerField()
    root = serializers.CharField()  # type: ignore[assignment]  # likewise
    at = serializers.CharField()
    key = serializers.CharField()
    signature = serializers.CharField()


class TreeHeadsQuery(Serializer):
    before = serializers.IntegerField(required=False, min_value=1)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=MOST)


class ProofSerializer(Serializer):
    """An RFC 9162 audit path from `leaf_hash` to the root of `tree_head`."""

    leaf = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    tree_head = TreeHeadSerializer()


class ConsistencyQuery(Serializer):
    first = serializers.IntegerField(min_value=1)
    second = serializers.IntegerField(min_value=1)


class ConsistencySerializer(ConsistencyQuery):
    path = serializers.ListField(child=serializers.CharField())


class PublicView(APIView):
    """Read by anybody; a token is neither needed nor looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class EntriesView(PublicView):
    @extend_schema(
        operation_id="ledger_entries_list", parameters=[EntriesQuery], responses=EntriesSerializer
    )
    def get(self, request: Request) -> Response:
        """Numbered entries in the order of the log, after a leaf number."""
        query = _query(EntriesQuery, request)
        leaves = Leaf.objects.filter(index__gt=query["after"]).select_related("entry__statement")
        for name in ("subject", "kind"):
            if name in query:
                leaves = leaves.filter(**{f"entry__{name}": query[name]})
        page = list(leaves.order_by("index")[: query["limit"]])
        results = [_entry(leaf.entry, leaf.index) for leaf in page]
        more = len(page) == query["limit"]
        return Response({"results": results, "next_after": page[-1].index if more else None})


class EntryView(PublicView):
    @extend_schema(responses=EntrySerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """One entry; `leaf` is null while it waits for its number."""
        entry = get_object_or_404(Entry.objects.select_related("leaf", "statement"), pk=pk)
        leaf = getattr(entry, "leaf", None)
        return Response(_entry(entry, leaf.index if leaf else None))


class ProofView(PublicView):
    @extend_schema(responses=ProofSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """The proof that the entry stands in the newest tree; 404 while it waits."""
        proof = selectors.inclusion(get_object_or_404(Entry, pk=pk))
        if proof is None:
            raise Http404
        body = {"leaf": proof.leaf, "leaf_hash": proof.leaf_hash, "path": proof.path}
        return Response(body | {"tree_head": published(proof.head)})


class TreeHeadsView(PublicView):
    @extend_schema(parameters=[TreeHeadsQuery], responses=TreeHeadSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Tree heads, largest first; `before` a size for earlier ones."""
        query = _query(TreeHeadsQuery, request)
        heads = TreeHead.objects.order_by("-size")
        if "before" in query:
            heads = heads.filter(size__lt=query["before"])
        return Response([published(head) for head in heads[: query["limit"]]])


class LatestTreeHeadView(PublicView):
    @extend_schema(responses=TreeHeadSerializer)
    def get(self, request: Request) -> Response:
        """The newest tree head; 404 while the log is empty. Keep one elsewhere: it pins the log."""
        head = selectors.tree_head()
        if head is None:
            raise Http404
        return Response(published(head))


class ConsistencyView(PublicView):
    @extend_schema(parameters=[ConsistencyQuery], responses=ConsistencySerializer)
    def get(self, request: Request) -> Response:
        """The proof that the tree of `second` leaves continues the one of `first`."""
        query = _query(ConsistencyQuery, request)
        try:
            path = selectors.consistency(query["first"], query["second"])
        except ValueError as error:
            raise ValidationError({"second": [str(error)]}) from error
        return Response({**query, "path": path})


def _query(kind: type[Serializer], request: Request) -> dict[str, Any]:
    query = kind(data=request.query_params)
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def _entry(entry: Entry, leaf: int | None) -> dict[str, Any]:
    at = selectors.erased_at(entry)
    more = {"leaf": leaf, "erased_at": timestamp(at) if at else None}
    return entry.record() | {"digest": entry.digest} | more
