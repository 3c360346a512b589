"""More licences, the kind of each, and a first reading of all; the policy may come from a shell."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ledger.triggers import AppendOnly

CC = "https://creativecommons.org/licenses/"
SILENT = "Written before the question; whether training needs the licence at all is disputed. "
UNPORTED = SILENT + "National versions differ; the unported text is meant. "
DERIVED = "Read here as not permitting it: a model passed on may be a derivative."
TERMS = "The document that the source points to decides: keep it as evidence. "
STOCK = (
    "Stock agencies' licences differ and change, and most are for one customer: read the contract "
    "and keep it as evidence. "
)
# code, name, url, training, commercial, derivatives, attribution, share-alike, note, kind, version
NEW = [
    ("CC-BY-NC-3.0", "Creative Commons Attribution-NonCommercial 3.0", CC + "by-nc/3.0/",
     "silent", False, True, True, False,
     UNPORTED + "What counts as commercial follows from the use, not from the user.", "cc", "3.0"),
    ("CC-BY-NC-SA-3.0", "Creative Commons Attribution-NonCommercial-ShareAlike 3.0",
     CC + "by-nc-sa/3.0/", "silent", False, True, True, True,
     UNPORTED + "Both the non-commercial and the share-alike questions are open.", "cc", "3.0"),
    ("CC-BY-NC-ND-3.0", "Creative Commons Attribution-NonCommercial-NoDerivatives 3.0",
     CC + "by-nc-nd/3.0/", "silent", False, False, True, False, UNPORTED + DERIVED, "cc", "3.0"),
    ("CC-BY-ND-3.0", "Creative Commons Attribution-NoDerivatives 3.0", CC + "by-nd/3.0/",
     "silent", True, False, True, False, UNPORTED + DERIVED, "cc", "3.0"),
    ("LicenseRef-RSL-prohibited", "RSL terms that prohibit ai-train", "https://rslstandard.org/",
     "no", False, False, False, False,
     TERMS + "Whether a statement beside a page binds everybody is open; here it counts.",
     "rsl", "1.0"),
    ("LicenseRef-RSL-payment", "RSL terms that permit ai-train for payment",
     "https://rslstandard.org/", "no", True, True, True, False,
     TERMS + "Read as no until the payment is on record: then record the holder's grant instead.",
     "rsl", "1.0"),
    ("LicenseRef-stock-standard", "Stock licence, standard", "",
     "silent", True, True, False, False,
     STOCK + "Few standard licences speak of training; uses and print runs are limited.",
     "stock", ""),
    ("LicenseRef-stock-extended", "Stock licence, extended", "",
     "silent", True, True, False, False,
     STOCK + "It widens uses and numbers; that it covers training is not said by that.",
     "stock", ""),
    ("LicenseRef-stock-editorial", "Stock licence, editorial use only", "",
     "silent", False, False, True, False,
     STOCK + "No release of the persons or marks shown; read here as not permitting derivatives.",
     "stock", ""),
    ("LicenseRef-stock-ai-excluded", "Stock licence that excludes AI training", "",
     "no", True, True, False, False,
     STOCK + "It forbids training in words; how far such words bind is not settled everywhere.",
     "stock", ""),
]  # fmt: skip
FIELDS = (
    "name", "url", "training", "commercial", "derivatives", "attribution", "share_alike", "note",
    "kind", "version",
)  # fmt: skip
READ = ("training", "commercial", "derivatives", "attribution", "share_alike", "note")
KINDS = (
    ("CC0", "public-domain"), ("LicenseRef-PDM", "public-domain"), ("CC-", "cc"),
    ("LicenseRef-RSL", "rsl"), ("LicenseRef-stock", "stock"), ("LAL", "other"),
    ("GPL", "software"), ("LGPL", "software"), ("MIT", "software"), ("Apache", "software"),
)  # fmt: skip


def extend(apps, schema_editor):
    alias = schema_editor.connection.alias
    licences = apps.get_model("provenance", "Licence").objects.using(alias)
    readings = apps.get_model("provenance", "LicenceReading").objects.using(alias)
    for licence in licences.all():
        licence.kind = next((k for start, k in KINDS if licence.code.startswith(start)), "other")
        versions = [part for part in licence.code.split("-") if part[:1].isdigit()]
        licence.version = versions[0] if versions else ""
        licence.save(update_fields=["kind", "version"])
    for code, *values in NEW:
        licences.get_or_create(code=code, defaults=dict(zip(FIELDS, values, strict=True)))
    for licence in licences.order_by("code"):
        body = {name: getattr(licence, name) for name in READ}
        readings.get_or_create(
            licence=licence,
            number=licence.reading,
            defaults={"body": body, "reason": "As the product was shipped."},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0009_asking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            model_name="policyrecord",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AppendOnly("PolicyRecord"),
        migrations.RunPython(extend, migrations.RunPython.noop),
    ]
