"""What must always be true of people on file: consents, plans, who answers, referrals."""

from reports.consistency.rule import Invariant

INVARIANTS = (
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
    Invariant(
        "share_says_to_whom_and_what",
        "A consent to share names one recipient and what may be told; one for a month is to be recorded, and ends.",
        """SELECT id FROM clients_consent WHERE CASE purpose WHEN 'share'
               THEN (recipient_organisation_id IS NULL) = (recipient_point_id IS NULL) OR cardinality(contents) = 0
               ELSE recipient_point_id IS NULL OR recipient_organisation_id IS NOT NULL END
           OR (is_short AND (purpose <> 'record' OR expires_on IS NULL))""",
    ),
    Invariant(
        "merged_is_away",
        "A file that was merged into another is not on file itself.",
        """SELECT m.id FROM clients_mergerecord m JOIN clients_client c ON c.id = m.gone_id
           WHERE m.undone_at IS NULL""",
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
    Invariant(
        "who_is_near_answers_for_nobody",
        "Whoever is marked as own or near does not answer for the person, and is not offered them.",
        """SELECT x.id, x.client_id FROM clients_recusal x JOIN team_membership m ON m.user_id = x.user_id
           WHERE x.ended_at IS NULL AND (
               EXISTS (SELECT 1 FROM clients_responsibility r WHERE r.client_id = x.client_id
                       AND r.membership_id = m.id AND r.ended_at IS NULL)
               OR EXISTS (SELECT 1 FROM clients_responsibilityoffer o WHERE o.client_id = x.client_id
                       AND o.to_membership_id = m.id AND o.accepted_at IS NULL AND o.declined_at IS NULL
                       AND o.withdrawn_at IS NULL))""",
    ),
    Invariant(
        "companion_may_sign_in",
        "Who goes along with somebody may sign in.",
        """SELECT p.id FROM clients_companion p JOIN team_membership m ON m.id = p.membership_id
           JOIN team_user u ON u.id = m.user_id WHERE p.ended_at IS NULL AND NOT u.is_active""",
    ),
    # --- the plan and what follows it
    Invariant(
        "step_is_of_its_plan",
        "A step's goal, and the step that comes after a measure, are of the same plan.",
        """SELECT s.id FROM clients_planstep s LEFT JOIN clients_goal g ON g.id = s.goal_id
           LEFT JOIN clients_planstep n ON n.id = s.next_step_id
           WHERE g.plan_id <> s.plan_id OR n.plan_id <> s.plan_id""",
    ),
    Invariant(
        "approved_version_is_kept",
        "What was approved is kept word for word, with the moment of the approval.",
        """SELECT p.id FROM clients_plan p WHERE p.approved_version IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM clients_planversion v WHERE v.plan_id = p.id AND v.version <= p.approved_version
            AND v.approved_at = p.approved_at AND v.undone_at IS NULL)""",
    ),
    Invariant(
        "reminder_is_of_one_person",
        "A reminder of a plan, a measure or a referral is of the person whose it is.",
        """SELECT m.id FROM clients_reminder m LEFT JOIN clients_plan p ON p.id = m.plan_id
           LEFT JOIN clients_planstep s ON s.id = m.step_id LEFT JOIN clients_referral r ON r.id = m.referral_id
           WHERE p.client_id <> m.client_id OR s.plan_id <> m.plan_id OR r.client_id <> m.client_id""",
    ),
    Invariant(
        "followed_up_is_of_one_person",
        "A follow-up is of the person whose outcome or plan it follows, and none waits for an outcome taken back.",
        """SELECT f.id FROM clients_followup f LEFT JOIN clients_outcome o ON o.id = f.outcome_id
           LEFT JOIN clients_plan p ON p.id = f.plan_id
           WHERE o.client_id <> f.client_id OR p.client_id <> f.client_id
              OR (o.undone_at IS NOT NULL AND f.answered_at IS NULL AND f.ended_at IS NULL)""",
    ),
    Invariant(
        "asked_and_answered_is_of_one_person",
        "An answer to a question that was asked is of the person who was asked.",
        """SELECT k.id FROM clients_assessmentask k JOIN clients_selfassessment a ON a.id = k.assessment_id
           WHERE a.client_id <> k.client_id OR k.ended_at IS NULL""",
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
)
