"""What must hold of a referral in each of its statuses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0020_referral_statuses")]

    operations = [
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True), ("status__in", ["draft", "sent", "self", "withdrawn", "lapsed"])
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("status__in", ["received", "contacted", "started", "ended", "declined"]),
                    ),
                    ("status", "client_withdrew"),
                    _connector="OR",
                ),
                name="referral_answered_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result__isnull", False), ("status", "ended")),
                    models.Q(models.Q(("status", "ended"), _negated=True), ("result__isnull", True)),
                    _connector="OR",
                ),
                name="referral_ends_with_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "declined"), ("refusal__isnull", True), _connector="OR"),
                name="referral_declined_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("meeting_at__isnull", False), ("meeting_place", ""), _connector="OR"),
                name="referral_meeting_has_time",
            ),
        ),
    ]
