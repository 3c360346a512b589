"""The relay: sends the outbox's doorbells, sequences the ledger, rings for work that is due."""

from __future__ import annotations

import logging
import signal
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from ledger import sequencer
from ledger.relay import BrokerDownError, Relay

if TYPE_CHECKING:
    from argparse import ArgumentParser

logger = logging.getLogger(__name__)
INTERVAL = 0.2
"""Seconds between two rounds when nothing waits."""
MOST = 30.0
"""Seconds between two attempts when a broker or a database stays away."""


class Patience:
    """Back-off for one partner: 1 s after the first failure, doubled up to 30 s."""

    def __init__(self) -> None:
        self.delay, self.until = 0.5, 0.0

    def ready(self) -> bool:
        return time.monotonic() >= self.until

    def succeeded(self) -> None:
        self.delay = 0.5

    def failed(self) -> float:
        self.delay = min(self.delay * 2, MOST)
        self.until = time.monotonic() + self.delay
        return self.delay


class Command(BaseCommand):
    help = "Sends doorbells, sequences the ledger, rings for due work. Stops cleanly on SIGTERM."
    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then exit.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.relay, self.broker, self.database = Relay(), Patience(), Patience()
        self.name = str(uuid.uuid4())
        try:
            self.round() if options["once"] else self._rounds()
        finally:
            with suppress(DatabaseError):
                sequencer.let_go(self.name)
        logger.info("The relay has stopped; what is left waits in the database.")

    def _rounds(self) -> None:
        before = {name: signal.signal(name, self._stop) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopping:
                if not self.round():
                    time.sleep(INTERVAL)
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def _stop(self, *_signal: Any) -> None:
        self.stopping = True

    def round(self) -> int:
        """Everything once; how much there was to do. Failures are logged and tried again later."""
        if not self.database.ready():
            return 0
        try:
            done = self._send() + sequencer.sequence_alone(self.name)
        except DatabaseError as error:
            seconds = self.database.failed()
            logger.warning("The database refused (%s): next try in %.0f s.", error, seconds)
            close_old_connections()
            return 0
        self.database.succeeded()
        return done

    def _send(self) -> int:
        if not self.broker.ready():
            return 0
        try:
            sent = self.relay.send()
        except BrokerDownError as error:
            seconds = self.broker.failed()
            logger.warning("%s Doorbells are kept; next try in %.0f s.", error, seconds)
            return 0
        self.broker.succeeded()
        return sent
