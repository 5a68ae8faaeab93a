"""Who answers for a person, and the offers by which that moves from hand to hand."""

import django.db.models.deletion
from django.db import migrations, models

import tyoparkki.ids


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_plan"),
        ("team", "0006_terms_in_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="clients.client",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="team.membership",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.servicepoint"
                    ),
                ),
                (
                    "since_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["membership"],
                        name="responsibility_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("client",),
                        name="responsibility_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("since_at")), _connector="OR"
                        ),
                        name="responsibility_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end_reason", ""), ("ended_at__isnull", False), _connector="OR"),
                        name="responsibility_reason_of_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponsibilityOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tyoparkki.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("offered_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("decline_reason", models.CharField(blank=True, max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibility_offers",
                        to="clients.client",
                    ),
                ),
                (
                    "from_membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
                (
                    "to_membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("declined_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=["to_membership"],
                        name="responsibility_offer_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("declined_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=("client",),
                        name="responsibility_offer_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_membership", models.F("to_membership")), _negated=True),
                        name="responsibility_offer_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declined_at__isnull", True), ("withdrawn_at__isnull", True)),
                            models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                            models.Q(("accepted_at__isnull", True), ("declined_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="responsibility_offer_one_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decline_reason", ""), ("declined_at__isnull", True)),
                            models.Q(("declined_at__isnull", False), models.Q(("decline_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="responsibility_offer_declined_why",
                    ),
                ],
            },
        ),
    ]
