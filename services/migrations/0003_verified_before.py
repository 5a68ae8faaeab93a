"""A confirmation remembers what held before it, so that its undo asks nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0002_word_forms"), ("team", "0003_help_ends_at_night")]
    operations = [
        migrations.AddField(
            model_name="service", name="verified_before_on", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="service",
            name="verified_before_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="team.membership",
            ),
        ),
    ]
