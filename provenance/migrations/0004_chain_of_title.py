"""What was a holding becomes a root of the work's chain of title."""

from django.db import migrations

KIND = {"authored": "authored", "commissioned": "work-for-hire"}


def links(apps, schema_editor):
    alias = schema_editor.connection.alias
    link = apps.get_model("provenance", "TitleLink").objects.using(alias)
    for held in apps.get_model("provenance", "Holding").objects.using(alias).iterator():
        link.create(
            work_id=held.work_id,
            party_id=held.party_id,
            kind=KIND.get(held.basis, "stated"),
            level=held.level,
            evidence_id=held.evidence_id,
            declared_by_id=held.declared_by_id,
            ended_at=held.ended_at,
        )


class Migration(migrations.Migration):
    dependencies = [("provenance", "0003_rights")]
    operations = [migrations.RunPython(links, migrations.RunPython.noop)]
