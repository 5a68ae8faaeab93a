"""A turn at the tablet asks for several consents, each by itself, and for that of somebody who is not on file yet."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

PURPOSES = [
    ("record", "To be recorded for the team of the service point"),
    ("contact", "To be contacted"),
    ("share", "Information to another organisation"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_handover_session"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER TABLE clients_handoversession ALTER COLUMN purpose TYPE varchar(8)[] USING ARRAY[purpose]",
                "ALTER TABLE clients_handoversession RENAME COLUMN purpose TO asks",
            ],
            reverse_sql=[
                "ALTER TABLE clients_handoversession RENAME COLUMN asks TO purpose",
                "ALTER TABLE clients_handoversession ALTER COLUMN purpose TYPE varchar(8) USING purpose[1]",
            ],
            state_operations=[
                migrations.RemoveField(model_name="handoversession", name="purpose"),
                migrations.AddField(
                    model_name="handoversession",
                    name="asks",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=PURPOSES, max_length=8), size=None
                    ),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AddField(
            model_name="handoversession",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="handoversession",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handovers",
                to="clients.client",
            ),
        ),
        migrations.AlterField(
            model_name="handoversession",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreed", "The person agreed"),
                    ("declined", "The person did not want this now"),
                    ("stopped", "The person stopped"),
                    ("replaced", "A new code was asked for"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="handoversession",
            constraint=models.CheckConstraint(
                condition=models.Q(("client__isnull", False), ("asks__0", "record"), _connector="OR"),
                name="handover_of_somebody",
            ),
        ),
    ]
