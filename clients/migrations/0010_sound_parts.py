"""How names sound, beside how they are written: found whatever the transliteration."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_responsibility"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="sound_parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=django.contrib.postgres.indexes.GinIndex(fields=["sound_parts"], name="client_sound_parts"),
        ),
    ]
