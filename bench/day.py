"""Today at the desk, written straight into its tables: so many served, so many with an advisor, so many waiting."""

# ruff: noqa: E501 - a column list reads best on a line
from __future__ import annotations

from typing import Any

from django.db import connections, transaction

# Children first: the tables have no cascades of their own.
_OF_AN_ENCOUNTER = ("visits_participation", "visits_guidance", "visits_agreedstep", "visits_guidanceshare",
                    "visits_encounterreferral", "visits_invitation")  # fmt: skip
_OF_A_VISIT = ("visits_encounter", "visits_visitevent", "visits_visitnote", "visits_visitturn", "visits_visitclient",
               "visits_visittopic")  # fmt: skip

# The people are those of a loaded day: its topics, languages, situations and ages, in its order.
PEOPLE = """
CREATE TEMP TABLE party ON COMMIT DROP AS
SELECT uuidv7() AS id, uuidv7() AS encounter, n, coalesce(%(topic)s::uuid, topic_id) AS topic_id,
    CASE WHEN %(topic)s::uuid IS NULL THEN language ELSE 'fi' END AS language, situation_id, age_band_id,
    CASE WHEN n <= %(served)s THEN 'done' WHEN n <= %(served)s + %(serving)s THEN 'in_service' ELSE 'waiting' END AS state,
    now() - (%(all)s + 1 - n) * interval '90 seconds' AS at,
    CASE WHEN n <= %(served)s + %(serving)s THEN (%(advisors)s::uuid[])[1 + n %% array_length(%(advisors)s::uuid[], 1)] END AS advisor
FROM (SELECT row_number() OVER (ORDER BY round, number) AS n, seen.*
      FROM visits_visit seen CROSS JOIN generate_series(1, 1 + %(all)s / 100) AS round
      WHERE seen.day_id = (SELECT day_id FROM visits_visit WHERE day_id <> %(day)s LIMIT 1)) AS seen
WHERE n <= %(all)s;

INSERT INTO visits_visit (id, point_id, day_id, party, letter, number, party_size, topic_id, language, needs_interpreter,
    situation_id, age_band_id, state, arrived_at, queued_at, called_for_id, called_at, calls, ended_at)
SELECT id, %(point)s, %(day)s, 'client', 'A', n, 1, topic_id, language, false, situation_id, age_band_id, state, at, at,
    advisor, CASE WHEN advisor IS NOT NULL THEN at + interval '8 minutes' END, (advisor IS NOT NULL)::int,
    CASE WHEN state = 'done' THEN at + interval '25 minutes' END
FROM party;

INSERT INTO visits_encounter (id, visit_id, sequence, started_at, ended_at)
SELECT encounter, id, 1, at + interval '9 minutes', CASE WHEN state = 'done' THEN at + interval '25 minutes' END
FROM party WHERE advisor IS NOT NULL;

INSERT INTO visits_guidance (encounter_id, notes, works, wish, next_step, version, saved_at, closed_at)
SELECT encounter, '', '', '', '', 1, at + interval '9 minutes', CASE WHEN state = 'done' THEN at + interval '25 minutes' END
FROM party WHERE advisor IS NOT NULL;

INSERT INTO visits_participation (encounter_id, membership_id, organisation_id, joined_at, ended_at)
SELECT encounter, advisor, membership.organisation_id, at + interval '9 minutes',
    CASE WHEN state = 'done' THEN at + interval '25 minutes' END
FROM party JOIN team_membership membership ON membership.id = party.advisor;

INSERT INTO visits_visitevent (visit_id, point_id, day_id, kind, at, recorded_at, by_id, who_id, before)
SELECT id, %(point)s, %(day)s, kind, moment, moment, %(desk)s, CASE WHEN kind IN ('called', 'started') THEN advisor END, '{}'
FROM party CROSS JOIN LATERAL (VALUES
    ('arrived', at, true), ('called', at + interval '8 minutes', advisor IS NOT NULL),
    ('started', at + interval '9 minutes', advisor IS NOT NULL), ('finished', at + interval '25 minutes', state = 'done')
) AS course (kind, moment, holds) WHERE holds ORDER BY moment;

INSERT INTO visits_visitclient (visit_id, client_id, joined_at, joined_by_id)
SELECT party.id, client.id, party.at, %(desk)s
FROM party JOIN (SELECT id, row_number() OVER () AS n FROM clients_client LIMIT 500) AS client ON client.n = party.n
WHERE party.n %% 4 = 0;

INSERT INTO visits_visitnote (visit_id, called_name, text, written_at)
SELECT id, '', 'Tulee takaisin puhelun jälkeen.', at FROM party WHERE n %% 10 = 5;

INSERT INTO visits_daycounter (day_id, letter, last) SELECT %(day)s, 'A', max(n) FROM party HAVING max(n) > 0;
"""


def set_up(
    facts: dict[str, Any],
    advisors: list[str],
    *,
    served: int = 0,
    serving: int = 0,
    waiting: int = 0,
    topic: str | None = None,
) -> None:
    """Replace today's visits, so that each measure begins with the same day; serving at most one visitor each.

    With a `topic` all come for it and speak Finnish.
    """
    values = {
        "point": facts["point"],
        "day": facts["today"],
        "desk": facts["desk"],
        "topic": topic,
        "advisors": advisors,
        "served": served,
        "serving": min(serving, len(advisors)),
        "waiting": waiting,
        "all": served + min(serving, len(advisors)) + waiting,
    }
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in _OF_AN_ENCOUNTER:
            cursor.execute(
                f"DELETE FROM {table} WHERE encounter_id IN (SELECT e.id FROM visits_encounter e"  # noqa: S608 - our own tables' names
                " JOIN visits_visit v ON v.id = e.visit_id WHERE v.day_id = %(day)s)",
                values,
            )
        for table in _OF_A_VISIT:
            cursor.execute(
                f"DELETE FROM {table} WHERE visit_id IN (SELECT id FROM visits_visit WHERE day_id = %(day)s)",  # noqa: S608 - as above
                values,
            )
        cursor.execute("DELETE FROM visits_visit WHERE day_id = %(day)s", values)
        cursor.execute("DELETE FROM visits_daycounter WHERE day_id = %(day)s", values)
        for statement in PEOPLE.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
    # A table that has just changed this much is known anew, as autovacuum would make it within the minute.
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE visits_visit, visits_visitevent, visits_encounter, visits_participation")
