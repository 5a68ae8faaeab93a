from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0005_days_called_off")]

    operations = [
        migrations.AlterField(
            model_name="term",
            name="kind",
            field=models.CharField(
                choices=[("situation", "Situation"), ("age_band", "Age"), ("result", "Result")], max_length=12
            ),
        ),
    ]
