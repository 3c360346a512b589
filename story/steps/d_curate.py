"""A curator builds two sets with evidence: one from the commons, one from commissioned works."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from accounts.models import User
from provenance.models import Party
from story import commands
from story.people import ARTIST, PUBLISHER, STUDIO
from story.pictures.commons import commons
from story.steps.a_protect import SHARES

if TYPE_CHECKING:
    from pathlib import Path

    from story.telling import Story

TITLE = "A curator builds two sets, and asks first"
WHY = "Set A from CC0 and CC BY works, set B from commissioned works: evidence for every picture."
COLUMNS = [
    "path",
    "title",
    "creator",
    "holder",
    "licence",
    "credit_line",
    "source_url",
    "evidence",
    "reference",
    "persons",
]
CREDIT = f"{ARTIST}, by courtesy of "


def run(story: Story) -> None:
    """Import both sets from tables, have the evidence checked, ask the missing parties."""
    for key, rows in (("a", _commons_rows(story)), ("b", _commissioned_rows(story))):
        name = {"a": "linen prints", "b": "harbour evenings"}[key] + f" {story.number}"
        table = _write_table(story.folder / f"set-{key}.csv", rows)
        argv = ("manage.py", "import_set", str(table), "--name", name, "--owner", "curator")
        ran = commands.run(*argv)
        story.expect(ran.code == 0, f"Set {key.upper()}: 32 pictures imported.", found=ran.err)
        sets = _rows(story.user("curator").get("image-sets/"))
        story.known[f"set_{key}"] = next(row["id"] for row in sets if row["name"] == name)
    _before(story)
    _check_evidence(story)
    _ask_and_answer(story)
    for key, expected in (("a", "flagged"), ("b", "cleared")):
        verdict = _verdict(story, key)
        told = "a reviewer must look" if expected == "flagged" else "every holder has permitted it"
        story.expect(
            verdict["outcome"] == expected,
            f"Set {key.upper()} is {expected}: {told}.",
            found=_codes(verdict),
        )


def _commons_rows(story: Story) -> list[dict[str, str]]:
    folder = story.folder / "commons"
    folder.mkdir()
    rows = []
    for picture in commons():
        path = folder / f"{picture.slug}.png"
        picture.image.save(path)
        page = folder / f"licence-{picture.creator}-{picture.licence}.txt".replace(" ", "-")
        page.write_text(
            f"Copy of the archive's rights statement: works of {picture.creator} are offered by "
            f"their author under {picture.licence}.\n"
        )
        rows.append(
            {
                "path": path.name,
                "title": picture.title,
                "creator": picture.creator,
                "holder": picture.creator,
                "licence": picture.licence,
                "credit_line": picture.credit_line,
                "source_url": picture.source_url,
                "evidence": page.name,
                "reference": picture.slug,
                "persons": "none",
            }
        )
    return rows


def _commissioned_rows(story: Story) -> list[dict[str, str]]:
    rows = []
    for holder, _ in SHARES:
        folder = story.folder / "portfolio" / holder
        contract = story.folder / "portfolio" / f"contract-{holder.replace(' ', '-')}.txt"
        contract.write_text(
            f"Commission no. {story.number}: {holder} holds the rights in the works listed, made "
            f"by {ARTIST}, and hands these files to the curator.\n"
        )
        rows += [
            {
                "path": f"portfolio/{holder}/{path.name}",
                "title": path.stem.replace("-", " ").capitalize(),
                "creator": ARTIST,
                "holder": holder,
                "source_url": "https://lanternfish.example/commissions",
                "evidence": str(contract.relative_to(story.folder)),
                "reference": path.stem,
                "persons": "none",
            }
            for path in sorted(folder.glob("*.png"))
        ]
    return rows


def _write_table(path: Path, rows: list[dict[str, str]]) -> Path:
    if "commons" in {part.name for part in path.parent.iterdir()} and path.stem == "set-a":
        path = path.parent / "commons" / path.name
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return path


def _before(story: Story) -> None:
    codes = _codes(_verdict(story, "b"))
    story.expect(
        {"match_protected", "licence_missing"} & set(codes) and "grant_revoked" not in codes,
        "Set B is blocked at first: its pictures match the protected works, and nobody has "
        "permitted this use yet.",
        found=codes,
    )
    story.expect(
        "evidence_weak" in _codes(_verdict(story, "a")),
        "Set A is flagged at first: nobody has checked its evidence.",
    )


def _check_evidence(story: Story) -> None:
    reviewer = story.user("reviewer")
    mine = User.objects.get(username="curator")
    waiting = [e for e in _rows(reviewer.get("evidence/?limit=500")) if not e["checked_at"]]
    for evidence in waiting:
        reviewer.post(
            f"evidence/{evidence['id']}/check/",
            identity="document_checked",
            title="document_checked",
            citations=evidence["citations"],
            note="Compared with the archive's page and the register of commissions.",
        )
    story.expect(waiting, f"The reviewer checks {len(waiting)} documents of {mine}.")


def _ask_and_answer(story: Story) -> None:
    curator = story.user("curator")
    people = (("artist", ARTIST), ("studio", STUDIO), ("publisher", PUBLISHER))
    for username, party in people:
        ask = curator.post(
            "asks/",
            image_set=story.known["set_b"],
            party=str(Party.objects.get(name=party).pk),
            purpose="An open model of harbour evenings, shown at the autumn exhibition.",
            model_name=f"harbour-evenings-{story.number}",
            message="You commissioned or made these works with me; may a model learn from them?",
        )
        grant = story.user(username).post(
            f"asks/{ask['id']}/grant/",
            actions=["train", "distribute-weights"],
            credit_line=CREDIT + party if party != ARTIST else ARTIST,
        )
        story.known[f"grant_{username}"] = grant["id"]
        story.say(f"{party} is asked for {len(ask['works'])} works, and grants.")


def _verdict(story: Story, key: str) -> dict[str, Any]:
    found: dict[str, Any] = story.user("curator").get(
        f"image-sets/{story.known[f'set_{key}']}/verdict/"
    )
    return found


def _codes(verdict: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in verdict["findings"] if not finding["resolved"]]


def _rows(body: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = body["results"] if isinstance(body, dict) else body
    return rows
