"""Every figure once more, straight from the raw rows in SQL: another path than the one that made the rollups.

One statement reads the rows and the rollups in one view of the database and answers with each difference.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from clients.models import Client
from reports.figures import LONGEST_MINUTES, NONE_TOLD, OF_PEOPLE
from tyoparkki import clock
from visits.models import Visit

# Which rows hold: visits that exist, events and encounters that were not undone, each with its point and day.
_HOLDING = f"""
    visit AS (
        SELECT v.id, v.point_id, d."on", v.state, v.party, v.arrived_at, v.topic_id, t.code AS topic, v.language,
               coalesce(s.code, '{NONE_TOLD}') AS situation, coalesce(a.code, '{NONE_TOLD}') AS age_band,
               r.code AS result, h.code AS source, v.money_advice
        FROM visits_visit v
        JOIN team_serviceday d ON d.id = v.day_id
        JOIN team_topic t ON t.id = v.topic_id
        LEFT JOIN team_term s ON s.id = v.situation_id
        LEFT JOIN team_term a ON a.id = v.age_band_id
        LEFT JOIN team_term r ON r.id = v.result_id
        LEFT JOIN team_term h ON h.id = v.source_id
        WHERE v.state <> 'undone'
    ),
    event AS (
        SELECT e.visit_id, e.kind, e.at, row_number() OVER line AS seq,
               max(CASE WHEN e.kind = 'started' THEN 1 ELSE 0 END) OVER earlier AS was_served
        FROM visits_visitevent e
        LEFT JOIN visits_visitevent u ON u.undoes_id = e.id
        WHERE u.id IS NULL AND e.kind IN ('called', 'started', 'paused', 'returned', 'handed_over')
        WINDOW line AS (PARTITION BY e.visit_id ORDER BY e.at, e.id),
               earlier AS (PARTITION BY e.visit_id ORDER BY e.at, e.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ),
    marked AS (
        SELECT visit_id, kind, at, seq, coalesce(was_served, 0) AS was_served,
               count(*) FILTER (WHERE kind = 'started') OVER (PARTITION BY visit_id ORDER BY seq
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS leg
        FROM event
    ),
    leg AS (
        SELECT visit_id, leg, max(at) FILTER (WHERE kind = 'started') AS started_at,
               (array_agg(at ORDER BY seq DESC) FILTER (WHERE kind = 'called'))[1] AS called_at,
               (array_agg(at ORDER BY seq DESC) FILTER (WHERE kind IN ('handed_over', 'returned')))[1] AS queued_at,
               coalesce(sum(extract(epoch FROM at)) FILTER (WHERE kind = 'returned'), 0)
                   - coalesce(sum(extract(epoch FROM at)) FILTER (WHERE kind = 'paused'), 0) AS paused_seconds
        FROM marked GROUP BY visit_id, leg
    ),
    served AS (SELECT DISTINCT visit_id FROM event WHERE kind = 'started'),
    wait AS (
        SELECT v.point_id, v."on", leg.leg, CASE WHEN leg.leg = 0
            THEN extract(epoch FROM coalesce(leg.called_at, leg.started_at) - v.arrived_at) - leg.paused_seconds
            ELSE extract(epoch FROM coalesce(leg.called_at, leg.started_at) - leg.queued_at) END AS seconds
        FROM leg JOIN visit v ON v.id = leg.visit_id
        WHERE leg.started_at IS NOT NULL AND v.state <> 'ended' AND (leg.leg = 0 OR leg.queued_at IS NOT NULL)
    ),
    link AS (
        SELECT l.visit_id, coalesce(c.municipality_id, '{NONE_TOLD}') AS municipality
        FROM visits_visitclient l JOIN clients_client c ON c.id = l.client_id WHERE l.ended_at IS NULL
        UNION ALL SELECT o.visit_id, coalesce(o.municipality_id, '{NONE_TOLD}') FROM visits_visitonceknown o
        WHERE NOT EXISTS (SELECT 1 FROM visits_visitclient l WHERE l.visit_id = o.visit_id AND l.ended_at IS NULL)
    ),
    encounter AS (SELECT id, visit_id, started_at FROM visits_encounter WHERE undone_at IS NULL),
    sitting AS (
        SELECT e.visit_id, count(DISTINCT p.membership_id) AS colleagues,
               count(DISTINCT p.profession_id) AS professions,
               row_number() OVER (PARTITION BY e.visit_id ORDER BY e.started_at, e.id) AS place
        FROM encounter e LEFT JOIN visits_participation p ON p.encounter_id = e.id AND p.undone_at IS NULL
        GROUP BY e.id, e.visit_id, e.started_at
    ),
    joint AS (
        SELECT visit.point_id, visit."on", sitting.* FROM visit JOIN sitting ON sitting.visit_id = visit.id
        WHERE colleagues > 1
    ),
    part AS (
        SELECT e.visit_id, count(DISTINCT p.profession_id) AS professions,
               count(DISTINCT p.organisation_id) AS organisations
        FROM encounter e JOIN visits_participation p ON p.encounter_id = e.id
        WHERE p.undone_at IS NULL
        GROUP BY e.visit_id
    ),
    referral AS (
        SELECT point_id, (sent_at AT TIME ZONE 'Europe/Helsinki')::date AS "on", status,
               organisation_id::text AS recipient, answered_at IS NOT NULL AS is_answered
        FROM clients_referral WHERE status NOT IN ('withdrawn', 'draft')
    )
"""  # noqa: S608 - only our own constants are put in

# Each line: figure, part, and from which of the rows above.
_FIGURES = f"""
    SELECT point_id, "on", 'visits' AS figure, 'all' AS part FROM visit
    UNION ALL SELECT point_id, "on", 'party', party FROM visit
    UNION ALL SELECT point_id, "on", 'hour', to_char(arrived_at AT TIME ZONE 'Europe/Helsinki', 'HH24') FROM visit
    UNION ALL SELECT point_id, "on", 'topic', topic FROM visit
    UNION ALL SELECT point_id, "on", 'language', language FROM visit
    UNION ALL SELECT point_id, "on", 'situation', situation FROM visit
    UNION ALL SELECT point_id, "on", 'age_band', age_band FROM visit
    UNION ALL SELECT point_id, "on", 'source', source FROM visit WHERE source IS NOT NULL
    UNION ALL SELECT point_id, "on", 'money_advice', money_advice FROM visit WHERE money_advice <> ''
    UNION ALL SELECT point_id, "on", 'identity', CASE WHEN link.visit_id IS NULL THEN 'anonymous' ELSE 'known' END
        FROM visit LEFT JOIN link ON link.visit_id = visit.id
    UNION ALL SELECT point_id, "on", 'municipality', municipality FROM visit JOIN link ON link.visit_id = visit.id
    UNION ALL SELECT point_id, "on", 'topic_any', code FROM (
        SELECT visit.id, visit.point_id, visit."on", visit.topic AS code FROM visit
        UNION SELECT visit.id, visit.point_id, visit."on", topic.code
        FROM visit JOIN visits_visittopic further ON further.visit_id = visit.id
        JOIN team_topic topic ON topic.id = further.topic_id) AS spoken_of
    UNION ALL SELECT point_id, "on", 'result', result FROM visit WHERE state = 'done' AND result IS NOT NULL
    UNION ALL SELECT point_id, "on", 'encounters', least(count(*), 9)::text
        FROM visit JOIN encounter ON encounter.visit_id = visit.id GROUP BY visit.id, point_id, "on"
    UNION ALL SELECT point_id, "on", 'multi_professional', 'all'
        FROM visit JOIN part ON part.visit_id = visit.id WHERE professions > 1 OR organisations > 1
    UNION ALL SELECT point_id, "on", 'joint', 'visits' FROM joint GROUP BY visit_id, point_id, "on"
    UNION ALL SELECT point_id, "on", 'joint', 'encounters' FROM joint
    UNION ALL SELECT point_id, "on", 'joint', 'parts' FROM joint CROSS JOIN generate_series(1, colleagues)
    UNION ALL SELECT point_id, "on", 'joint', 'start' FROM joint WHERE place = 1 AND professions > 1
    UNION ALL SELECT point_id, "on", 'served', 'all' FROM visit JOIN served ON served.visit_id = visit.id
    UNION ALL SELECT point_id, "on", 'ended_at_night', 'all' FROM visit WHERE state = 'ended'
    UNION ALL SELECT point_id, "on", 'left_unserved', 'all'
        FROM visit LEFT JOIN served ON served.visit_id = visit.id WHERE state = 'left' AND served.visit_id IS NULL
    UNION ALL SELECT point_id, "on", CASE WHEN leg = 0 THEN 'wait_minutes' ELSE 'further_wait_minutes' END,
        greatest(0, least({LONGEST_MINUTES}, trunc(seconds / 60)))::int::text FROM wait
    UNION ALL SELECT point_id, "on", 'referral', 'sent' FROM referral
    UNION ALL SELECT point_id, "on", 'referral_to', recipient FROM referral
    UNION ALL SELECT point_id, "on", 'referral', CASE WHEN status = 'declined' THEN status ELSE 'received' END
        FROM referral WHERE is_answered
    UNION ALL SELECT point_id, "on", 'referral', 'answered' FROM referral WHERE is_answered
    UNION ALL SELECT point_id, "on", 'referral', 'ended' FROM referral WHERE status = 'ended'
    UNION ALL SELECT point_id, "on", 'referral_answered', recipient FROM referral WHERE is_answered
    UNION ALL SELECT point_id, "on", 'response', language || ':' || mode FROM feedback_response
    UNION ALL SELECT point_id, "on", 'face', answer.key || ':' || language || ':' || mode || ':' || answer.value
        FROM feedback_response CROSS JOIN LATERAL jsonb_each_text(faces) AS answer
"""  # noqa: S608 - only our own constants are put in

_DIFFERENCES = f"""
    WITH {_HOLDING}, counted AS (
        SELECT point_id, "on", figure, part, count(*) AS n FROM ({_FIGURES}) AS told GROUP BY 1, 2, 3, 4
    )
    SELECT point_id, "on", figure, part, coalesce(counted.n, 0), coalesce(kept.n, 0)
    FROM counted FULL JOIN (SELECT point_id, "on", figure, part, n FROM reports_dailyfigure) AS kept
        USING (point_id, "on", figure, part)
    WHERE counted.n IS DISTINCT FROM kept.n
      AND "on" >= CASE WHEN figure = ANY (%(of_people)s) THEN %(people)s ELSE %(visits)s END
    ORDER BY "on", point_id, figure, part
"""  # noqa: S608 - only our own constants are put in


@dataclass(frozen=True, slots=True)
class Horizon:
    """Since when the rows are still there: a figure outlives what it was counted from, and stays as it was."""

    visits: date
    people: date

    @classmethod
    def on(cls, today: date) -> Horizon:
        """By what the models promise (see tyoparkki.purge)."""
        days = {model: model.retention.days or 0 for model in (Visit, Client)}
        return cls(*(today - timedelta(days=days[model]) for model in (Visit, Client)))


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure whose rollup is not what the rows say."""

    point: UUID
    on: date
    figure: str
    part: str
    counted: int
    kept: int

    def __str__(self) -> str:
        return f"{self.on} {self.point} {self.figure}/{self.part}: rows say {self.counted}, kept {self.kept}"

    @property
    def plain(self) -> dict[str, Any]:
        """The same for JSON."""
        return {**asdict(self), "point": str(self.point), "on": self.on.isoformat()}


_REBUILD = f"""
    WITH {_HOLDING}
    INSERT INTO reports_dailyfigure (point_id, "on", figure, part, n)
    SELECT point_id, "on", figure, part, count(*) FROM ({_FIGURES}) AS told GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - only our own constants are put in


def rebuild(*, at: datetime, using: str) -> None:
    """All rollups anew in one statement, in the caller's transaction: for data that were written in bulk."""
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM reports_dailyfigure")
        cursor.execute("DELETE FROM reports_aggregatedday")
        cursor.execute(_REBUILD)
        cursor.execute(
            'INSERT INTO reports_aggregatedday (point_id, "on", counted_at)'
            ' SELECT DISTINCT point_id, "on", %s::timestamptz FROM reports_dailyfigure',
            [at],
        )


def differences(*, using: str = "stats") -> list[Difference]:
    """Every figure of every point and day that is not equal to a fresh count of the rows that are still kept."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        since = Horizon.on(clock.local_date(clock.now()))
        given: dict[str, Any] = {"of_people": list(OF_PEOPLE), "people": since.people, "visits": since.visits}
        cursor.execute(_DIFFERENCES, given)
        return [Difference(*row) for row in cursor.fetchall()]
