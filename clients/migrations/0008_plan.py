"""A person's plan: goals, steps, and what the person has approved."""

import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_referral_outlives_the_person"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "intensity",
                    models.CharField(
                        choices=[("dense", "Often"), ("sparse", "At longer intervals"), ("occasional", "When needed")],
                        default="dense",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("approved_version", models.PositiveIntegerField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_how",
                    models.CharField(
                        blank=True,
                        choices=[("tablet", "On the tablet"), ("paper", "On paper"), ("words", "In words")],
                        max_length=6,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="clients.client"
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
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("words", models.CharField(max_length=300)),
                ("position", models.PositiveSmallIntegerField()),
                ("reached_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goals", to="clients.plan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=200)),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("client", "The person"),
                            ("staff", "I"),
                            ("other", "An organisation or somebody else"),
                        ],
                        default="client",
                        max_length=6,
                    ),
                ),
                ("who_words", models.CharField(blank=True, max_length=80)),
                ("by_on", models.DateField(null=True)),
                ("benefit", models.CharField(blank=True, max_length=200)),
                ("done_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "goal",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="clients.goal"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="clients.plan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("approved_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[("tablet", "On the tablet"), ("paper", "On paper"), ("words", "In words")],
                        max_length=6,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="clients.plan"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("client",), name="plan_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                        ("approved_version__isnull", True),
                        ("approved_how", ""),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("approved_version__lte", models.F("version")),
                        models.Q(("approved_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="plan_approved_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(fields=("plan", "position"), name="goal_position_once"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reached_at__isnull", True), ("ended_at__isnull", True), _connector="OR"),
                name="goal_reached_or_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership__isnull", True), ("who", "client"), ("who_words", "")),
                    models.Q(("membership__isnull", False), ("who", "staff"), ("who_words", "")),
                    models.Q(
                        ("membership__isnull", True), ("who", "other"), models.Q(("who_words", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="plan_step_one_doer",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at__isnull", True), ("ended_at__isnull", True), _connector="OR"),
                name="plan_step_done_or_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(fields=("plan", "version"), name="plan_version_once"),
        ),
    ]
