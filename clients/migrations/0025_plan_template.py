"""Which model a plan began with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0024_companions"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="template",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="plan",
            name="template_version",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
