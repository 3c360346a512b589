"""Appends per second by eight processes at once, few subjects against many; and how soon signed.

`python benchmarks/ledger.py [DATABASE_URL]`: without a URL it measures SQLite in a temporary
folder. With one it makes and drops a test database there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PROCESSES, SECONDS, FEW, MANY, SIGNED = 8, 5.0, 20, 5_000, 30
PATIENCE = 60.0
"""Seconds after which an entry without a tree head over it is given up."""


def prepare(url: str, folder: str) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["IMPRIMATUR_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def appender(number: int) -> Callable[[str], None]:
    from django.db import transaction

    from ledger import services
    from ledger.rules import Event

    class BenchmarkRun(Event, kind="benchmark.run"):
        """Without codes of its own."""

    def append(subject: str) -> None:
        with transaction.atomic():
            services.append(actor=f"user:{number}", subject=subject, event=BenchmarkRun())

    return append


def append_for_a_while(
    url: str, folder: str, database: str, number: int, subjects: int
) -> list[float]:
    """One writer; the seconds that each of its appends took, commit included."""
    prepare(url, folder)
    from django.db import connection

    connection.settings_dict["NAME"] = database
    append = appender(number)
    took: list[float] = []
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        append(f"of-{subjects}:{(len(took) * 7919 + number * 613) % subjects}")
        took.append(time.perf_counter() - start)
    return took


def fill(subjects: int) -> None:
    """Every subject has its first entry before the clock starts."""
    from django.db import transaction

    append = appender(0)
    with transaction.atomic():
        for subject in range(subjects):
            append(f"of-{subjects}:{subject}")


def appends(pool: multiprocessing.pool.Pool, place: tuple[str, str, str], subjects: int) -> float:
    fill(subjects)
    work = [(*place, number, subjects) for number in range(PROCESSES)]
    took = sorted(chain(*pool.starmap(append_for_a_while, work)))
    print(
        f"  {subjects:>5} subjects: {len(took) / SECONDS:.0f} appends/s; median"
        f" {took[len(took) // 2] * 1e3:.1f} ms, p99 {took[len(took) * 99 // 100] * 1e3:.1f} ms"
    )
    return len(took) / SECONDS


def relay(url: str, folder: str, database: str) -> None:
    """A relay as it runs in production, but that nothing is due."""
    prepare(url, folder)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.DUE_TASKS = {}
    connection.settings_dict["NAME"] = database
    call_command("relay")


def until_signed(append: Callable[[str], None]) -> float:
    """Seconds from an append's commit to the tree head over it."""
    from ledger.models import TreeHead

    before = TreeHead.objects.count()
    append("signed:1")
    start = time.perf_counter()
    while TreeHead.objects.count() == before and time.perf_counter() - start < PATIENCE:
        time.sleep(0.005)
    return time.perf_counter() - start


def signed_after(place: tuple[str, str, str]) -> tuple[list[float], float]:
    """While a relay runs; and just after it is killed, its lease still running, beside another."""
    append = appender(0)
    spawn = multiprocessing.get_context("spawn")
    relays = [spawn.Process(target=relay, args=place) for _ in range(2)]
    relays[0].start()
    until_signed(append)  # it has begun
    took = sorted(until_signed(append) for _ in range(SIGNED))
    relays[1].start()
    time.sleep(5)  # it has begun, too, and finds nothing to do
    until_signed(append)
    os.kill(relays[0].pid or 0, signal.SIGKILL)
    killed = until_signed(append)
    relays[1].terminate()
    for process in relays:
        process.join()
    return took, killed


def measure(place: tuple[str, str, str]) -> None:
    from django.db import connection

    from ledger.models import Entry, TreeHead
    from ledger.sequencer import sequence
    from ledger.verification import verify_ledger

    print(f"{connection.vendor}, {PROCESSES} processes at once")
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        few, many = (appends(pool, place, subjects) for subjects in (FEW, MANY))
    print(f"  many subjects against few: {many / few:.2f} times as many appends")
    start, numbered = time.perf_counter(), 0
    while some := sequence():
        numbered += some
    print(f"  sequenced {numbered / (time.perf_counter() - start):.0f} entries/s")
    took, killed = signed_after(place)
    print(
        f"  signed after: median {took[len(took) // 2]:.2f} s, maximum {took[-1]:.2f} s;"
        f" once its relay is killed and another takes over: {killed:.2f} s"
    )
    start = time.perf_counter()
    verify_ledger({TreeHead.objects.earliest("size").key})
    print(f"  verified {Entry.objects.count() / (time.perf_counter() - start):.0f} entries/s")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        prepare(url, folder)
        from django.conf import settings
        from django.db import connection

        settings.DATABASES["default"].setdefault("TEST", {})
        connection.settings_dict["TEST"]["NAME"] = (
            f"{folder}/bench.sqlite3" if connection.vendor == "sqlite" else None
        )
        before = connection.settings_dict["NAME"]
        database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        connection.close()
        try:
            measure((url, folder, database))
        finally:
            connection.close()
            connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
