"""The role that counts may see which visits were once somebody's on file."""

from django.db import migrations

GRANT = "GRANT SELECT (visit_id, municipality_id) ON visits_visitonceknown TO tp_stats;"
REVOKE = "REVOKE SELECT (visit_id, municipality_id) ON visits_visitonceknown FROM tp_stats;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_stats_reads_undone_parts"), ("visits", "0009_visit_once_known")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
