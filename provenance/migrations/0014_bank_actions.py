from django.db import migrations, models

OWN = {
    "protected": "Protected works",
    "withdrawn": "Works whose permission was withdrawn",
    "watch": "Watch list",
    "negative": "Common elements that prove nothing",
}


def make_own(apps, schema_editor):
    """One bank of each kind is the site's own; more are opened by operators."""
    banks = apps.get_model("provenance", "MatchBank").objects
    for kind, name in OWN.items():
        banks.get_or_create(name=name, defaults={"kind": kind})


class Migration(migrations.Migration):

    dependencies = [
        ('provenance', '0013_exhibits'),
    ]

    operations = [
        migrations.AddField(
            model_name='matchbank',
            name='blocks',
            field=models.BooleanField(default=False, help_text='A match blocks; else a reviewer looks. Of protected works the evidence decides.'),
        ),
        migrations.RunPython(make_own, migrations.RunPython.noop),
    ]
