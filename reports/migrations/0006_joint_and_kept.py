"""Colleagues of a meeting told apart, months kept after an erasure, and why promises were not kept."""

import django.db.models.deletion
from django.db import migrations, models

GRANT = "GRANT SELECT (membership_id) ON visits_participation TO tp_stats;"
REVOKE = "REVOKE SELECT (membership_id) ON visits_participation FROM tp_stats;"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_referral_figures"),
        ("team", "0007_referral_words"),
        ("visits", "0005_yes_and_undone_parts"),
    ]

    operations = [
        migrations.RunSQL(GRANT, REVOKE),
        migrations.CreateModel(
            name="BreachCause",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("due_on", models.DateField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody was responsible"),
                            ("absence", "A colleague was away"),
                            ("unreached", "The client was not reached"),
                            ("unrecorded", "It was done but not recorded"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.servicepoint"
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeptMonth",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("figure", models.CharField(max_length=30)),
                ("part", models.CharField(max_length=60)),
                ("n", models.PositiveIntegerField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("point", "month", "figure", "part"), name="kept_month_once")
                ],
            },
        ),
    ]
