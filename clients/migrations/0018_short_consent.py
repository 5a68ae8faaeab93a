"""A consent to be recorded for a month, with words of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0017_area_scores_within_the_scale")]

    operations = [
        migrations.AddField("consent", "is_short", models.BooleanField(default=False)),
        migrations.AlterField(
            "consenttext",
            "purpose",
            models.CharField(
                choices=[
                    ("record", "To be recorded for the team of the service point"),
                    ("contact", "To be contacted"),
                    ("share", "Information to another organisation"),
                    ("prospect", "To be recorded for a month"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            "consent",
            models.CheckConstraint(
                condition=models.Q(
                    ("is_short", False), models.Q(("expires_on__isnull", False), ("purpose", "record")), _connector="OR"
                ),
                name="consent_short_ends",
            ),
        ),
    ]
