"""Colleagues of a meeting told apart, months kept after an erasure, and why promises were not kept."""

import django.db.models.deletion
from django.db import migrations, models

GRANT = "GRANT SELECT (membership_id) ON visits_participation TO tp_stats;"
REVOKE = "REVOKE SELECT (membership_id) ON visits_participation FROM tp_stats;"

# The days that were counted before know no joint meetings yet.
COUNT = """
    WITH sitting AS (
        SELECT e.visit_id, count(DISTINCT p.membership_id) AS colleagues,
               count(DISTINCT p.profession_id) AS professions,
               row_number() OVER (PARTITION BY e.visit_id ORDER BY e.started_at, e.id) AS place
        FROM visits_encounter e LEFT JOIN visits_participation p ON p.encounter_id = e.id AND p.undone_at IS NULL
        WHERE e.undone_at IS NULL GROUP BY e.id
    ), joint AS (
        SELECT v.point_id, d."on", sitting.* FROM sitting JOIN visits_visit v ON v.id = sitting.visit_id
        JOIN team_serviceday d ON d.id = v.day_id WHERE v.state <> 'undone' AND sitting.colleagues > 1
    ), told AS (
        SELECT point_id, "on", 'visits' AS part, count(DISTINCT visit_id) AS n FROM joint GROUP BY 1, 2
        UNION ALL SELECT point_id, "on", 'encounters', count(*) FROM joint GROUP BY 1, 2
        UNION ALL SELECT point_id, "on", 'parts', sum(colleagues) FROM joint GROUP BY 1, 2
        UNION ALL SELECT point_id, "on", 'start', count(*) FROM joint WHERE place = 1 AND professions > 1 GROUP BY 1, 2
    )
    INSERT INTO reports_dailyfigure (point_id, "on", figure, part, n)
    SELECT point_id, "on", 'joint', part, n FROM told;
"""
FORGET = "DELETE FROM reports_dailyfigure WHERE figure = 'joint';"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_referral_figures"),
        ("team", "0007_referral_words"),
        ("visits", "0005_yes_and_undone_parts"),
    ]

    operations = [
        migrations.RunSQL(GRANT, REVOKE),
        migrations.CreateModel(
            name="BreachCause",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("due_on", models.DateField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody was responsible"),
                            ("absence", "A colleague was away"),
                            ("unreached", "The client was not reached"),
                            ("unrecorded", "It was done but not recorded"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.servicepoint"
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="team.membership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeptMonth",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("figure", models.CharField(max_length=30)),
                ("part", models.CharField(max_length=60)),
                ("n", models.PositiveIntegerField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="team.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("point", "month", "figure", "part"), name="kept_month_once")
                ],
            },
        ),
        migrations.RunSQL(COUNT, FORGET),
    ]
