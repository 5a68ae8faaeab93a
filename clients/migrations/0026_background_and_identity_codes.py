"""What a person tells of a background that is sensitive, by a consent of its own; and identity codes, sealed."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0025_plan_template"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("record", "To be recorded for the team of the service point"),
                    ("contact", "To be contacted"),
                    ("background", "Background to be recorded"),
                    ("share", "Information to another organisation"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="consenttext",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("record", "To be recorded for the team of the service point"),
                    ("contact", "To be contacted"),
                    ("background", "Background to be recorded"),
                    ("share", "Information to another organisation"),
                    ("prospect", "To be recorded for a month"),
                ],
                max_length=12,
            ),
        ),
        # The words of the new consent, which the product's file has.
        migrations.RunPython(import_module("clients.migrations.0003_consent_texts").load, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="handoversession",
            name="asks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("record", "To be recorded for the team of the service point"),
                        ("contact", "To be contacted"),
                        ("background", "Background to be recorded"),
                        ("share", "Information to another organisation"),
                    ],
                    max_length=12,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="Background",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "In the person's own words"),
                            ("need", "What the person needs support with"),
                            ("obstacle", "What stands in the way"),
                        ],
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=24)),
                ("words", models.CharField(blank=True, max_length=120)),
                ("what_for", models.CharField(max_length=24)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="background", to="clients.client"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "point"], name="background_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("kind", "group"), models.Q(("words", ""), _negated=True)),
                            models.Q(
                                models.Q(("kind", "group"), _negated=True),
                                ("words", ""),
                                models.Q(("code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="background_words_or_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what_for", ""), _negated=True), name="background_for_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__gte", models.F("recorded_at")), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="background_ended_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityCode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("sealed_code", models.TextField()),
                ("code_hash", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identity_codes", to="clients.client"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["code_hash"], name="identity_code_like")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("client",),
                        name="identity_code_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__gte", models.F("recorded_at")), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="identity_code_ended_by_whom",
                    ),
                ],
            },
        ),
    ]
