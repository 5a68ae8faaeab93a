"""Files told apart, statutory plans confirmed, measures by their end, questions that are ready."""

import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0029_gap_days"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotSame",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("other_id", models.UUIDField(db_index=True)),
                ("marked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="link",
            name="finished_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="confirmed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="confirmer",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="sent_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("sent", "Sent for confirmation"), ("confirmed", "Confirmed")],
                default="draft",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="statutoryplan",
            name="status_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="planstep",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("ended_at__isnull", True), ("ends_on__isnull", False)),
                fields=["ends_on"],
                name="plan_step_measure_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("finished_at__isnull", True), ("kind", "assessment"), _connector="OR"),
                name="link_finished_of_questions",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutoryplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_on__isnull", True),
                        ("confirmer", ""),
                        ("sent_on__isnull", True),
                        ("status", "draft"),
                    ),
                    models.Q(
                        ("confirmed_on__isnull", True),
                        ("confirmer", ""),
                        ("sent_on__gte", models.F("agreed_on")),
                        ("sent_on__isnull", False),
                        ("status", "sent"),
                    ),
                    models.Q(
                        ("confirmed_on__gte", models.F("agreed_on")),
                        ("confirmed_on__isnull", False),
                        ("status", "confirmed"),
                        models.Q(("confirmer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="statutory_plan_confirmed_by_whom",
            ),
        ),
        migrations.AddField(
            model_name="notsame",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="not_same", to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="notsame",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="notsame",
            name="marked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="notsame",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("client", "other_id"), name="not_same_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="notsame",
            constraint=models.CheckConstraint(
                condition=models.Q(("client", models.F("other_id")), _negated=True), name="not_same_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="notsame",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(
                        ("ended_at__gte", models.F("marked_at")),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="not_same_ended_by_whom",
            ),
        ),
    ]
