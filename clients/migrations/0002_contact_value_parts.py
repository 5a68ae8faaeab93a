"""Any part of a telephone number is found: the index holds each three digits in a row."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="value_parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), blank=True, default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=django.contrib.postgres.indexes.GinIndex(fields=["value_parts"], name="contact_value_parts"),
        ),
    ]
