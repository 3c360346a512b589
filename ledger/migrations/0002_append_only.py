"""Rows that are added and never changed; see ledger.triggers."""

from django.db import migrations

from ledger.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [AppendOnly("Entry"), AppendOnly("Leaf"), AppendOnly("Node"), AppendOnly("TreeHead")]
