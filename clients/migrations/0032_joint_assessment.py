"""A joint assessment of need: strengths, a part a profession, one agreed conclusion."""

import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0031_plan_on_tablet"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("opened_at", models.DateTimeField()),
                ("meets_on", models.DateField(null=True)),
                ("strengths", models.TextField(blank=True)),
                ("client_view", models.TextField(blank=True)),
                ("conclusion", models.TextField(blank=True)),
                ("conclusion_at", models.DateTimeField(null=True)),
                ("conclusion_version", models.PositiveSmallIntegerField(default=0)),
                ("concluded_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_assessments",
                        to="clients.client",
                    ),
                ),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "conclusion_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JointSection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("profession", models.CharField(blank=True, max_length=80)),
                ("invited_at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[("agrees", "Agrees with the conclusion"), ("differs", "Sees it differently")],
                        max_length=7,
                    ),
                ),
                ("stance_words", models.TextField(blank=True)),
                ("stance_at", models.DateTimeField(null=True)),
                ("stance_version", models.PositiveSmallIntegerField(default=0)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="clients.jointassessment",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="jointassessment",
            index=models.Index(fields=["client", "opened_at"], name="joint_client"),
        ),
        migrations.AddConstraint(
            model_name="jointassessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("concluded_at__isnull", True)), fields=("client",), name="joint_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="jointassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("conclusion", ""),
                        ("conclusion_at__isnull", True),
                        ("conclusion_by__isnull", True),
                        ("conclusion_version", 0),
                    ),
                    models.Q(
                        ("conclusion_at__isnull", False),
                        ("conclusion_by__isnull", False),
                        ("conclusion_version__gt", 0),
                        models.Q(("conclusion", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="joint_conclusion_has_a_writer",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("concluded_at__isnull", True), ("concluded_by__isnull", True)),
                    models.Q(
                        ("concluded_at__gte", models.F("conclusion_at")),
                        ("concluded_by__isnull", False),
                        ("conclusion_version__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="joint_concluded_by_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointsection",
            constraint=models.UniqueConstraint(fields=("assessment", "contributor"), name="joint_section_once"),
        ),
        migrations.AddConstraint(
            model_name="jointsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), ("written_at__isnull", True)),
                    models.Q(("written_at__isnull", False), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="joint_section_written",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stance", ""), ("stance_at__isnull", True), ("stance_version", 0), ("stance_words", "")),
                    models.Q(("stance", "agrees"), ("stance_at__isnull", False), ("stance_version__gt", 0)),
                    models.Q(
                        ("stance", "differs"),
                        ("stance_at__isnull", False),
                        ("stance_version__gt", 0),
                        models.Q(("stance_words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="joint_section_stance",
            ),
        ),
    ]
