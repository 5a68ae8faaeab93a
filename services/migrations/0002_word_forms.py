from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="WordForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=60)),
                ("lemma", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("form", "lemma"), name="word_form_once")],
            },
        ),
        migrations.AddField(
            model_name="service",
            name="professional_note",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
