"""A visit whose person was erased stays one of somebody on file in the figures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tyoparkki", "0005_tombstone"),
        ("visits", "0008_draft"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitOnceKnown",
            fields=[
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="once_known",
                        serialize=False,
                        to="visits.visit",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tyoparkki.municipality",
                    ),
                ),
            ],
        ),
    ]
