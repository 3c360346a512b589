"""What doorbells ring for: mail a code, look at evidence whose day is over."""

from __future__ import annotations

from celery import shared_task

from provenance.attribution import contacts, expiry


@shared_task(name="provenance.attribution.tasks.send_code")
def send_code(code_id: str) -> None:
    """Mail a one-time code to the address that it is for."""
    contacts.send_code(code_id)


@shared_task(name="provenance.attribution.tasks.expire")
def expire(*_: str) -> None:
    """Let evidence count for nothing from the day after its last."""
    expiry.expire_evidence()
