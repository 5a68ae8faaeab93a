"""What was accepted is received: the word of the longer life, in referrals and in their history."""

from django.db import migrations

FORWARD = """
UPDATE clients_referral SET status = 'received' WHERE status = 'accepted';
UPDATE clients_referralevent SET status = 'received' WHERE status = 'accepted';
UPDATE clients_referral SET answered_at = first.at FROM (
    SELECT referral_id, min(at) AS at FROM clients_referralevent
    WHERE undone_at IS NULL AND status IN ('received', 'declined') GROUP BY referral_id) AS first
    WHERE first.referral_id = clients_referral.id AND answered_at IS NOT NULL AND answered_at <> first.at;
"""
BACKWARD = """
UPDATE clients_referral SET status = 'withdrawn', answered_at = NULL
    WHERE status IN ('draft', 'client_withdrew', 'lapsed');
UPDATE clients_referral SET result_id = NULL, status = 'accepted'
    WHERE status IN ('received', 'contacted', 'started', 'ended');
UPDATE clients_referralevent SET status = 'accepted' WHERE status IN ('received', 'contacted', 'started', 'ended');
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0019_referral_life")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
