"""Multi-sectoral support as a kind of referral, and a partner's number for the link."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import clients.multi_sectoral


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0026_background_and_identity_codes"),
        ("team", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="recipient_phone",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[("service", "Guidance to a service"), ("multi", "Multi-sectoral support")],
                default="service",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="criteria",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=clients.multi_sectoral.choices, max_length=24),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="return_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="team.organisation",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="return_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="return_note",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("criteria", []),
                    ("kind", "service"),
                    ("return_note", ""),
                    ("return_on__isnull", True),
                    ("return_organisation__isnull", True),
                )
                | models.Q(("kind", "multi"), ("return_on__isnull", False), ("return_organisation__isnull", False)),
                name="referral_multi_has_return",
            ),
        ),
    ]
