"""What people say of their own situation, what came of it, and when it is asked after."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids
import tyoparkki.texts


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0015_reminders"),
        ("services", "0003_verified_before"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.AlterField(
            model_name="handoversession",
            name="asks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("record", "To be recorded for the team of the service point"),
                        ("contact", "To be contacted"),
                        ("share", "Information to another organisation"),
                    ],
                    max_length=8,
                ),
                blank=True,
                default=list,
                size=None,
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
                    ("filled", "The person filled it in"),
                    ("stopped", "The person stopped"),
                    ("replaced", "A new code was asked for"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="AssessmentAsk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("planned_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessment_asks", to="clients.client"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="services.service"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="handoversession",
            name="ask",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="clients.assessmentask"
            ),
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=40)),
                ("names", tyoparkki.texts.TextsField(default=dict)),
                ("purposes", tyoparkki.texts.TextsField(blank=True, default=dict)),
                ("licence", models.CharField(max_length=400)),
                ("source", models.CharField(blank=True, max_length=400)),
                ("link", models.URLField(blank=True)),
                ("least", models.SmallIntegerField()),
                ("most", models.SmallIntegerField()),
                ("least_words", tyoparkki.texts.TextsField(blank=True, default=dict)),
                ("most_words", tyoparkki.texts.TextsField(blank=True, default=dict)),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[("plain", "Ordinary"), ("sensitive", "Sensitive")], default="plain", max_length=9
                    ),
                ),
                ("is_external", models.BooleanField(default=False)),
                ("is_asked_after_service", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="instrument_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("least__gte", 0), ("most__gt", models.F("least"))), name="instrument_scale"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="assessmentask",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.instrument"
            ),
        ),
        migrations.CreateModel(
            name="InstrumentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("instructions", tyoparkki.texts.TextsField(blank=True, default=dict)),
                ("stems", tyoparkki.texts.TextsField(blank=True, default=dict)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("areas", models.JSONField()),
                ("approved_on", models.DateField(null=True)),
                ("loaded_at", models.DateTimeField()),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="clients.instrument"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="handoversession",
            name="version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.instrumentversion"
            ),
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("since_on", models.DateField()),
                (
                    "known",
                    models.CharField(
                        choices=[
                            ("told", "The person told"),
                            ("verified", "Seen on paper or in a register"),
                            ("unknown", "Not known for certain"),
                        ],
                        max_length=8,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_on", models.DateField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outcomes", to="clients.client"
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
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("months", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("planned_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "The same situation"),
                            ("changed", "The situation has changed"),
                            ("unknown", "Not known"),
                        ],
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_consent", "The person no longer agrees to be contacted"),
                            ("undone", "What it asked after was taken back"),
                            ("replaced", "A newer outcome is followed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_ups", to="clients.client"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="clients.plan",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
                    ),
                ),
                (
                    "new_outcome",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="clients.outcome"
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="clients.outcome",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("work", "Work"),
                            ("studies", "Studies"),
                            ("measure", "A measure that supports work"),
                            ("service", "A service goes on"),
                            ("other", "Something else"),
                            ("unknown", "Not known"),
                        ],
                        max_length=8,
                    ),
                ),
                ("names", tyoparkki.texts.TextsField(default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code",), name="outcome_type_code_once")],
            },
        ),
        migrations.AddField(
            model_name="outcome",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="clients.outcometype"
            ),
        ),
        migrations.CreateModel(
            name="SelfAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("filled_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("tablet", "On the tablet"),
                            ("desk", "Together at the desk"),
                            ("link", "By link"),
                            ("elsewhere", "In its own service"),
                        ],
                        max_length=9,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("is_agreed", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessments", to="clients.client"
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
                (
                    "service",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="services.service"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="clients.instrumentversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="assessmentask",
            name="assessment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="asked_by",
                to="clients.selfassessment",
            ),
        ),
        migrations.CreateModel(
            name="AreaScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=40)),
                ("value", models.SmallIntegerField(null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="clients.selfassessment"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="handoversession",
            name="assessment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="clients.selfassessment"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoversession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asks__len__gt", 0), ("version__isnull", True)),
                    models.Q(("asks__len", 0), ("version__isnull", False)),
                    _connector="OR",
                ),
                name="handover_of_one_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.UniqueConstraint(fields=("instrument", "number"), name="instrument_version_once"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True)),
                fields=["point", "due_on"],
                name="follow_up_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__isnull", False), ("plan__isnull", True)),
                    models.Q(("outcome__isnull", True), ("plan__isnull", False)),
                    _connector="OR",
                ),
                name="follow_up_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="follow_up_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="follow_up_ended_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("answered_at__isnull", True), _connector="OR"),
                name="follow_up_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                fields=("outcome", "plan", "months"), name="follow_up_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(fields=["client", "since_on"], name="outcome_client"),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("since_on")), _connector="OR"
                ),
                name="outcome_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_at__isnull", True), ("undone_at__gte", models.F("recorded_at")), _connector="OR"
                ),
                name="outcome_undone_after",
            ),
        ),
        migrations.AddIndex(
            model_name="selfassessment",
            index=models.Index(fields=["client", "filled_at"], name="assessment_client"),
        ),
        migrations.AddConstraint(
            model_name="selfassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("filled_at__lte", models.F("recorded_at"))),
                name="assessment_filled_before_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_at__isnull", True), ("undone_at__gte", models.F("recorded_at")), _connector="OR"
                ),
                name="assessment_undone_after",
            ),
        ),
        migrations.AddIndex(
            model_name="assessmentask",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["client"], name="assessment_ask_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("planned_at")), _connector="OR"
                ),
                name="assessment_ask_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="areascore",
            constraint=models.UniqueConstraint(fields=("assessment", "area"), name="area_score_once"),
        ),
    ]
