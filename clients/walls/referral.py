"""Who sees and moves a referral: those who sent it and those who received it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.link import opens_receipt, opens_referral
from clients.walls.recusal import NEAR
from tyoparkki.walls import (
    ASKED,
    KIND,
    LINK,
    MEMBERSHIP,
    ORGANISATION,
    POINT,
    TODAY,
    USER,
    Wall,
    all_of,
    any_of,
    may,
)

# A draft is its sender's alone; once sent it never becomes one again.
_SENT_OR_RECEIVED = any_of(f"organisation_id = {ORGANISATION} AND status <> 'draft'", f"sender_id = {MEMBERSHIP}")
# Of somebody near to the actor only what would be nobody's otherwise: what the actor sent, until the day on which it
# was closed is over, and what came where no colleague of the organisation may answer it.
NOT_NEAR = any_of(
    f"client_id IS NULL OR client_id NOT IN ({NEAR})",
    f"sender_id = {MEMBERSHIP} AND (next_actor <> 'nobody' OR NOT clients_was_closed(id, {TODAY}))",
    f"""organisation_id = {ORGANISATION} AND status <> 'draft'
        AND NOT clients_others_answer(client_id, {ORGANISATION}, {USER}, {TODAY})""",
)
_OURS = all_of(may("guide"), _SENT_OR_RECEIVED, NOT_NEAR)
# Whoever holds the person's own receipt is told how the person's referrals stand; a draft has not left anybody's hands.
_TOLD_TO_PERSON = all_of("status <> 'draft'", opens_receipt("clients_referral.client_id"))
# The clock reminds of referrals and ends those that nobody answered; whose they are it need not know.
_CLOCK = f"{KIND} = 'system'"

WALLS = {
    "clients_referral": Wall(
        see=any_of(_OURS, opens_referral("clients_referral.id"), _TOLD_TO_PERSON, _CLOCK),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"sender_id = {MEMBERSHIP}",
            f"sender_organisation_id = {ORGANISATION}",
            "client_id IS NULL OR EXISTS (SELECT 1 FROM clients_client named WHERE named.id = client_id)",
        ),
        change=any_of(all_of(may("guide"), _SENT_OR_RECEIVED), opens_referral("clients_referral.id"), _CLOCK),
        # What visibility hangs on (whose it is, from whom, to whom) does not change.
        only=(
            "status",
            "next_actor",
            "next_on",
            "answered_at",
            "sent_at",
            "refusal_id",
            "result_id",
            "meeting_at",
            "meeting_place",
        ),
    ),
    "clients_referralevent": Wall(
        see="EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)",
        add=all_of(
            f"by_id IS NOT DISTINCT FROM {MEMBERSHIP} AND link_id IS NOT DISTINCT FROM {LINK}",
            "EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)",
        ),
        change=f"""EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id
            AND ({_SENT_OR_RECEIVED} OR {opens_referral("moved.id")}))""",
        only=("undone_at",),
    ),
}

# Whether a referral came to its end before a day. And how long a pair of organisations takes, for who leads the point:
# numbers only, no key of a referral or a person.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_was_closed(referral uuid, today date) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_referralevent moved WHERE moved.referral_id = referral
        AND moved.undone_at IS NULL AND (moved.at AT TIME ZONE 'Europe/Helsinki')::date < today
        AND moved.status IN ('ended', 'withdrawn', 'client_withdrew'))
$$;

CREATE OR REPLACE FUNCTION clients_referral_pairs(since timestamptz)
    RETURNS TABLE (sender uuid, recipient uuid, sent int, contacted int, days int, ended int, closed int, oldest date)
    {ASKED} AS $$
    SELECT made.sender_organisation_id, made.organisation_id, count(*)::int, count(first.at)::int,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY (first.at AT TIME ZONE 'Europe/Helsinki')::date
            - (made.sent_at AT TIME ZONE 'Europe/Helsinki')::date),
        (count(*) FILTER (WHERE made.status = 'ended'))::int,
        (count(*) FILTER (WHERE made.status IN ('ended', 'declined', 'client_withdrew', 'lapsed')))::int,
        min((made.sent_at AT TIME ZONE 'Europe/Helsinki')::date)
            FILTER (WHERE made.status IN ('sent', 'self', 'received', 'contacted', 'started'))
    FROM clients_referral made
    LEFT JOIN LATERAL (SELECT min(moved.at) AS at FROM clients_referralevent moved WHERE moved.referral_id = made.id
        AND moved.undone_at IS NULL AND moved.status IN ('contacted', 'started', 'ended')) first ON true
    WHERE tp_may('see_reports') AND made.point_id = tp_point() AND made.sent_at >= since
        AND made.status NOT IN ('draft', 'withdrawn')
    GROUP BY made.sender_organisation_id, made.organisation_id
$$;
"""
