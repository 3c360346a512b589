"""Sends what waits in the outbox, and rings the tasks of settings.DUE_TASKS when they are due."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError

from ledger.models import Doorbell

if TYPE_CHECKING:
    from kombu import Connection

SECONDS = 5
"""How long a broker may take to answer before it counts as down."""
BATCH = 100


class BrokerDownError(ConnectionError):
    """The message broker cannot be reached."""


class Relay:
    """Knows when each due task was last rung; all else is in the database."""

    def __init__(self) -> None:
        self.app = import_string(settings.CELERY_APP)
        self.due = dict.fromkeys(settings.DUE_TASKS, 0.0)

    def send(self) -> int:
        """Send the doorbells that wait and ring the due tasks; how many doorbells were sent.

        A row goes only once its message is sent: a crash in between sends it twice, which a
        consumer that looks at the object's state does not notice. Raises BrokerDownError.
        """
        bells = list(Doorbell.objects.order_by("pk")[:BATCH])
        now = time.monotonic()
        due = [name for name, at in self.due.items() if at <= now]
        if not bells and not due:
            return 0
        connection = self._connect()
        try:
            for bell in bells:
                self._publish(connection, bell.task, args=[bell.object_id])
                # Rung again meanwhile, by a transaction that had not committed when the message
                # was read: the row then has another `ring`, stays, and is sent again.
                Doorbell.objects.filter(pk=bell.pk, ring=bell.ring).delete()
            for name in due:
                period = settings.DUE_TASKS[name]
                self._publish(connection, name, expires=period)
                self.due[name] = now + period
        finally:
            connection.release()
        return len(bells)

    def _connect(self) -> Connection:
        """A fresh connection that fails within seconds: kombu by itself retries for ever."""
        connection: Connection = self.app.connection_for_write(
            connect_timeout=SECONDS, transport_options={"max_retries": 1, "interval_start": 0}
        )
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS)
        except (KombuError, OSError) as error:
            connection.release()
            raise self._down(connection, error) from error
        return connection

    def _publish(self, connection: Connection, task: str, **options: Any) -> None:
        errors: tuple[type[BaseException], ...] = (
            KombuError,
            OSError,
            *connection.connection_errors,
        )
        options |= {"connection": connection, "retry": False, "confirm_timeout": SECONDS}
        try:
            self.app.send_task(task, ignore_result=True, **options)
        except errors as error:
            raise self._down(connection, error) from error

    @staticmethod
    def _down(connection: Connection, error: BaseException) -> BrokerDownError:
        where = connection.as_uri()  # without the password
        return BrokerDownError(f"The message broker {where} cannot be reached ({error}).")
