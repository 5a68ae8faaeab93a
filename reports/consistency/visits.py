"""What must always be true of visits, their numbers and encounters."""

from reports.consistency.rule import Invariant

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
        "A visit's topic, situation, age band, source and result are words of its own service point.",
        """SELECT v.id FROM visits_visit v JOIN team_topic t ON t.id = v.topic_id
           LEFT JOIN team_term s ON s.id = v.situation_id LEFT JOIN team_term a ON a.id = v.age_band_id
           LEFT JOIN team_term r ON r.id = v.result_id LEFT JOIN team_term h ON h.id = v.source_id
           WHERE t.point_id <> v.point_id OR s.point_id <> v.point_id OR a.point_id <> v.point_id
              OR r.point_id <> v.point_id OR s.kind <> 'situation' OR a.kind <> 'age_band' OR r.kind <> 'result'
              OR h.point_id <> v.point_id OR h.kind <> 'source'""",
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
)
