"""What opens a person to the actor: the consents in force, as conditions that the walls of every table share."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from tyoparkki.walls import MEMBERSHIP, ORGANISATION, POINT, TODAY, may

OPEN = f"withdrawn_at IS NULL AND (expires_on IS NULL OR expires_on >= {TODAY})"
TO_TEAM = f"purpose = 'record' AND recipient_point_id = {POINT}"
TO_US = f"purpose = 'share' AND recipient_organisation_id = {ORGANISATION}"

# The team of the actor's point is who works there today, or answers for somebody whom that team may record.
IN_TEAM = f"""SELECT {POINT} AS point_id WHERE EXISTS (SELECT 1 FROM team_shift turn
            JOIN team_serviceday worked ON worked.id = turn.day_id
            WHERE turn.membership_id = {MEMBERSHIP} AND turn.cancelled_at IS NULL
            AND worked.point_id = {POINT} AND worked."on" = {TODAY})
        OR EXISTS (SELECT 1 FROM clients_responsibility held JOIN clients_consent recorded
            ON recorded.client_id = held.client_id AND recorded.purpose = 'record'
            AND recorded.recipient_point_id = {POINT} AND recorded.withdrawn_at IS NULL
            AND (recorded.expires_on IS NULL OR recorded.expires_on >= {TODAY})
            WHERE held.membership_id = {MEMBERSHIP} AND held.point_id = {POINT} AND held.ended_at IS NULL)"""
# A consent's own wall asks the view, which is the owner's; the view of keys cannot stand on another view.
TO_OUR_TEAM = "purpose = 'share' AND recipient_point_id IN (SELECT point_id FROM clients_in_team)"

# The keys that the actor holds. The view is the owner's: a wall behind a wall would be planned anew at each use.
VIEWS = {
    "clients_key": f"""
        SELECT client_id, purpose = 'record' AS of_team, contents FROM clients_consent
        WHERE {may("see_clients")} AND {OPEN} AND ({TO_TEAM} OR {TO_US}
            OR (purpose = 'share' AND recipient_point_id IN ({IN_TEAM})))""",
    "clients_in_team": IN_TEAM,
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
    return f"""{of_team(client)} AND EXISTS (SELECT 1 FROM clients_client file
        WHERE file.id = {client} AND file.controller_id = {ORGANISATION})"""


def told(client: str, content: str) -> str:
    """The person of this key lets the actor's organisation know of a kind of content."""
    return f"""EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client}
        AND NOT clients_key.of_team AND '{content}' = ANY (clients_key.contents))"""
