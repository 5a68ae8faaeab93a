"""The course of the day is only ever added to: an undo is a row of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON visits_visitevent FROM tp_app",
            "GRANT UPDATE, DELETE ON visits_visitevent TO tp_app",
        )
    ]
