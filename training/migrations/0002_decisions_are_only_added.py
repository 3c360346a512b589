from django.db import migrations

from ledger.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("ledger", "0001_initial")]

    operations = [AppendOnly("decision")]
