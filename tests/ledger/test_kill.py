"""The relay as a whole process, killed with SIGKILL while entries and doorbells keep coming."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from ledger import outbox
from ledger.models import Doorbell, Entry, Leaf, Lease, Pending, TreeHead
from ledger.selectors import published
from tools import verify_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds for what takes a moment where the machine has nothing else to do."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The test's own database and keys, and a folder as broker."""
    name = str(connection.settings_dict["NAME"])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{name}" if connection.vendor == "sqlite" else url,
        "IMPRIMATUR_DATA_DIR": str(tmp_path),
        "IMPRIMATUR_BROKER_URL": "filesystem://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@contextmanager
def relay(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A relay that is killed at the end, whatever it does."""
    command = [sys.executable, "-W", "ignore", "manage.py", "relay"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def posted(folder: Path) -> list[Path]:
    """The messages in the broker's folder."""
    return list((folder / "broker").rglob("*.msg"))


def arguments(folder: Path) -> set[str]:
    """What they tell to look at. A kill may leave half a message: its doorbell is sent again."""
    found = set()
    for path in posted(folder):
        with suppress(ValueError, KeyError):
            found.add(json.loads(path.read_bytes())["headers"]["argsrepr"])
    return found


MOMENTS = {
    "it is about to number entries": lambda _: list(Lease.objects.values_list("until")),
    "it has sent a doorbell that still stands in its table": lambda folder: len(posted(folder)),
    "it has signed a tree head": lambda _: TreeHead.objects.count(),
}
"""What changes then, as long as only the relay changes it."""


@pytest.mark.django_db(transaction=True)
def test_killed_at_many_moments_it_loses_and_doubles_nothing(environment, write, tmp_path):
    rung: list[str] = []

    def go_on(count: int = 1) -> None:
        with transaction.atomic():
            for _ in range(count):
                write(f"thing:{len(rung) % 7}")
                outbox.ring("a.task", str(len(rung)))
                rung.append(f"['{len(rung)}']")

    for at in MOMENTS.values():
        go_on(150)
        before = at(tmp_path)
        with relay(environment) as process:
            deadline = time.monotonic() + PATIENCE
            while at(tmp_path) == before:
                assert time.monotonic() < deadline, "the relay did not get there"
                go_on()
                with suppress(subprocess.TimeoutExpired):
                    pytest.fail(f"the relay ended by itself: {process.wait(0.01)}")
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(published(TreeHead.objects.latest("size"))))

    go_on()
    with relay(environment) as process:
        deadline = time.monotonic() + PATIENCE
        while Pending.objects.exists() or Doorbell.objects.exists():
            assert process.poll() is None, "the relay ended by itself"
            assert time.monotonic() < deadline, "not everything was made up for"
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert Leaf.objects.count() == Entry.objects.count() == len(rung)
    assert set(rung) <= arguments(tmp_path)
    call_command("export_ledger", str(tmp_path), verbosity=0)
    report = verify_ledger.verify(
        tmp_path / "ledger.jsonl",
        frozenset([TreeHead.objects.earliest("size").key]),
        verify_ledger.read_kept([str(kept)]),
    )
    assert (report.code, report.problem, report.leaves) == (verify_ledger.WHOLE, "", len(rung))
