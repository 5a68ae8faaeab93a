"""The role that counts may see that a colleague's part was taken back: such a part is no figure."""

from django.db import migrations

GRANT = "GRANT SELECT (undone_at) ON visits_participation TO tp_stats;"
REVOKE = "REVOKE SELECT (undone_at) ON visits_participation FROM tp_stats;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_stats_reads"), ("visits", "0005_yes_and_undone_parts")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
