"""Rows that are added and never changed; see ledger.triggers."""

from django.db import migrations

from ledger.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]
    operations = [AppendOnly("Decision")]
