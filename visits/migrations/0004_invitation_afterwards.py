from django.db import migrations, models
from django.db.models import Q

PENDING = Q(state__in=["open", "promised"])


class Migration(migrations.Migration):
    """A colleague asked for afterwards can promise to come; the invitation waits until the two meet."""

    dependencies = [("visits", "0003_encounter_undone")]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Asked"),
                    ("promised", "Comes after"),
                    ("accepted", "Came"),
                    ("declined", "Cannot come"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
                max_length=9,
            ),
        ),
        migrations.RemoveConstraint(model_name="invitation", name="invitation_one_open"),
        migrations.RemoveIndex(model_name="invitation", name="invitation_open"),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=["visit", "invited"], name="invitation_one_pending", condition=PENDING
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["invited"], name="invitation_pending", condition=PENDING),
        ),
    ]
