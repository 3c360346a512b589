import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("provenance", "0003_as_shipped"),
    ]

    operations = [
        migrations.AddField(
            model_name="features",
            name="entry",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="provenance.bankentry"),
        ),
        migrations.AddField(
            model_name="features",
            name="codes",
            field=models.JSONField(default=list, help_text="PDQ: of an image and its seven turned versions, of an entry one."),
        ),
        migrations.AddField(
            model_name="features",
            name="quality",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="features",
            name="image",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="features", to="provenance.image"),
        ),
        migrations.AlterField(
            model_name="features",
            name="version",
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name="features",
            name="data",
            field=models.BinaryField(help_text="Local features; empty: known by its code alone."),
        ),
    ]
