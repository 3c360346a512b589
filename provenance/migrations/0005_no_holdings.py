"""Holdings are links of the chain of title now; readings and policies are only ever added."""

from django.db import migrations

from ledger.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("provenance", "0004_chain_of_title")]
    operations = [
        migrations.DeleteModel(name="Holding"),
        AppendOnly("LicenceReading"),
        AppendOnly("PolicyRecord"),
    ]
