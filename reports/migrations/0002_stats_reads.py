"""The role that counts may read what it counts, column by column: codes, keys and moments, no words of anybody."""

from django.db import migrations

COLUMNS = {
    "team_servicepoint": "id",
    "team_serviceday": 'id, point_id, "on", state, opened_at',
    "team_topic": "id, point_id, code",
    "team_term": "id, point_id, kind, code",
    "visits_visit": "id, point_id, day_id, party, letter, number, party_size, topic_id, language, situation_id,"
    " age_band_id, state, arrived_at, queued_at, result_id, ended_at",
    "visits_visittopic": "id, visit_id, topic_id, source",
    "visits_visitclient": "id, visit_id, client_id, ended_at",
    "visits_visitevent": "id, visit_id, point_id, day_id, kind, at, undoes_id, before",
    "visits_encounter": "id, visit_id, started_at, ended_at, undone_at",
    "visits_participation": "id, encounter_id, organisation_id, profession_id, joined_at, ended_at",
    "clients_client": "id, point_id, municipality_id",
    "clients_referral": "id, point_id, organisation_id, status, sent_at, answered_at",
    "feedback_response": 'key, point_id, "on", hour, language, mode, faces',
    "reports_dailyfigure": 'id, point_id, "on", figure, part, n',
    "reports_aggregatedday": 'id, point_id, "on", counted_at',
}
GRANT = "\n".join(f"GRANT SELECT ({columns}) ON {table} TO tp_stats;" for table, columns in COLUMNS.items())
REVOKE = GRANT.replace("GRANT", "REVOKE").replace("TO tp_stats", "FROM tp_stats")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("team", "0001_initial"),
        ("clients", "0001_initial"),
        ("visits", "0003_encounter_undone"),
        ("feedback", "0001_initial"),
    ]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
