"""What must always be true of the whole database: named invariants, each a query that answers with what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connections, transaction

from feedback.models import DeviceDay
from reports.recount import Horizon
from tyoparkki import clock

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule in plain words; its query selects the rows that break it, the key first.

    Each `%(name)s` stands for the day since when such rows are kept (see `_since`).
    """

    code: str
    meaning: str
    query: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, with how many rows break it and the first of them."""

    code: str
    meaning: str
    count: int
    rows: list[list[str]] = field(default_factory=list)


# The last event that moved a visit and was not undone.
_LAST = """
    SELECT DISTINCT ON (e.visit_id) e.visit_id, e.kind FROM visits_visitevent e
    WHERE e.kind IN ('arrived', 'called', 'recalled', 'no_show', 'started', 'paused', 'returned', 'put_back',
                     'handed_over', 'finished', 'left', 'ended')
      AND NOT EXISTS (SELECT 1 FROM visits_visitevent u WHERE u.undoes_id = e.id)
    ORDER BY e.visit_id, e.id DESC
"""
_HOLDS = "NOT EXISTS (SELECT 1 FROM visits_visitevent u WHERE u.undoes_id = e.id)"

INVARIANTS = (
    # --- visits and their course
    Invariant(
        "visit_arrived_once",
        "Every visit has one arrival in its course.",
        """SELECT v.id FROM visits_visit v LEFT JOIN visits_visitevent e ON e.visit_id = v.id AND e.kind = 'arrived'
           GROUP BY v.id HAVING count(e.id) <> 1""",
    ),
    Invariant(
        "visit_state_is_last_event",
        "A visit's state is what its last event that was not undone made it.",
        f"""SELECT v.id, v.state, last.kind FROM visits_visit v LEFT JOIN ({_LAST}) AS last ON last.visit_id = v.id
           WHERE v.state <> CASE last.kind WHEN 'arrived' THEN 'waiting' WHEN 'called' THEN 'called'
               WHEN 'recalled' THEN 'called' WHEN 'no_show' THEN 'left' WHEN 'started' THEN 'in_service'
               WHEN 'paused' THEN 'paused' WHEN 'returned' THEN 'waiting' WHEN 'put_back' THEN 'waiting'
               WHEN 'handed_over' THEN 'waiting' WHEN 'finished' THEN 'done' WHEN 'left' THEN 'left'
               WHEN 'ended' THEN 'ended' ELSE 'undone' END""",  # noqa: S608 - composed of our own words
    ),
    Invariant(
        "visit_ends_after_arrival",
        "Nobody leaves before arriving.",
        "SELECT id FROM visits_visit WHERE ended_at < arrived_at",
    ),
    Invariant(
        "finished_has_result",
        "A finished visit has its result.",
        "SELECT id FROM visits_visit WHERE state = 'done' AND result_id IS NULL",
    ),
    Invariant(
        "waiting_is_not_called",
        "Who waits or pauses is called to nobody.",
        """SELECT id FROM visits_visit WHERE state IN ('waiting', 'paused')
           AND (called_for_id IS NOT NULL OR called_at IS NOT NULL OR calls <> 0)""",
    ),
    Invariant(
        "called_was_called",
        "Who is called has been called at least once.",
        "SELECT id FROM visits_visit WHERE state = 'called' AND calls < 1",
    ),
    Invariant(
        "visit_words_are_the_points",
        "A visit's topic, situation, age band and result are words of its own service point.",
        """SELECT v.id FROM visits_visit v JOIN team_topic t ON t.id = v.topic_id
           LEFT JOIN team_term s ON s.id = v.situation_id LEFT JOIN team_term a ON a.id = v.age_band_id
           LEFT JOIN team_term r ON r.id = v.result_id
           WHERE t.point_id <> v.point_id OR s.point_id <> v.point_id OR a.point_id <> v.point_id
              OR r.point_id <> v.point_id OR s.kind <> 'situation' OR a.kind <> 'age_band' OR r.kind <> 'result'""",
    ),
    Invariant(
        "visit_day_is_the_points",
        "A visit's service day is its own service point's.",
        "SELECT v.id FROM visits_visit v JOIN team_serviceday d ON d.id = v.day_id WHERE d.point_id <> v.point_id",
    ),
    Invariant(
        "visited_day_is_held",
        "A day with visits was not called off, and says since when it is open.",
        """SELECT DISTINCT d.id FROM team_serviceday d JOIN visits_visit v ON v.day_id = d.id
           WHERE d.state = 'off' OR (d.state IN ('open', 'paused') AND d.opened_at IS NULL)""",
    ),
    Invariant(
        "event_is_the_visits",
        "An event carries its visit's service point and day.",
        """SELECT e.id FROM visits_visitevent e JOIN visits_visit v ON v.id = e.visit_id
           WHERE e.point_id <> v.point_id OR e.day_id <> v.day_id""",
    ),
    Invariant(
        "undo_points_back",
        "An undo points at an earlier event of the same visit, and never at another undo.",
        """SELECT u.id FROM visits_visitevent u JOIN visits_visitevent e ON e.id = u.undoes_id
           WHERE e.visit_id <> u.visit_id OR e.id >= u.id OR e.kind = 'undone'""",
    ),
    # --- numbers
    Invariant(
        "numbers_without_gaps",
        "The numbers of a day's series run from 1 without gaps.",
        """SELECT day_id, letter, count(*), max(number) FROM visits_visit GROUP BY day_id, letter
           HAVING count(*) <> max(number) OR min(number) <> 1""",
    ),
    Invariant(
        "counter_is_highest_number",
        "The counter of a day's series stands at its highest number.",
        """SELECT coalesce(c.day_id, n.day_id), coalesce(c.letter, n.letter), c.last, n.highest
           FROM visits_daycounter c FULL JOIN (SELECT day_id, letter, max(number) AS highest FROM visits_visit
               GROUP BY day_id, letter) AS n ON n.day_id = c.day_id AND n.letter = c.letter
           JOIN team_serviceday d ON d.id = coalesce(c.day_id, n.day_id)
           WHERE c.last IS DISTINCT FROM n.highest AND d."on" >= %(visits)s""",
    ),
    # --- encounters
    Invariant(
        "in_service_has_encounter",
        "A visit is with an advisor exactly when one of its encounters runs.",
        """SELECT v.id, v.state FROM visits_visit v
           LEFT JOIN visits_encounter e ON e.visit_id = v.id AND e.ended_at IS NULL
           WHERE (v.state = 'in_service') <> (e.id IS NOT NULL)""",
    ),
    Invariant(
        "running_encounter_has_somebody",
        "Somebody is in every running encounter.",
        """SELECT e.id FROM visits_encounter e WHERE e.ended_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM visits_participation p WHERE p.encounter_id = e.id AND p.ended_at IS NULL)""",
    ),
    Invariant(
        "nobody_is_in_an_ended_encounter",
        "Nobody's part goes on after the encounter has ended.",
        """SELECT p.id FROM visits_participation p JOIN visits_encounter e ON e.id = p.encounter_id
           WHERE p.ended_at IS NULL AND e.ended_at IS NOT NULL""",
    ),
    Invariant(
        "encounter_times_in_order",
        "An encounter begins after the arrival and ends after its beginning, and so do the parts in it.",
        """SELECT e.id FROM visits_encounter e JOIN visits_visit v ON v.id = e.visit_id
           WHERE e.started_at < v.arrived_at OR e.ended_at < e.started_at
           UNION SELECT p.encounter_id FROM visits_participation p JOIN visits_encounter e ON e.id = p.encounter_id
           WHERE p.joined_at < e.started_at OR p.ended_at < p.joined_at""",
    ),
    Invariant(
        "encounters_are_numbered",
        "A visit's encounters are numbered from 1 without gaps.",
        """SELECT visit_id FROM visits_encounter GROUP BY visit_id HAVING count(*) <> max(sequence)
           OR min(sequence) <> 1""",
    ),
    Invariant(
        "starts_are_encounters",
        "A visit has as many encounters as starts, the undone ones aside.",
        f"""SELECT v.id, starts.n, sittings.n FROM visits_visit v
           LEFT JOIN (SELECT e.visit_id, count(*) AS n FROM visits_visitevent e WHERE e.kind = 'started' AND {_HOLDS}
               GROUP BY e.visit_id) AS starts ON starts.visit_id = v.id
           LEFT JOIN (SELECT visit_id, count(*) AS n FROM visits_encounter WHERE undone_at IS NULL
               GROUP BY visit_id) AS sittings ON sittings.visit_id = v.id
           WHERE starts.n IS DISTINCT FROM sittings.n""",  # noqa: S608 - composed of our own words
    ),
    Invariant(
        "encounter_has_guidance",
        "Every encounter has its record of guidance.",
        """SELECT e.id FROM visits_encounter e LEFT JOIN visits_guidance g ON g.encounter_id = e.id
           WHERE g.encounter_id IS NULL""",
    ),
    Invariant(
        "part_is_the_memberships",
        "A part in an encounter is for the membership's own organisation, at its own service point.",
        """SELECT p.id FROM visits_participation p JOIN team_membership m ON m.id = p.membership_id
           JOIN visits_encounter e ON e.id = p.encounter_id JOIN visits_visit v ON v.id = e.visit_id
           WHERE p.organisation_id <> m.organisation_id OR m.point_id <> v.point_id""",
    ),
    Invariant(
        "open_invitation_has_encounter",
        "A colleague is asked into an encounter that runs, or to go on afterwards with a visitor still in the house.",
        """SELECT i.id FROM visits_invitation i JOIN visits_visit v ON v.id = i.visit_id
           WHERE (i.mode = 'together' AND i.state = 'open' AND v.state <> 'in_service')
              OR (i.mode = 'together' AND i.state = 'promised')
              OR (i.mode = 'after' AND i.state IN ('open', 'promised')
                  AND v.state NOT IN ('waiting', 'called', 'in_service', 'paused'))""",
    ),
    Invariant(
        "who_came_took_part",
        "Who accepted an invitation took part in the visit.",
        """SELECT i.id FROM visits_invitation i WHERE i.state = 'accepted' AND NOT EXISTS
           (SELECT 1 FROM visits_participation p JOIN visits_encounter e ON e.id = p.encounter_id
            WHERE e.visit_id = i.visit_id AND p.membership_id = i.invited_id)""",
    ),
    # --- people
    Invariant(
        "client_agreed_to_be_recorded",
        "Every person on file agreed to be recorded.",
        """SELECT c.id FROM clients_client c WHERE NOT EXISTS
           (SELECT 1 FROM clients_consent s WHERE s.client_id = c.id AND s.purpose = 'record')""",
    ),
    Invariant(
        "consent_was_read",
        "A consent was given to a text of its own purpose; one for a month, to the text that says so.",
        """SELECT s.id FROM clients_consent s JOIN clients_consenttext t ON t.id = s.text_id
           WHERE t.purpose <> CASE WHEN s.is_short THEN 'prospect' ELSE s.purpose END""",
    ),
    Invariant(
        "visit_is_of_a_person_here",
        "A visit belongs to a person of its own service point.",
        """SELECT l.id FROM visits_visitclient l JOIN visits_visit v ON v.id = l.visit_id
           JOIN clients_client c ON c.id = l.client_id WHERE c.point_id <> v.point_id AND l.ended_at IS NULL""",
    ),
    # --- who answers for a person
    Invariant(
        "one_answers_at_a_time",
        "At no moment do two answer for the same person.",
        """SELECT a.client_id, a.id, b.id FROM clients_responsibility a
           JOIN clients_responsibility b ON b.client_id = a.client_id AND b.id > a.id
           AND tstzrange(a.since_at, a.ended_at) && tstzrange(b.since_at, b.ended_at)""",
    ),
    Invariant(
        "who_accepted_answers",
        "Who accepted an offer has answered for the person since that moment, and the one who offered until then.",
        """SELECT o.id FROM clients_responsibilityoffer o WHERE o.accepted_at IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM clients_responsibility old JOIN clients_responsibility new ON new.client_id = old.client_id
            WHERE old.client_id = o.client_id AND old.membership_id = o.from_membership_id
            AND old.ended_at = o.accepted_at AND new.membership_id = o.to_membership_id
            AND new.since_at = o.accepted_at)""",
    ),
    Invariant(
        "offered_by_who_answers",
        "An offer that waits was made by the one who answers for the person.",
        """SELECT o.id FROM clients_responsibilityoffer o
           WHERE o.accepted_at IS NULL AND o.declined_at IS NULL AND o.withdrawn_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM clients_responsibility r WHERE r.client_id = o.client_id
            AND r.membership_id = o.from_membership_id AND r.ended_at IS NULL)""",
    ),
    Invariant(
        "planned_is_in_somebodys_hands",
        "Whoever has an open plan has somebody who answers.",
        """SELECT p.id FROM clients_plan p WHERE p.closed_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM clients_responsibility r WHERE r.client_id = p.client_id AND r.ended_at IS NULL)""",
    ),
    Invariant(
        "who_answers_works_here",
        "Who answers for somebody has a membership that goes on, and may sign in.",
        """SELECT r.id FROM clients_responsibility r JOIN team_membership m ON m.id = r.membership_id
           JOIN team_user u ON u.id = m.user_id WHERE r.ended_at IS NULL AND NOT u.is_active""",
    ),
    Invariant(
        "reminder_once",
        "A reminder is raised on or after the day from which its term is counted, and settled after that.",
        """SELECT id FROM clients_reminder WHERE settled_at < since_at
           OR due_on < (since_at AT TIME ZONE 'Europe/Helsinki')::date - 400""",
    ),
    # --- referrals
    Invariant(
        "referral_status_is_last_event",
        "A referral's status and answer are those of its last event that was not undone.",
        """SELECT r.id, r.status, last.status FROM clients_referral r LEFT JOIN (
               SELECT DISTINCT ON (referral_id) referral_id, status, at FROM clients_referralevent
               WHERE undone_at IS NULL ORDER BY referral_id, id DESC) AS last ON last.referral_id = r.id
           WHERE last.status IS DISTINCT FROM r.status
              OR r.answered_at IS DISTINCT FROM (SELECT min(e.at) FROM clients_referralevent e
                     WHERE e.referral_id = r.id AND e.undone_at IS NULL
                     AND e.status IN ('received', 'contacted', 'started', 'ended', 'declined'))""",
    ),
    Invariant(
        "answered_after_sent",
        "Nobody answers a referral before it is sent.",
        "SELECT id FROM clients_referral WHERE answered_at < sent_at",
    ),
    Invariant(
        "closed_waits_for_nobody",
        "A referral that ended or was withdrawn waits for nobody, and every other one for somebody.",
        """SELECT id FROM clients_referral
           WHERE (status IN ('withdrawn', 'client_withdrew', 'ended')) <> (next_actor = 'nobody')""",
    ),
    Invariant(
        "referral_is_from_its_encounter",
        "A referral was made at the service point of its encounter, by somebody who took part in it; a colleague who "
        "left may have handed it on.",
        """SELECT r.id FROM visits_encounterreferral l JOIN clients_referral r ON r.id = l.referral_id
           JOIN visits_encounter e ON e.id = l.encounter_id JOIN visits_visit v ON v.id = e.visit_id
           WHERE r.point_id <> v.point_id OR NOT EXISTS (SELECT 1 FROM visits_participation p
               WHERE p.encounter_id = e.id AND p.membership_id IN (r.sender_id,
                   (SELECT first.by_id FROM clients_referralevent first WHERE first.referral_id = r.id
                    ORDER BY first.id LIMIT 1)))""",
    ),
    # --- roster
    Invariant(
        "shift_is_on_its_day",
        "A shift begins on its service day, at the membership's own service point.",
        """SELECT s.id FROM team_shift s JOIN team_serviceday d ON d.id = s.day_id
           JOIN team_membership m ON m.id = s.membership_id
           WHERE m.point_id <> d.point_id OR (s.starts_at AT TIME ZONE 'Europe/Helsinki')::date <> d."on" """,
    ),
    Invariant(
        "break_ends_after_it_begins",
        "A break ends after it begins.",
        "SELECT id FROM team_break WHERE ended_at < started_at",
    ),
    # --- feedback
    Invariant(
        "answers_are_counted_by_device",
        "A point's tablets brought as many answers on a day as there are.",
        """SELECT coalesce(a.point_id, b.point_id), coalesce(a."on", b."on"), a.n, b.n FROM
           (SELECT point_id, "on", count(*) AS n FROM feedback_response WHERE mode = 'tablet' GROUP BY 1, 2) AS a
           FULL JOIN (SELECT d.point_id, c."on", sum(c.answers) AS n FROM feedback_deviceday c
               JOIN team_device d ON d.id = c.device_id GROUP BY 1, 2) AS b USING (point_id, "on")
           WHERE a.n IS DISTINCT FROM b.n AND coalesce(a."on", b."on") >= %(devices)s""",
    ),
    Invariant(
        "faces_answer_questions",
        "An answer's faces are from 1 to 5, to questions that were asked.",
        """SELECT r.key, f.key, f.value FROM feedback_response r CROSS JOIN LATERAL jsonb_each_text(r.faces) AS f
           LEFT JOIN feedback_question q ON q.questionnaire_id = r.questionnaire_id AND q.code = f.key
           WHERE q.id IS NULL OR f.value NOT IN ('1', '2', '3', '4', '5')""",
    ),
    Invariant(
        "response_is_the_points",
        "An answer is to a questionnaire of its own service point.",
        """SELECT r.key FROM feedback_response r JOIN feedback_questionnaire q ON q.id = r.questionnaire_id
           WHERE q.point_id <> r.point_id""",
    ),
    # --- figures and the work behind them
    Invariant(
        "figures_equal_the_rows",
        "The counted visits of a day that waits for no counting are as many as there are (recount compares all).",
        """SELECT coalesce(a.point_id, b.point_id), coalesce(a."on", b."on"), a.n, b.n FROM
           (SELECT v.point_id, d."on", count(*) AS n FROM visits_visit v JOIN team_serviceday d ON d.id = v.day_id
            WHERE v.state <> 'undone' GROUP BY 1, 2) AS a
           FULL JOIN (SELECT point_id, "on", n FROM reports_dailyfigure WHERE figure = 'visits') AS b
               USING (point_id, "on")
           WHERE a.n IS DISTINCT FROM b.n AND coalesce(a."on", b."on") >= %(visits)s AND NOT EXISTS
           (SELECT 1 FROM tyoparkki_outbox w WHERE w.task = 'reports.day_changed' AND w.done_at IS NULL
            AND w.dead_at IS NULL AND w.payload ->> 'point' = coalesce(a.point_id, b.point_id)::text
            AND w.payload ->> 'on' = coalesce(a."on", b."on")::text)""",
    ),
    Invariant(
        "figures_have_their_stamp",
        "Every day with figures says when it was counted.",
        """SELECT DISTINCT f.point_id, f."on" FROM reports_dailyfigure f LEFT JOIN reports_aggregatedday a
           ON a.point_id = f.point_id AND a."on" = f."on" WHERE a.id IS NULL""",
    ),
    Invariant(
        "no_work_was_given_up",
        "No piece of work in the outbox was given up.",
        "SELECT id, task, last_error_kind FROM tyoparkki_outbox WHERE dead_at IS NOT NULL",
    ),
)


def broken(*, using: str = "owner") -> list[Broken]:
    """Every invariant that does not hold, as the owner of the tables sees it, all at one and the same moment."""
    found, since = [], _since()
    with _one_moment(using), connections[using].cursor() as cursor:
        for rule in INVARIANTS:
            cursor.execute(rule.query, since)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            if rows:
                shown = [[str(value) for value in row] for row in rows[:SHOWN]]
                found.append(Broken(rule.code, rule.meaning, len(rows), shown))
    return found


def _since() -> dict[str, date]:
    """Since when rows that something is compared with are kept."""
    today = clock.local_date(clock.now())
    return {"visits": Horizon.on(today).visits, "devices": today - timedelta(days=DeviceDay.retention.days or 0)}


@contextmanager
def _one_moment(using: str) -> Iterator[None]:
    """One unchanging view of the database; within somebody's transaction, that one's."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        if outermost:
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
