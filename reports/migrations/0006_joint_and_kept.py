"""The role that counts may tell colleagues apart: who held a meeting together."""

from django.db import migrations

GRANT = "GRANT SELECT (membership_id) ON visits_participation TO tp_stats;"
REVOKE = "REVOKE SELECT (membership_id) ON visits_participation FROM tp_stats;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_referral_figures")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
