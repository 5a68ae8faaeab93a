"""The role that counts may tell how visitors heard of a point, and whether money advice was offered and wanted."""

from django.db import migrations

GRANT = "GRANT SELECT (source_id, money_advice) ON visits_visit TO tp_stats;"
REVOKE = "REVOKE SELECT (source_id, money_advice) ON visits_visit FROM tp_stats;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_joint_and_kept"), ("visits", "0010_visitside")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
