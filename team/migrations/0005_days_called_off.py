from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0004_user_names_in_any_case")]

    operations = [
        migrations.AlterField(
            model_name="serviceday",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Not opened yet"),
                    ("open", "Open"),
                    ("paused", "Paused"),
                    ("closed", "Closed"),
                    ("off", "Called off"),
                ],
                default="planned",
                max_length=8,
            ),
        ),
    ]
