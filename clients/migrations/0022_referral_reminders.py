"""Reminders of referrals that nobody answers, and after how many days each comes."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0021_referral_rules"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="pointterms",
            name="referral_lapse_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(400)],
            ),
        ),
        migrations.AddField(
            model_name="pointterms",
            name="referral_late_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(400)],
            ),
        ),
        migrations.AddField(
            model_name="pointterms",
            name="referral_remind_days",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(400)],
            ),
        ),
        migrations.AddField(
            model_name="pointterms",
            name="referral_stuck_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(400)],
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan_review", "Look at the plan together again"),
                    ("need_review", "Look at the need for support again"),
                    ("first_contact", "Promised: get in touch"),
                    ("next_contact", "Get in touch"),
                    ("lost", "No contact for a long time"),
                    ("long_lost", "Contact has been lost"),
                    ("measure_ends", "Ends soon: agree on what comes next"),
                    ("referral_waits", "A referral waits for your answer"),
                    ("referral_late", "A referral has not been answered"),
                    ("referral_stuck", "A referral has waited for long without an answer"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="pointterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("referral_lapse_days__gt", models.F("referral_stuck_days")),
                    ("referral_late_days__gt", models.F("referral_remind_days")),
                    ("referral_stuck_days__gt", models.F("referral_late_days")),
                ),
                name="terms_referral_in_order",
            ),
        ),
    ]
