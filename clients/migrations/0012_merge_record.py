"""Merges of two files, with what is needed to undo them."""

import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_sound_parts_of_all"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="MergeRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("gone_id", models.UUIDField(db_index=True)),
                ("merged_at", models.DateTimeField()),
                ("rows", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="clients.client"
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__gte", models.F("merged_at")), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="merge_undone_by_whom",
                    )
                ],
            },
        ),
    ]
