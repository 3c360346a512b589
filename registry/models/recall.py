"""How far the recall has followed the ledger."""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """A follower's place: the number of the next ledger leaf it will read."""

    name = models.CharField(primary_key=True, max_length=40)
    next_leaf = models.PositiveBigIntegerField(default=0)
