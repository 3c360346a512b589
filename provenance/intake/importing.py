"""Import a whole set from a table or a folder: everything is checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.errors import InvalidError
from provenance.attribution.evidence import MAX_BYTES, media_type_of, submit_evidence
from provenance.attribution.licences import unknown_licence
from provenance.attribution.services import declare
from provenance.attribution.table import Row, decode_table, read_table
from provenance.intake.decoding import PictureRefusedError, decode
from provenance.intake.reading import files_in, read_file, side_by_side
from provenance.intake.services import create_set, limits, place, take_in
from provenance.models import Licence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from accounts.actors import Actor
    from provenance.models import Image, ImageSet

    Told = Callable[[Iterable[Any], str, int], Iterable[Any]]


@dataclass(frozen=True)
class Wanted:
    """One picture to import, where its file and its evidence lie, and what is stated of it."""

    where: str
    """For people: "line 3" or the file's name."""
    path: Path
    changes: dict[str, Any]
    evidence: Path | None = None


def wanted_in(source: Path) -> list[Wanted]:
    """The pictures that a CSV names (paths beside it) or that lie in a folder."""
    if source.is_dir():
        files = files_in(source)
        if not files:
            raise InvalidError(
                "empty_folder", f"There is no file in the folder {source}.", "Put pictures into it."
            )
        return [Wanted(str(path.relative_to(source)), path, {}) for path in files]
    table = decode_table(read_file(source, f"The table {source}"))
    return [_wanted(row, source.parent) for row in read_table(table)]


def _wanted(row: Row, folder: Path) -> Wanted:
    changes = dict(row.changes)
    evidence = changes.pop("evidence", None)
    return Wanted(
        f"line {row.line}", folder / row.path, changes, folder / evidence if evidence else None
    )


def check_all(wanted: list[Wanted], told: Told) -> None:
    """Read and decode every picture, evidence and licence; InvalidError says all that is wrong."""
    problems = [p for p in told(side_by_side(_problem, wanted), "checking", len(wanted)) if p]
    known = set(Licence.objects.values_list("code", flat=True))
    for one in wanted:
        licence = one.changes.get("licence")
        if licence and licence not in known:
            problems.append(f"{one.where}: {unknown_licence(licence, known)}")
        if licence and not one.changes.get("holders"):
            problems.append(f"{one.where}: a licence needs a holder who offers it.")
    if problems:
        more = f" And {len(problems) - 10} more." if len(problems) > 10 else ""  # noqa: PLR2004
        raise InvalidError(
            "bad_rows", " ".join(problems[:10]) + more, "Nothing was imported: mend these first."
        )


def _problem(wanted: Wanted) -> str:
    try:
        decode(read_file(wanted.path, str(wanted.path)), limits())
        if wanted.evidence is not None:
            data = read_file(wanted.evidence, f"The evidence {wanted.evidence}")
            if len(data) > MAX_BYTES:
                return f"{wanted.where}: the evidence {wanted.evidence.name} is too large."
            media_type_of(data)
    except PictureRefusedError as error:
        return f"{wanted.where}: {wanted.path.name}: {error.sentence}"
    except InvalidError as error:
        return f"{wanted.where}: {error}"
    return ""


def import_set(*, actor: Actor, name: str, wanted: list[Wanted], told: Told) -> ImageSet:
    """Check everything, store the files, then write the set in one transaction.

    The collector of a copy is the owner, who had it, unless something else is declared later.
    """
    check_all(wanted, told)
    images = [take_in(one.path.read_bytes()) for one in told(wanted, "storing", len(wanted))]
    with transaction.atomic():
        return _write(actor, name, list(zip(wanted, images, strict=True)))


def _write(actor: Actor, name: str, pairs: list[tuple[Wanted, Image]]) -> ImageSet:
    image_set = create_set(actor=actor, name=name)
    evidence: dict[Path, str] = {}
    changes = {}
    for wanted, image in pairs:
        item = place(actor=actor, image_set=image_set, image=image, filename=wanted.path.name)
        stated = {"collector": image_set.owner.username, **wanted.changes}
        if wanted.evidence is not None:
            if wanted.evidence not in evidence:
                data = wanted.evidence.read_bytes()
                made = submit_evidence(actor=actor, data=data, title=wanted.evidence.name)
                evidence[wanted.evidence] = str(made.pk)
            stated["evidence"] = evidence[wanted.evidence]
        changes[item.pk] = stated
    declare(actor=actor, image_set=image_set, changes=changes)
    return image_set
