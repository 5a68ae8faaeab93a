"""A plan is closed with a reason, a result and a summary; an approval can be taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0022_referral_reminders"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reached", "What was wanted has been reached"),
                    ("elsewhere", "Goes on with another service"),
                    ("wish", "The person wanted so"),
                    ("life", "Something else matters more just now"),
                    ("moved", "Moved away"),
                    ("silent", "There has been no contact"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[
                    ("work", "At work"),
                    ("own_business", "In a business of one's own"),
                    ("study", "Studies"),
                    ("service", "In a service that goes on"),
                    ("steadier", "Everyday life is steadier"),
                    ("on_the_way", "Still on the way"),
                    ("unknown", "Not known"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="summary",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddField(
            model_name="planversion",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("closed_by__isnull", True),
                        ("ending", ""),
                        ("result", ""),
                        ("summary", ""),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("ending", ""), _negated=True),
                        models.Q(("result", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="plan_closed_whole",
            ),
        ),
    ]
