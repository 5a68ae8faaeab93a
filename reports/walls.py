"""What the figures may ask of walled rows: numbers and days, no key of anybody. The figures have no walled table."""

from __future__ import annotations

from tyoparkki.walls import ASKED, Wall

_MONTH = "date_trunc('month', {moment} AT TIME ZONE 'Europe/Helsinki')::date"

# Whoever took the consent back is in no figure of what they said or planned.
_RECORDED = """EXISTS (SELECT 1 FROM clients_consent agreed
        WHERE agreed.client_id = {client} AND agreed.purpose = 'record'
        AND agreed.recipient_point_id = {point} AND agreed.withdrawn_at IS NULL
        AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()))"""


def monthly(since: str) -> str:
    """One row each: whose, where, in which month, and as what it counts; of visits since a moment, in SQL.

    A contact counts once. Of the questions on digital services a person's first answers count, so that a person counts
    once and a later answer changes no month. A visit is of the same colleague when one of those who met the person was
    there the time before, within a year.
    """
    return _ROWS.replace("{since}", since)


_ROWS = f"""
    SELECT note.client_id, note.point_id, {_MONTH.format(moment="note.at")} AS month, 'contact' AS figure,
        note.mode AS part
    FROM clients_contactnote note WHERE note.undone_at IS NULL
    UNION ALL
    SELECT told.client_id, told.point_id, {_MONTH.format(moment="told.filled_at")}, 'digital',
        CASE WHEN told.least < 2 THEN 'assisted' ELSE 'alone' END
    FROM (
        SELECT DISTINCT ON (said.client_id, said.point_id) said.client_id, said.point_id, said.filled_at, answers.least
        FROM clients_selfassessment said
            JOIN clients_instrumentversion asked ON asked.id = said.version_id
            JOIN clients_instrument tool ON tool.id = asked.instrument_id AND tool.key = 'digi'
            CROSS JOIN LATERAL (
                SELECT min(value) AS least FROM clients_areascore WHERE assessment_id = said.id) AS answers
        WHERE said.undone_at IS NULL AND answers.least IS NOT NULL
            AND {_RECORDED.format(client="said.client_id", point="said.point_id")}
        ORDER BY said.client_id, said.point_id, said.filled_at, said.id
    ) AS told
    UNION ALL
    SELECT met.client_id, met.point_id, {_MONTH.format(moment="met.started_at")}, 'continuity',
        CASE WHEN met.colleagues && met.before THEN 'same' ELSE 'other' END
    FROM (
        SELECT visited.*, lag(visited.colleagues) OVER line AS before, lag(visited.started_at) OVER line AS before_at
        FROM (
            SELECT link.client_id, visit.point_id, visit.id, min(sitting.started_at) AS started_at,
                array_agg(DISTINCT part.membership_id) AS colleagues
            FROM visits_visitclient link JOIN visits_visit visit ON visit.id = link.visit_id
                JOIN visits_encounter sitting ON sitting.visit_id = visit.id AND sitting.undone_at IS NULL
                JOIN visits_participation part ON part.encounter_id = sitting.id AND part.undone_at IS NULL
            WHERE link.ended_at IS NULL AND visit.state <> 'undone' AND visit.arrived_at >= {{since}}
            GROUP BY link.client_id, visit.point_id, visit.id
        ) AS visited
        WINDOW line AS (PARTITION BY visited.client_id, visited.point_id ORDER BY visited.started_at, visited.id)
    ) AS met
    WHERE met.before_at >= met.started_at - interval '365 days'
"""  # noqa: S608 - only our own constants are put in

# A breach is told by a key from which the reminder's own cannot be read back: its cause outlives the reminder as
# nobody's. It is explained by who leads the point, and by whoever answers for the person.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION reports_monthly(since date, until date)
    RETURNS TABLE (figure text, part text, n bigint) {ASKED} AS $$
    SELECT told.figure, told.part::text, count(*) FROM ({monthly("since - 400")}) AS told
    WHERE tp_may('see_reports') AND told.point_id = tp_point() AND told.month BETWEEN since AND until
    GROUP BY told.figure, told.part::text ORDER BY told.figure, told.part::text
$$;

CREATE OR REPLACE FUNCTION reports_lengths(since date, until date)
    RETURNS TABLE (n bigint, minutes double precision) {ASKED} AS $$
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM sitting.ended_at - sitting.started_at) / 60)
    FROM visits_encounter sitting JOIN visits_visit visit ON visit.id = sitting.visit_id
        JOIN team_serviceday held ON held.id = visit.day_id
    WHERE tp_may('see_reports') AND visit.point_id = tp_point() AND held."on" BETWEEN since AND until
        AND sitting.undone_at IS NULL AND sitting.ended_at IS NOT NULL AND visit.state NOT IN ('undone', 'ended')
$$;

CREATE OR REPLACE FUNCTION reports_phases()
    RETURNS TABLE (template text, phase text, days integer, n bigint) {ASKED} AS $$
    SELECT goes_on.template, goes_on.phase,
        tp_today() - (coalesce(goes_on.phase_since_at, goes_on.opened_at) AT TIME ZONE 'Europe/Helsinki')::date,
        count(*)
    FROM clients_plan goes_on
    WHERE tp_may('see_reports') AND goes_on.point_id = tp_point() AND goes_on.closed_at IS NULL
        AND {_RECORDED.format(client="goes_on.client_id", point="goes_on.point_id")}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
$$;

CREATE OR REPLACE FUNCTION reports_breaches(kinds text[], since date)
    RETURNS TABLE (key uuid, kind text, due_on date, settled_on date, how text) {ASKED} AS $$
    SELECT substr(encode(sha256(convert_to('breach ' || told.id::text, 'UTF8')), 'hex'), 1, 32)::uuid,
        coalesce(told.promise_id::text, told.kind), told.due_on,
        (told.settled_at AT TIME ZONE 'Europe/Helsinki')::date, told.how
    FROM clients_reminder told
    WHERE tp_may('see_reports') AND told.point_id = tp_point() AND told.kind = ANY (kinds) AND told.due_on >= since
        AND (tp_may('edit_roster') OR EXISTS (SELECT 1 FROM clients_responsibility held
            WHERE held.client_id = told.client_id AND held.membership_id = tp_membership() AND held.ended_at IS NULL))
    ORDER BY told.due_on, told.id
$$;
"""  # noqa: S608 - only our own constants are put in

WALLS: dict[str, Wall] = {}
VIEWS: dict[str, str] = {}
ALSO_SEEN: dict[str, str] = {}
