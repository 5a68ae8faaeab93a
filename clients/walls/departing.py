"""How somebody who sees nobody moves what a colleague holds, by the owner: an administrator for one who leaves, and who
leads the point for one person with whom contact was lost.
"""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from tyoparkki.walls import ASKED

_WAITS = "accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"
_TO_DO = "done_at IS NULL AND ended_at IS NULL"
_OPEN = "next_actor <> 'nobody'"
_MOVES = ASKED.replace("LANGUAGE sql STABLE", "LANGUAGE plpgsql VOLATILE")

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_held_by(leaving uuid[]) RETURNS TABLE (what text, n bigint) {ASKED} AS $$
    SELECT 'responsibility', count(*) FROM clients_responsibility
        WHERE membership_id = ANY (leaving) AND ended_at IS NULL AND tp_may('manage_users')
    UNION ALL SELECT 'offer', count(*) FROM clients_responsibilityoffer
        WHERE (from_membership_id = ANY (leaving) OR to_membership_id = ANY (leaving)) AND {_WAITS}
        AND tp_may('manage_users')
    UNION ALL SELECT 'step', count(*) FROM clients_planstep
        WHERE membership_id = ANY (leaving) AND {_TO_DO} AND tp_may('manage_users')
        AND EXISTS (SELECT 1 FROM clients_plan WHERE clients_plan.id = plan_id AND closed_at IS NULL)
    UNION ALL SELECT 'referral', count(*) FROM clients_referral
        WHERE sender_id = ANY (leaving) AND {_OPEN} AND tp_may('manage_users')
$$;

CREATE OR REPLACE FUNCTION clients_hand_on(leaving uuid[], receiver uuid, moment timestamptz)
    RETURNS TABLE (what text, key text) {_MOVES} AS $$
DECLARE held record;
BEGIN
    IF NOT tp_may('manage_users') OR NOT EXISTS (
        SELECT 1 FROM team_membership taker WHERE taker.id = receiver AND taker.point_id = tp_point()) THEN
        RAISE EXCEPTION 'only an administrator of the point hands on what a leaving colleague holds';
    END IF;
    IF EXISTS (SELECT 1 FROM clients_responsibility theirs
        JOIN clients_recusal barred ON barred.client_id = theirs.client_id
        JOIN team_membership taker ON taker.id = receiver AND taker.user_id = barred.user_id
        WHERE theirs.membership_id = ANY (leaving) AND theirs.ended_at IS NULL AND barred.ended_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'the receiver is barred from one of the files';
    END IF;
    FOR held IN UPDATE clients_responsibility gone SET ended_at = moment
        WHERE gone.membership_id = ANY (leaving) AND gone.ended_at IS NULL AND gone.point_id = tp_point()
        RETURNING gone.client_id LOOP
        INSERT INTO clients_responsibility
            (client_id, membership_id, point_id, since_at, since_by_id, ending, end_reason)
            VALUES (held.client_id, receiver, tp_point(), moment, tp_membership(), '', '')
            RETURNING 'responsibility', id::text INTO what, key;
        RETURN NEXT;
    END LOOP;
    -- What was offered to the one who takes over is accepted by that; the rest goes on in the new hands.
    RETURN QUERY UPDATE clients_responsibilityoffer made SET accepted_at = moment
        WHERE made.from_membership_id = ANY (leaving) AND made.to_membership_id = receiver AND {_WAITS}
        RETURNING 'offer', made.id::text;
    RETURN QUERY UPDATE clients_responsibilityoffer made SET from_membership_id = receiver
        WHERE made.from_membership_id = ANY (leaving) AND {_WAITS} RETURNING 'offer', made.id::text;
    RETURN QUERY UPDATE clients_responsibilityoffer made SET withdrawn_at = moment
        WHERE made.to_membership_id = ANY (leaving) AND made.from_membership_id = receiver AND {_WAITS}
        RETURNING 'offer', made.id::text;
    RETURN QUERY UPDATE clients_responsibilityoffer made SET to_membership_id = receiver
        WHERE made.to_membership_id = ANY (leaving) AND {_WAITS} RETURNING 'offer', made.id::text;
    RETURN QUERY UPDATE clients_planstep agreed SET membership_id = receiver
        WHERE agreed.membership_id = ANY (leaving) AND {_TO_DO} AND EXISTS (
            SELECT 1 FROM clients_plan ours WHERE ours.id = agreed.plan_id AND ours.point_id = tp_point())
        RETURNING 'step', agreed.id::text;
    RETURN QUERY UPDATE clients_referral sent SET sender_id = receiver
        WHERE sent.sender_id = ANY (leaving) AND {_OPEN} AND sent.point_id = tp_point()
        RETURNING 'referral', sent.id::text;
    UPDATE clients_reminder asked SET membership_id = receiver
        WHERE asked.membership_id = ANY (leaving) AND asked.settled_at IS NULL AND asked.point_id = tp_point();
END
$$;

CREATE OR REPLACE FUNCTION clients_assign(told uuid, receiver uuid, moment timestamptz) RETURNS text {_MOVES} AS $$
DECLARE held clients_responsibility; fresh bigint;
BEGIN
    IF NOT tp_may('edit_roster') OR NOT EXISTS (
        SELECT 1 FROM team_membership taker WHERE taker.id = receiver AND taker.point_id = tp_point()) THEN
        RAISE EXCEPTION 'only who leads the point assigns another, of the same point';
    END IF;
    SELECT answers.* INTO held FROM clients_reminder lost
        JOIN clients_responsibility then_held ON then_held.id = lost.responsibility_id
        JOIN clients_responsibility answers ON answers.client_id = then_held.client_id
        WHERE lost.id = told AND lost.kind = 'long_lost' AND lost.point_id = tp_point() AND lost.settled_at IS NULL
        AND answers.ended_at IS NULL AND answers.point_id = tp_point() AND answers.membership_id <> receiver
        AND EXISTS (SELECT 1 FROM clients_consent agreed WHERE agreed.client_id = answers.client_id
            AND agreed.purpose = 'record' AND agreed.recipient_point_id = tp_point() AND agreed.withdrawn_at IS NULL
            AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()))
        FOR UPDATE OF answers;
    IF held.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM clients_recusal barred JOIN team_membership taker ON taker.user_id = barred.user_id
        WHERE barred.client_id = held.client_id AND taker.id = receiver AND barred.ended_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'the receiver is barred from the file';
    END IF;
    UPDATE clients_responsibility SET ended_at = moment WHERE id = held.id;
    INSERT INTO clients_responsibility
        (client_id, membership_id, point_id, since_at, since_by_id, ending, end_reason)
        VALUES (held.client_id, receiver, tp_point(), moment, tp_membership(), '', '') RETURNING id INTO fresh;
    -- What was offered to the one who is assigned is accepted by that; what was offered to another is not any more.
    UPDATE clients_responsibilityoffer SET accepted_at = moment
        WHERE client_id = held.client_id AND to_membership_id = receiver AND {_WAITS};
    UPDATE clients_responsibilityoffer SET withdrawn_at = moment WHERE client_id = held.client_id AND {_WAITS};
    UPDATE clients_reminder SET settled_at = moment, settled_by_id = tp_membership(), how = 'over' WHERE id = told;
    RETURN fresh::text;
END
$$;

CREATE OR REPLACE FUNCTION clients_part(leaving uuid[], moment timestamptz) RETURNS bigint {_MOVES} AS $$
DECLARE ended bigint;
BEGIN
    UPDATE clients_companion beside SET ended_at = moment WHERE tp_may('manage_users')
        AND beside.membership_id = ANY (leaving) AND beside.ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;
"""
