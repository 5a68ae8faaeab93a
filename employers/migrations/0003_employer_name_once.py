"""Without a business id, an employer's name stands on a point's register once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("employers", "0002_position_version")]
    operations = [
        migrations.AddConstraint(
            model_name="employer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("business_id", "")), fields=("point", "name_key"), name="employer_name_once"
            ),
        )
    ]
