"""Whoever has marked a person as own or near sees nothing of the file any more, in any membership."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import of_team
from team.permissions import ROLES, Perm
from tyoparkki.walls import ASKED, MEMBERSHIP, POINT, TODAY, USER, Wall, all_of, any_of, may

# The roles that guide, as the permissions say.
GUIDES = ", ".join(f"'{role}'" for role in sorted(ROLES) if Perm.GUIDE in ROLES[role])


def not_barred(client: str) -> str:
    """The actor has not marked the person of this key as own or near."""
    return f"""NOT EXISTS (SELECT 1 FROM clients_recusal barred
        WHERE barred.client_id = {client} AND barred.user_id = {USER} AND barred.ended_at IS NULL)"""


# Whom the actor has marked, asked once a statement.
NEAR = f"""SELECT barred.client_id FROM clients_recusal barred
    WHERE barred.user_id = {USER} AND barred.ended_at IS NULL"""

# Who answers now for the people from whom somebody is barred: told by the mark, so that the person stays unnamed.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_is_barred(client uuid, membership uuid) RETURNS boolean {ASKED} AS $$
    SELECT tp_may('edit_clients') AND {of_team("client")} AND EXISTS (SELECT 1 FROM clients_recusal barred
        JOIN team_membership colleague ON colleague.user_id = barred.user_id
        WHERE barred.client_id = client AND colleague.id = membership AND barred.ended_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION clients_others_answer(client uuid, ours uuid, person uuid, today date) RETURNS boolean
    {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM team_membership colleague
        JOIN team_user beside ON beside.id = colleague.user_id AND beside.is_active
        JOIN team_organisation house ON house.id = colleague.organisation_id AND house.is_active
        WHERE colleague.organisation_id = ours AND colleague.user_id <> person AND colleague.role IN ({GUIDES})
        AND colleague.valid_from <= today AND (colleague.valid_until IS NULL OR colleague.valid_until >= today)
        AND NOT EXISTS (SELECT 1 FROM clients_recusal barred WHERE barred.client_id = client
            AND barred.user_id = colleague.user_id AND barred.ended_at IS NULL))
$$;

CREATE OR REPLACE FUNCTION clients_answers_beside(recusal uuid) RETURNS uuid {ASKED} AS $$
    SELECT held.membership_id FROM clients_recusal barred JOIN clients_responsibility held
        ON held.client_id = barred.client_id AND held.ended_at IS NULL
    WHERE barred.id = recusal AND barred.point_id = tp_point() AND tp_may('edit_roster')
$$;
"""

_OF_POINT = f"{may('edit_roster')} AND point_id = {POINT}"

WALLS = {
    "clients_recusal": Wall(
        see=any_of(f"user_id = {USER}", _OF_POINT),
        add=all_of(
            may("edit_clients"),
            f"user_id = {USER}",
            f"marked_by_id = {MEMBERSHIP}",
            f"point_id = {POINT}",
            "ended_at IS NULL",
            of_team("clients_recusal.client_id"),
        ),
        # One takes back one's own mark on the same day; later the manager does, with a reason.
        change=any_of(
            _OF_POINT,
            f"user_id = {USER} AND (marked_at AT TIME ZONE 'Europe/Helsinki')::date = {TODAY}",
        ),
        only=("ended_at", "ended_by_id", "end_reason"),
    ),
}
