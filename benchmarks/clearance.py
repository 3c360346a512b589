"""Reading the facts of a set and deciding about it, against its size: CPU seconds of each.

`python benchmarks/clearance.py [SIZE ...]` fills an SQLite database in a temporary folder: every
picture shows a work of its own, which one of 200 parties holds; every second party has granted.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.models import ImageSet

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PARTIES, SIZES, BATCH = 200, (1_000, 10_000, 100_000), 500


def prepare(folder: str) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/benchmark.sqlite3"
    os.environ["IMPRIMATUR_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def a_set_of(size: int) -> ImageSet:
    """A set of `size` screened pictures with works, creators, chains, custody and grants."""
    from accounts.models import User
    from provenance import models

    owner = User.objects.create(username=f"owner-{size}")
    made = models.ImageSet.objects.create(owner=owner, name=str(size))
    parties = [models.Party(name=f"Party {n}", kind="person", level=2) for n in range(PARTIES)]
    works = [models.Work(title=f"Work {n}", source="human") for n in range(size)]
    images = [
        models.Image(
            sha256=f"{size:08x}{n:056x}",
            normalised_sha256=f"{size:08x}{n:056x}",
            width=512,
            height=512,
            size=1,
            quality=100,
            pdq_dihedral=[],
            embedded={"signals": [], "creators": [f"Party {n % PARTIES}"]},
        )
        for n in range(size)
    ]
    for rows in (parties, works, images):
        type(rows[0]).objects.bulk_create(rows, BATCH)
    holders = [parties[n % PARTIES] for n in range(size)]
    maker = models.Work.creators.through
    related = (
        [maker(work=work, party=party) for work, party in zip(works, holders, strict=True)],
        [
            models.TitleLink(work=work, party=party, kind="authored", level=2)
            for work, party in zip(works, holders, strict=True)
        ],
        [models.Screening(image=i, bank_version=10**6, low_information=False) for i in images],
        [
            models.SetImage(
                image_set=made,
                image=image,
                position=n,
                filename=f"{n}.png",
                work=work,
                collector="Somebody",
                source_url=f"https://example.org/{n}.png",
                persons="none",
                added_by=owner,
            )
            for n, (image, work) in enumerate(zip(images, works, strict=True))
        ],
        [
            models.Grant(
                assigner=party,
                all_works=True,
                actions=["train"],
                territories=["world"],
                identity_level=2,
                given_by=owner,
            )
            for party in parties[::2]
        ],
    )
    for rows in related:
        type(rows[0]).objects.bulk_create(rows, BATCH)
    return made


def main() -> None:
    """Print one line a size."""
    from provenance.clearance.rules import Use, evaluate
    from provenance.clearance.selectors import gather

    use, before = Use("someone", ("train",), "a benchmark"), (0.0, 0.0)
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        made = a_set_of(size)
        start = time.process_time()
        facts = gather(made, use, today=date(2026, 11, 1))
        read = time.process_time() - start
        start = time.process_time()
        verdict = evaluate(facts, use)
        decided = time.process_time() - start
        ratio = (
            f" ({read / before[0]:.1f} and {decided / before[1]:.1f} times)" if before[0] else ""
        )
        print(
            f"{size:>6} pictures: read {read:.2f} s, decided {decided:.2f} s of CPU"
            f"{ratio}, {verdict.outcome}",
            flush=True,
        )
        before = read, decided


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        main()
