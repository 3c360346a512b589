"""Two records are one party: everything that names the one comes to name the other, and back."""
# ruff: noqa: SLF001 - _meta is Django's documented model API

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.errors import InvalidError, RefusedError
from ledger.append_only import AppendOnlyModel
from ledger.services import append
from provenance.attribution import party_events as events
from provenance.attribution.channels import require_not_theirs
from provenance.attribution.parties import user_id
from provenance.clearance.services import mark_stale
from provenance.models import Delegation, Party, PartyMerge, PartyName, TitleLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.actors import Actor

ENDED_ON_CLASH: Final = (TitleLink, Delegation)
"""Left with the merged party these would go on demanding its answer, so they end instead."""
Moved = dict[str, Any]


def merge_parties(*, actor: Actor, keep: Party, merged: Party, reason: str) -> PartyMerge:
    """`merged` is `keep`: move what names it, and note what was moved. Levels never rise by it.

    1. by a reviewer or operator who speaks for neither; 2. into the better known record, so that
    no protection of the other is weakened; 3. all columns that name a party, found in the models.
    Where both records had the same (a member, an address, a name), the kept one's stays.
    """
    _require_may(actor, reason)
    require_not_theirs(actor, keep, merged)  # 1
    with transaction.atomic():
        pair = Party.objects.select_for_update().order_by("pk").in_bulk([keep.pk, merged.pk])
        _require_two(pair.get(keep.pk), pair.get(merged.pk))  # 2
        moved: Moved = {
            f"{m._meta.label}.{f}": _move(m, f, keep, merged) for m, f in naming_a_party()
        }
        name, is_new = PartyName.objects.get_or_create(party=keep, text=pair[merged.pk].name)
        moved["name"] = name.pk if is_new else None
        Party.objects.filter(pk=merged.pk).update(merged_into=keep)
        merge = PartyMerge.objects.create(
            kept=keep, merged=merged, moved=moved, reason=reason, merged_by_id=user_id(actor)
        )
        _tell(actor, merge, events.PartiesMerged, merge)
    keep.refresh_from_db()
    merged.refresh_from_db()
    return merge


def undo_merge(*, actor: Actor, merge: PartyMerge, reason: str) -> PartyMerge:
    """They are two after all: what the merge moved, and still names the kept one, goes back."""
    _require_may(actor, reason)
    require_not_theirs(actor, merge.kept, merge.merged)
    with transaction.atomic():
        merged = Party.objects.select_for_update().get(pk=merge.merged_id)
        if merge.undoes_id or merged.merged_into_id != merge.kept_id or hasattr(merge, "undone_by"):
            raise RefusedError("not_merged", "These two are not merged by this any more.")
        Party.objects.filter(pk=merged.pk).update(merged_into=None)
        PartyName.objects.filter(pk=merge.moved["name"]).delete()
        for model, field in naming_a_party():
            _move_back(model, field, merge, merge.moved.get(f"{model._meta.label}.{field}", {}))
        undone = PartyMerge.objects.create(
            kept=merge.kept,
            merged=merge.merged,
            undoes=merge,
            moved={},
            reason=reason,
            merged_by_id=user_id(actor),
        )
        _tell(actor, undone, events.MergeUndone, merge)
    return undone


def _require_may(actor: Actor, reason: str) -> None:
    if "operator" not in actor.roles:
        actor.require("reviewer")
    if not reason.strip():
        raise InvalidError("reason_missing", "Say how you know.", "Add a reason.")


def _require_two(keep: Party | None, merged: Party | None) -> None:
    if keep is None or merged is None or keep == merged:
        raise InvalidError("same_party", "These are one record already.", "Name two parties.")
    if keep.merged_into_id or merged.merged_into_id:
        raise RefusedError("merged_before", "One of them was merged before.", "Name the kept one.")
    if keep.kind != merged.kind:
        raise InvalidError("other_kind", "A person and an organisation are not one party.")
    if merged.level > keep.level:
        raise RefusedError(
            "better_known", f"{merged} is the better known record.", "Keep that one instead."
        )


def naming_a_party() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of every table that names a party, those of many-to-many tables too.

    Not what is never changed, and not `merged_into`: what was merged before stays where it went.
    """
    for relation in Party._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model = relation.related_model
            if model is not Party and not issubclass(model, AppendOnlyModel):
                yield model, relation.field.name


def _move(model: type[models.Model], field: str, keep: Party, merged: Party) -> Moved:
    """Repoint the rows of one column, all at once where none clashes."""
    rows = model._base_manager.filter(**{field: merged})
    ids = [_key(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    if not ids or _try(rows, {field: keep}):
        return {"moved": ids} if ids else {}
    moved = [pk for pk in ids if _try(model._base_manager.filter(pk=pk), {field: keep})]
    clashed = [pk for pk in ids if pk not in set(moved)]
    return {"moved": moved} | _settle(model, clashed)


def _try(rows: models.QuerySet[models.Model], values: dict[str, Any]) -> bool:
    """Whether no constraint refused it; in a savepoint of its own."""
    try:
        with transaction.atomic():
            rows.update(**values)
    except IntegrityError:
        return False
    return True


def _settle(model: type[models.Model], ids: list[Any]) -> Moved:
    """The kept party has these already: links end, pairs go, all else stays as history."""
    rows = model._base_manager.filter(pk__in=ids)
    if model in ENDED_ON_CLASH:
        live = rows.filter(ended_at=None)
        ended = [_key(pk) for pk in live.values_list("pk", flat=True)]
        live.update(ended_at=timezone.now())
        return {"ended": ended, "stayed": ids}
    if model._meta.auto_created:
        removed = [{k: _key(v) for k, v in row.items() if k != "id"} for row in rows.values()]
        rows.delete()
        return {"removed": removed}
    return {"stayed": ids}


def _move_back(model: type[models.Model], field: str, merge: PartyMerge, moved: Moved) -> None:
    rows = model._base_manager.filter(pk__in=moved.get("moved", []), **{field: merge.kept})
    if not _try(rows, {field: merge.merged}):
        for pk in moved["moved"]:
            _try(rows.filter(pk=pk), {field: merge.merged})
    if moved.get("ended"):
        model._base_manager.filter(pk__in=moved["ended"]).update(ended_at=None)
    for values in moved.get("removed", []):
        model._base_manager.get_or_create(**values)


def _key(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def _tell(actor: Actor, record: PartyMerge, event: type[Any], merge: PartyMerge) -> None:
    parties = sorted([str(merge.kept_id), str(merge.merged_id)])
    told = event(merge=str(merge.pk), kept=str(merge.kept_id), merged=str(merge.merged_id))
    for party in parties:
        append(actor=actor.id, subject=f"party:{party}", event=told, statement=record.reason)
    mark_stale(kind="party", refs=parties)
