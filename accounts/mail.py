"""Mail without a mail server: printed on the console and kept for the demo's outbox page."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)
SHOWN = 200
"""Messages on the page; the file keeps all."""


class ShownMailBackend(BaseEmailBackend):
    """Logs each message, links included; in the demo also appends it to a file for the page."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            logger.info("Mail to %s: %s\n%s", ", ".join(message.to), message.subject, message.body)
            if settings.INSECURE_DEMO:
                _keep(message)
        return len(email_messages)


def _keep(message: EmailMessage) -> None:
    path = settings.DATA_DIR / "outbox.jsonl"
    body = {
        "to": list(message.to),
        "subject": message.subject,
        "body": str(message.body),
        "links": re.findall(r"https?://\S+", str(message.body)),
        "at": timezone.now().isoformat(),
    }
    # one write at the end: web, worker and story send at once, and the page reads meanwhile
    with path.open("a") as file:
        file.write(json.dumps(body) + "\n")


def shown_mail() -> list[dict[str, object]]:
    """The kept messages, newest first; empty outside the demo."""
    path = settings.DATA_DIR / "outbox.jsonl"
    if not settings.INSECURE_DEMO or not path.exists():
        return []
    lines = path.read_text().split("\n")[:-1]  # what follows the last end of a line is unfinished
    return [json.loads(line) for line in reversed(lines[-SHOWN:])]
