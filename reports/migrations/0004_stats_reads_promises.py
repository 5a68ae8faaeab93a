"""The role that counts may read of a reminder what it was, when it was due and when it was settled; nobody's key."""

from django.db import migrations

COLUMNS = "id, kind, audience, point_id, since_at, due_on, settled_at, how"
GRANT = f"GRANT SELECT ({COLUMNS}) ON clients_reminder TO tp_stats;"
REVOKE = GRANT.replace("GRANT", "REVOKE").replace("TO tp_stats", "FROM tp_stats")


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_stats_reads_undone_parts"), ("clients", "0030_reminders")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
