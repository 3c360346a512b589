"""The licences known at the start, and how this site reads each of them."""

from django.db import migrations, models

CC = "https://creativecommons.org/"
SILENT_CC = (
    "Written before the question; whether training needs the licence at all is disputed. "
)
# code, name, url, training, commercial, derivatives, attribution, share-alike, note
LICENCES = [
    ("CC0-1.0", "CC0 1.0 Universal", CC + "publicdomain/zero/1.0/",
     "yes", True, True, False, False,
     "Waives copyright for any purpose. It cannot waive what others hold: persons, marks."),
    ("LicenseRef-PDM-1.0", "Public Domain Mark 1.0", CC + "publicdomain/mark/1.0/",
     "yes", True, True, False, False,
     "A statement that no copyright is left, not a licence: it may be wrong, or right in one "
     "country only."),
    ("CC-BY-4.0", "Creative Commons Attribution 4.0", CC + "licenses/by/4.0/",
     "silent", True, True, True, False,
     SILENT_CC + "Its attribution duty is met here on the model's card."),
    ("CC-BY-3.0", "Creative Commons Attribution 3.0", CC + "licenses/by/3.0/",
     "silent", True, True, True, False,
     SILENT_CC + "National versions differ; the unported text is meant."),
    ("CC-BY-2.0", "Creative Commons Attribution 2.0", CC + "licenses/by/2.0/",
     "silent", True, True, True, False,
     SILENT_CC + "National versions differ; the generic text is meant."),
    ("CC-BY-SA-2.0", "Creative Commons Attribution-ShareAlike 2.0", CC + "licenses/by-sa/2.0/",
     "silent", True, True, True, True,
     SILENT_CC + "Whether a model is adapted material that must be shared alike is open."),
    ("CC-BY-SA-3.0", "Creative Commons Attribution-ShareAlike 3.0", CC + "licenses/by-sa/3.0/",
     "silent", True, True, True, True,
     SILENT_CC + "Whether a model is adapted material that must be shared alike is open."),
    ("CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0", CC + "licenses/by-sa/4.0/",
     "silent", True, True, True, True,
     SILENT_CC + "Whether a model is adapted material that must be shared alike is open."),
    ("CC-BY-NC-4.0", "Creative Commons Attribution-NonCommercial 4.0", CC + "licenses/by-nc/4.0/",
     "silent", False, True, True, False,
     SILENT_CC + "What counts as commercial follows from the use, not from the user."),
    ("CC-BY-NC-SA-4.0", "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
     CC + "licenses/by-nc-sa/4.0/", "silent", False, True, True, True,
     SILENT_CC + "Both the non-commercial and the share-alike questions are open."),
    ("CC-BY-ND-4.0", "Creative Commons Attribution-NoDerivatives 4.0", CC + "licenses/by-nd/4.0/",
     "silent", True, False, True, False,
     SILENT_CC + "Read here as not permitting it: a model passed on may be a derivative."),
    ("CC-BY-NC-ND-4.0", "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0",
     CC + "licenses/by-nc-nd/4.0/", "silent", False, False, True, False,
     SILENT_CC + "Read here as not permitting it: a model passed on may be a derivative."),
    ("LAL-1.3", "Free Art License 1.3 (Licence Art Libre)", "https://artlibre.org/licence/lal/en/",
     "silent", True, True, True, True,
     "Copyleft for art; like the share-alike licences it does not speak of training."),
    ("GPL-2.0-or-later", "GNU GPL 2.0 or later", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html",
     "silent", True, True, True, True,
     "A software licence; pictures in packages carry it. Whether a model is a derived work, and "
     "what its source would be, is open."),
    ("GPL-3.0-or-later", "GNU GPL 3.0 or later", "https://www.gnu.org/licenses/gpl-3.0.html",
     "silent", True, True, True, True,
     "A software licence; pictures in packages carry it. Whether a model is a derived work, and "
     "what its source would be, is open."),
    ("LGPL-3.0-or-later", "GNU LGPL 3.0 or later", "https://www.gnu.org/licenses/lgpl-3.0.html",
     "silent", True, True, True, True,
     "A library licence; icon sets carry it. What linking means for pictures is open."),
    ("MIT", "MIT License", "https://opensource.org/license/mit",
     "silent", True, True, True, False,
     "Permits use without restriction, of software and its files; its notice must be kept."),
    ("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0",
     "silent", True, True, True, False,
     "Permits derivative works; its notices must be kept. It does not speak of training."),
    ("LicenseRef-RSL-ai-train", "RSL licence that permits ai-train", "https://rslstandard.org/",
     "yes", True, True, True, False,
     "Really Simple Licensing: the terms are those of the document that the source points to, "
     "payment included. Keep that document as evidence."),
]  # fmt: skip
FIELDS = (
    "name", "url", "training", "commercial", "derivatives", "attribution", "share_alike", "note",
)  # fmt: skip


def add_licences(apps, schema_editor):
    licences = apps.get_model("provenance", "Licence").objects.using(schema_editor.connection.alias)
    for code, *values in LICENCES:
        licences.get_or_create(code=code, defaults=dict(zip(FIELDS, values, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("provenance", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="image",
            name="fingerprint_version",
            field=models.CharField(max_length=60),
        ),
        migrations.RunPython(add_licences, migrations.RunPython.noop),
    ]
