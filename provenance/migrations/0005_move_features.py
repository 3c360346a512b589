from django.db import migrations
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat

CODES, FEATURES = "pdq-512-bilinear+phash-32/2", "sift-512-root/2"
"""The versions when this was written."""
BATCH = 500


def move(apps, _):
    """Codes beside the features of images; those of entries into rows of their own."""
    Features = apps.get_model("provenance", "Features")
    Image = apps.get_model("provenance", "Image")
    BankEntry = apps.get_model("provenance", "BankEntry")

    def of_image(column):
        return Subquery(Image.objects.filter(pk=OuterRef("image")).values(column)[:1])

    Features.objects.update(
        codes=of_image("pdq_dihedral"),
        quality=of_image("quality"),
        version=Concat(of_image("fingerprint_version"), Value(" "), F("version")),
    )
    rows = []
    for entry in BankEntry.objects.select_related("image").order_by("pk").iterator(BATCH):
        codes = entry.image.fingerprint_version if entry.image else CODES
        rows.append(
            Features(
                entry=entry,
                version=f"{codes} {entry.features_version or FEATURES}",
                codes=[entry.pdq] if entry.pdq else [],
                quality=entry.quality,
                data=entry.features,
            )
        )
        if len(rows) == BATCH:
            Features.objects.bulk_create(rows)
            rows = []
    Features.objects.bulk_create(rows)


class Migration(migrations.Migration):
    """Alone: PostgreSQL changes no table to which rows were written in the same transaction."""

    dependencies = [
        ("provenance", "0004_features_by_version"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
