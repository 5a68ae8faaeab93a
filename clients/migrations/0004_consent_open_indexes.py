"""Who sees whom is asked by every query: the open consents of a recipient are found by an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_consent_texts")]

    operations = [
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["recipient_point", "purpose", "client", "expires_on"],
                name="consent_open_point",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["recipient_organisation", "purpose", "client", "expires_on"],
                name="consent_open_organisation",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ),
    ]
