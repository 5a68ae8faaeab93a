"""Questions by link, phases and statutory plans, promises of a point, how guidance ended, whom a lost contact concerns."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids
import tyoparkki.texts


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0027_referral_kinds"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="PointPromise",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("names", tyoparkki.texts.TextsField(default=dict)),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ]
                    ),
                ),
                (
                    "counted_from",
                    models.CharField(
                        choices=[
                            ("plan", "from the day the plan opened"),
                            ("taken", "from the day a hand-over was accepted"),
                            ("referral", "from the day a referral was received here"),
                        ],
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StatutoryPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=20)),
                ("agreed_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("review_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="followup",
            name="follow_up_once",
        ),
        migrations.RemoveConstraint(
            model_name="link",
            name="link_opens_one_thing",
        ),
        migrations.RemoveConstraint(
            model_name="responsibility",
            name="responsibility_reason_of_end",
        ),
        migrations.AddField(
            model_name="link",
            name="ask",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="clients.assessmentask"
            ),
        ),
        migrations.AddField(
            model_name="selfassessment",
            name="link",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="assessment", to="clients.link"
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="is_mailed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="link",
            name="version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.instrumentversion"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="phase",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="plan",
            name="phase_since_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reminder",
            name="responsibility",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="clients.responsibility"
            ),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("basic", "Goes on in basic services"),
                    ("elsewhere", "Another organisation goes on with the person"),
                    ("enough", "The support was enough"),
                    ("wish", "The person wanted so"),
                    ("moved", "Moved away"),
                    ("other", "Something else"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("referral", "Answering a referral"),
                    ("receipt", "A person's own receipt"),
                    ("assessment", "Telling one's own view"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="language",
            field=models.CharField(max_length=10),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_review", "Look at the plan together again"),
                    ("need_review", "Look at the need for support again"),
                    ("first_contact", "Promised: get in touch"),
                    ("site_promise", "Promised at this service point: get in touch"),
                    ("next_contact", "Get in touch"),
                    ("lost", "No contact for a long time"),
                    ("long_lost", "Contact has been lost"),
                    ("measure_ends", "Ends soon: agree on what comes next"),
                    ("statutory_review", "Look at the statutory plan with whoever keeps it"),
                    ("referral_waits", "A referral waits for your answer"),
                    ("referral_late", "A referral has not been answered"),
                    ("referral_stuck", "A referral has waited for long without an answer"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True), ("ended_at__isnull", True)),
                fields=("outcome", "plan", "months"),
                name="follow_up_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("client__isnull", True),
                        ("kind", "referral"),
                        ("referral__isnull", False),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("client__isnull", False),
                        ("kind", "receipt"),
                        ("referral__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("client__isnull", False),
                        ("kind", "assessment"),
                        ("referral__isnull", True),
                        ("version__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="link_opens_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ending", "")), ("ended_at__isnull", False), _connector="OR"
                ),
                name="responsibility_reason_of_end",
            ),
        ),
        migrations.AddField(
            model_name="pointpromise",
            name="point",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.servicepoint"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="promise",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.pointpromise"
            ),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.organisation"
            ),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="statutory_plans", to="clients.plan"
            ),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="pointpromise",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 60)), name="promise_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="pointpromise",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("ended_at__gte", models.F("made_at")), _connector="OR"),
                name="promise_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("plan", "kind"),
                name="statutory_plan_one_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("agreed_on")), _connector="OR"
                ),
                name="statutory_plan_valid_after",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("review_on__isnull", True), ("review_on__gte", models.F("agreed_on")), _connector="OR"
                ),
                name="statutory_plan_review_after",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("recorded_at")), _connector="OR"
                ),
                name="statutory_plan_period",
            ),
        ),
    ]
