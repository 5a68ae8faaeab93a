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
        # The figures' alone: nobody at the desk can tell such a visit from one that was anonymous from the beginning.
        migrations.RunSQL(
            "REVOKE ALL ON visits_visitonceknown FROM tp_app",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON visits_visitonceknown TO tp_app",
        ),
    ]
