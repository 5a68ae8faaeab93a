"""Who was erased, by a keyed hash: written by whoever tidies up, read by nobody else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tyoparkki", "0004_end_trace")]

    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            "REVOKE ALL ON tyoparkki_tombstone FROM tp_app",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON tyoparkki_tombstone TO tp_app",
        ),
    ]
