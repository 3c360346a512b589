"""`manage.py build_tiny_base`: make the tiny Stable Diffusion that the demo trains on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.errors import RefusedError
from training.bases.services import build_tiny_base


class Command(BaseCommand):
    help = "Build the tiny base (about 90 seconds, once) and register it as tiny-shapes."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            base = build_tiny_base(actor=SYSTEM, say=self._say)
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{base.name} is ready: sha256 {base.sha256}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
