"""A referral stays, without the person, when the person's file ends."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_handover_asks_each")]
    operations = [
        migrations.AlterField(
            model_name="referral",
            name="client",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="referrals",
                to="clients.client",
            ),
        )
    ]
