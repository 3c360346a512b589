"""A link knows when it was made and when it was sent; a block knows the address it came from."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("provenance", "0008_parties"),
    ]

    operations = [
        migrations.AddField(
            "consentlink",
            "made_at",
            models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(
            "consentlink", "sent_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "block",
            "contact",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks",
                to="provenance.contact",
            ),
        ),
        migrations.RemoveConstraint("block", "provenance_block_once"),
        migrations.AddConstraint(
            "block",
            models.UniqueConstraint(
                fields=("party", "applicant", "contact"),
                name="provenance_block_once",
                nulls_distinct=False,
            ),
        ),
    ]
