from django.db import migrations

MARK = """
UPDATE visits_participation part SET undone_at = undone.at, ended_at = coalesce(part.ended_at, undone.at)
FROM visits_visitevent joined JOIN visits_visitevent undone ON undone.undoes_id = joined.id
WHERE joined.kind = 'joined' AND joined.before ->> 'joined' = part.id::text;
UPDATE visits_participation part SET undone_at = sitting.undone_at, ended_at = coalesce(part.ended_at, sitting.undone_at)
FROM visits_encounter sitting
WHERE sitting.id = part.encounter_id AND sitting.undone_at IS NOT NULL AND part.undone_at IS NULL;
"""


class Migration(migrations.Migration):
    """Parts that were taken back before they were marked."""

    dependencies = [("visits", "0005_yes_and_undone_parts")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
