"""The course of a visit ends with the visit, when five years are over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0006_undone_parts_are_marked")]
    operations = [
        migrations.AlterField(
            model_name="visitevent",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="visits.visit"
            ),
        ),
        migrations.AlterField(
            model_name="visitevent",
            name="undoes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="undone_by",
                to="visits.visitevent",
            ),
        ),
    ]
