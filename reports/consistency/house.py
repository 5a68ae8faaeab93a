"""What must always be true of the roster, feedback, figures and the work behind them."""

from reports.consistency.rule import Invariant

INVARIANTS = (
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
