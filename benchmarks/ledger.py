"""Appends per second by four processes at once: `python benchmarks/ledger.py [DATABASE_URL]`.

Without a URL it uses SQLite in a temporary folder. With one it makes and drops a test database.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PROCESSES, SECONDS, SUBJECTS = 4, 5.0, 200


def prepare(url: str, folder: str) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["IMPRIMATUR_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def append_for_a_while(url: str, folder: str, database: str, number: int) -> list[float]:
    """One writer; the seconds that each of its appends took, commit included."""
    prepare(url, folder)
    from dataclasses import dataclass

    from django.db import connection, transaction

    from ledger import services
    from ledger.rules import Event

    @dataclass(frozen=True)
    class BenchmarkRun(Event):
        kind: ClassVar[str] = "benchmark.run"
        turn: int

    connection.settings_dict["NAME"] = database
    took: list[float] = []
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        turn = len(took)
        subject = f"subject:{(turn * 7 + number) % SUBJECTS}"
        with transaction.atomic():
            services.append(actor=f"user:{number}", subject=subject, event=BenchmarkRun(turn))
        took.append(time.perf_counter() - start)
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        prepare(url, folder)
        from django.conf import settings
        from django.db import connection

        from ledger.sequencer import sequence
        from ledger.verification import verify_ledger

        settings.DATABASES["default"].setdefault("TEST", {})
        connection.settings_dict["TEST"]["NAME"] = (
            f"{folder}/bench.sqlite3" if connection.vendor == "sqlite" else None
        )
        before = connection.settings_dict["NAME"]
        database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        connection.close()
        try:
            spawn = multiprocessing.get_context("spawn")
            with spawn.Pool(PROCESSES) as pool:
                work = [(url, folder, database, number) for number in range(PROCESSES)]
                took = sorted(chain(*pool.starmap(append_for_a_while, work)))
            print(
                f"{connection.vendor}: {len(took) / SECONDS:.0f} appends/s by {PROCESSES} processes"
                f" over {SUBJECTS} subjects; median {took[len(took) // 2] * 1e3:.1f} ms,"
                f" p99 {took[len(took) * 99 // 100] * 1e3:.1f} ms, maximum {took[-1] * 1e3:.0f} ms"
            )
            start = time.perf_counter()
            numbered = 0
            while some := sequence():
                numbered += some
            print(f"  sequenced {numbered / (time.perf_counter() - start):.0f} entries/s")
            from ledger.models import TreeHead

            start = time.perf_counter()
            verify_ledger({TreeHead.objects.earliest("size").key})
            print(f"  verified {numbered / (time.perf_counter() - start):.0f} entries/s")
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
