from django.db import migrations, models
from django.db.models import F


def know_of_answers(apps, schema_editor):
    """Nobody is told today of what was answered before."""
    asks = apps.get_model("provenance", "Ask").objects.using(schema_editor.connection.alias)
    asks.exclude(answered_at=None).update(told_at=F("answered_at"))


class Migration(migrations.Migration):
    dependencies = [("provenance", "0006_own_features")]
    operations = [
        migrations.AddField("ask", "told_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(know_of_answers, migrations.RunPython.noop),
    ]
