from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="position",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="contactevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("phone", "Telephone call"),
                    ("visit", "Visit to the workplace"),
                    ("desk", "At the service point"),
                    ("message", "Message"),
                    ("event", "Event"),
                ],
                max_length=8,
            ),
        ),
    ]
