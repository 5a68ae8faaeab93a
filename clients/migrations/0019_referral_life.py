"""A referral lives on after it was received: contact, start, a result; a draft, a meeting, where mail goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_short_consent"),
        ("services", "0003_verified_before"),
        ("team", "0007_referral_words"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="referral",
            name="referral_answered_has_time",
        ),
        migrations.AddField(
            model_name="referral",
            name="language",
            field=models.CharField(default="fi", max_length=2),
        ),
        migrations.AddField(
            model_name="referral",
            name="meeting_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="meeting_place",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="referral",
            name="recipient_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="referral",
            name="refusal",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.term"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="result",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.term"
            ),
        ),
        migrations.AlterField(
            model_name="referral",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Not sent yet"),
                    ("sent", "Sent"),
                    ("self", "The visitor gets in touch"),
                    ("received", "Received, contact follows"),
                    ("contacted", "Contacted"),
                    ("started", "Started"),
                    ("ended", "Ended with a result"),
                    ("declined", "Cannot be taken"),
                    ("withdrawn", "Withdrawn"),
                    ("client_withdrew", "The client did not want it any more"),
                    ("lapsed", "Nobody answered in time"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="referralevent",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Not sent yet"),
                    ("sent", "Sent"),
                    ("self", "The visitor gets in touch"),
                    ("received", "Received, contact follows"),
                    ("contacted", "Contacted"),
                    ("started", "Started"),
                    ("ended", "Ended with a result"),
                    ("declined", "Cannot be taken"),
                    ("withdrawn", "Withdrawn"),
                    ("client_withdrew", "The client did not want it any more"),
                    ("lapsed", "Nobody answered in time"),
                ],
                max_length=16,
            ),
        ),
    ]
