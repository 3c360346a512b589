"""The licences known at the start with a first reading of each, and the site's own banks."""

import csv
from pathlib import Path

from django.db import migrations

LICENCES = Path(__file__).parent.parent / "licences.csv"
READ = ("training", "commercial", "derivatives", "attribution", "share_alike", "note")
YES_OR_NO = ("commercial", "derivatives", "attribution", "share_alike")
BANKS = {
    "protected": "Protected works",
    "withdrawn": "Works whose permission was withdrawn",
    "watch": "Watch list",
    "negative": "Common elements that prove nothing",
}


def add_licences(apps, schema_editor):
    alias = schema_editor.connection.alias
    licences = apps.get_model("provenance", "Licence").objects.using(alias)
    readings = apps.get_model("provenance", "LicenceReading").objects.using(alias)
    with LICENCES.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            row |= {name: row[name] == "yes" for name in YES_OR_NO}
            licence, new = licences.get_or_create(code=row.pop("code"), defaults=row)
            if new:
                readings.create(
                    licence=licence,
                    number=licence.reading,
                    body={name: row[name] for name in READ},
                    reason="As the product was shipped.",
                )


def open_banks(apps, schema_editor):
    """One bank of each kind is the site's own; more are opened by operators."""
    banks = apps.get_model("provenance", "MatchBank").objects.using(schema_editor.connection.alias)
    for kind, name in BANKS.items():
        banks.get_or_create(name=name, defaults={"kind": kind})


class Migration(migrations.Migration):
    dependencies = [("provenance", "0002_append_only")]
    operations = [
        migrations.RunPython(add_licences, migrations.RunPython.noop),
        migrations.RunPython(open_banks, migrations.RunPython.noop),
    ]
