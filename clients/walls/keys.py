"""What opens a person to the actor: the consents in force, as conditions that the walls of every table share."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from tyoparkki.walls import ASKED, ORGANISATION, POINT, TODAY, may

OPEN = f"withdrawn_at IS NULL AND (expires_on IS NULL OR expires_on >= {TODAY})"
TO_TEAM = f"purpose = 'record' AND recipient_point_id = {POINT}"
TO_US = f"purpose = 'share' AND recipient_organisation_id = {ORGANISATION}"

# The team of the actor's point is who works there today, or answers for somebody whom that team may record. Asked as
# the owner and once a statement: what a key hangs on is planned with everything that asks for the key.
FIRST = f"""
CREATE OR REPLACE FUNCTION clients_is_in_team() RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM team_shift turn JOIN team_serviceday worked ON worked.id = turn.day_id
            WHERE turn.membership_id = tp_membership() AND turn.cancelled_at IS NULL
            AND worked.point_id = tp_point() AND worked."on" = tp_today())
        OR EXISTS (SELECT 1 FROM clients_responsibility held JOIN clients_consent recorded
            ON recorded.client_id = held.client_id AND recorded.purpose = 'record'
            AND recorded.recipient_point_id = tp_point() AND recorded.withdrawn_at IS NULL
            AND (recorded.expires_on IS NULL OR recorded.expires_on >= tp_today())
            WHERE held.membership_id = tp_membership() AND held.point_id = tp_point() AND held.ended_at IS NULL)
$$;
"""
TO_OUR_TEAM = f"purpose = 'share' AND recipient_point_id = {POINT} AND (SELECT clients_is_in_team())"

# The keys that the actor holds. The view is the owner's: a wall behind a wall would be planned anew at each use.
VIEWS = {
    "clients_key": f"""
        SELECT client_id, purpose = 'record' AS of_team, contents FROM clients_consent
        WHERE {may("see_clients")} AND {OPEN} AND ({TO_TEAM} OR {TO_US} OR ({TO_OUR_TEAM}))""",
    # The people whose file the actor's organisation keeps, for the team that the actor is one of.
    "clients_kept": f"""
        SELECT key.client_id FROM clients_key key JOIN clients_client file ON file.id = key.client_id
        WHERE key.of_team AND file.controller_id = {ORGANISATION}""",
}


def known(client: str) -> str:
    """The person of this key let the actor's team record them, or the actor's organisation know of them."""
    return f"EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client})"


def of_team(client: str) -> str:
    """The person of this key let the actor's team record them."""
    return f"EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client} AND clients_key.of_team)"


def tells(client: str, content: str) -> str:
    """The person of this key tells the actor of a kind of content: as one of the team, or because it may be told."""
    return f"""EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client}
        AND (clients_key.of_team OR '{content}' = ANY (clients_key.contents)))"""


def reachable(client: str) -> str:
    """The person of this key lets the actor reach them."""
    return tells(client, "contact")


def kept(client: str) -> str:
    """The actor's organisation keeps the file of this person, for the team that the actor is one of."""
    return f"EXISTS (SELECT 1 FROM clients_kept WHERE clients_kept.client_id = {client})"


def told(client: str, content: str) -> str:
    """The person of this key lets the actor's organisation know of a kind of content."""
    return f"""EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client}
        AND NOT clients_key.of_team AND '{content}' = ANY (clients_key.contents))"""
