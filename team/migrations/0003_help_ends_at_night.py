from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A call for help that nobody answered ends at night, by nobody: it is not on the screens a week later."""

    dependencies = [("team", "0002_letters_on_point")]

    operations = [
        migrations.RemoveConstraint(model_name="helpcall", name="help_call_both_ended_at_and_by"),
        migrations.AddConstraint(
            model_name="helpcall",
            constraint=models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False), name="help_call_ended_by_when_ended"
            ),
        ),
    ]
