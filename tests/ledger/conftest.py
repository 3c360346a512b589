from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from ledger import services
from ledger.rules import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.models import Entry


class ThingDone(Event, kind="thing.done"):
    thing: str = "t1"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


@pytest.fixture
def write() -> Callable[..., Entry]:
    def write(subject: str = "thing:1", **more) -> Entry:
        with transaction.atomic():
            return services.append(actor="user:1", subject=subject, event=ThingDone(), **more)

    return write
