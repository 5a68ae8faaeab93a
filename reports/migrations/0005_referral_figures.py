"""Figures of referrals under their new word: what was accepted is received."""

from django.db import migrations

FORWARD = "UPDATE reports_dailyfigure SET part = 'received' WHERE figure = 'referral' AND part = 'accepted';"
BACKWARD = "UPDATE reports_dailyfigure SET part = 'accepted' WHERE figure = 'referral' AND part = 'received';"


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_stats_reads_once_known"), ("clients", "0020_referral_statuses")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
