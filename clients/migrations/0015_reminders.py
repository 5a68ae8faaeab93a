"""Reminders by the clock, notes of contacts, reviews, and each point's terms."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0014_link"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("desk", "At the desk"),
                            ("phone", "By telephone"),
                            ("video", "By video"),
                            ("accompanied", "Went along to an office or a service"),
                            ("outreach", "Met where the person is"),
                            ("message", "By message"),
                        ],
                        max_length=11,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlanReview",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(choices=[("plan", "The plan"), ("need", "The need for support")], max_length=4),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PointTerms",
            fields=[
                (
                    "point",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="team.servicepoint",
                    ),
                ),
                (
                    "plan_review_months",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                    ),
                ),
                (
                    "need_review_months",
                    models.PositiveSmallIntegerField(
                        default=6,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                    ),
                ),
                (
                    "first_contact_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "dense_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                    ),
                ),
                (
                    "sparse_days",
                    models.PositiveSmallIntegerField(
                        default=42,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                    ),
                ),
                (
                    "occasional_days",
                    models.PositiveSmallIntegerField(
                        default=91,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                    ),
                ),
                (
                    "lost_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                    ),
                ),
                (
                    "long_lost_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan_review", "Look at the plan together again"),
                            ("need_review", "Look at the need for support again"),
                            ("first_contact", "Promised: get in touch"),
                            ("next_contact", "Get in touch"),
                            ("lost", "No contact for a long time"),
                            ("long_lost", "Contact has been lost"),
                            ("measure_ends", "Ends soon: agree on what comes next"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("responsible", "Whoever answers for the person"),
                            ("member", "One colleague"),
                            ("organisation", "An organisation"),
                            ("manager", "Who leads the service point"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("since_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("contact", "There was a contact"),
                            ("reviewed", "Looked at together"),
                            ("closed", "It was ended with a next step or a reason"),
                            ("over", "It no longer mattered"),
                            ("answered", "It was answered"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="planstep",
            name="added_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="planstep",
            name="ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="planstep",
            name="next_step",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.planstep"
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="no_next_reason",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("ended_at__isnull", True)),
                    ("ends_on__isnull", True),
                    ("next_step__isnull", False),
                    models.Q(("no_next_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="plan_step_measure_followed",
            ),
        ),
        migrations.AddField(
            model_name="contactnote",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="contact_notes", to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="contactnote",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="contactnote",
            name="point",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
            ),
        ),
        migrations.AddField(
            model_name="planreview",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="planreview",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="clients.plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="pointterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("long_lost_days__gt", models.F("lost_days"))), name="terms_lost_in_order"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="client",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="membership",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.organisation"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="plan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="clients.plan"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="point",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="referral",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="clients.referral"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="settled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="step",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="clients.planstep"
            ),
        ),
        migrations.AddIndex(
            model_name="contactnote",
            index=models.Index(fields=["client", "at"], name="contact_note_of_client"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["client"], name="reminder_open_of_client"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["point", "kind", "due_on"], name="reminder_of_point"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("kind", "subject_id", "due_on"), name="reminder_once"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audience", "responsible"), ("client__isnull", False)),
                    models.Q(("audience", "member"), ("client__isnull", True), ("membership__isnull", False)),
                    models.Q(("audience", "organisation"), ("client__isnull", True), ("organisation__isnull", False)),
                    models.Q(
                        ("audience", "manager"),
                        ("client__isnull", True),
                        ("plan__isnull", True),
                        ("step__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="reminder_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), models.Q(("how", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reminder_settled_whole",
            ),
        ),
    ]
