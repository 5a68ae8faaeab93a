"""The first version of the consents' words, from the product's own file."""

import json
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "data" / "consent_texts.json"


def load(apps, schema_editor):
    """Add what is missing of the kinds that the table has room for yet; later kinds come with their own migration."""
    model = apps.get_model("clients", "ConsentText")
    room = model._meta.get_field("purpose").max_length
    data = json.loads(TEXTS.read_text(encoding="utf-8"))
    rows = [
        model(
            purpose=purpose,
            version=data.get("newer", {}).get(purpose, data["version"]),
            language=language,
            title=words["title"],
            body=words["body"],
        )
        for purpose, languages in data["texts"].items()
        for language, words in languages.items()
        if len(purpose) <= room
    ]
    model.objects.using(schema_editor.connection.alias).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_contact_value_parts")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
