"""Who knows who answers for a person, and who moves it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import of_team
from clients.walls.link import opens_receipt
from tyoparkki.walls import ASKED, MEMBERSHIP, POINT, Wall, all_of, any_of, may

_WAITS = "offered.accepted_at IS NULL AND offered.declined_at IS NULL AND offered.withdrawn_at IS NULL"

# Whether somebody must go on answering; told to whoever answers, and to nobody else. How much each colleague has taken
# on, told to whoever plans the shifts: how many people of which rhythm, and never whom. And how guidance ended at the
# actor's point, as numbers without a key of anybody, told to who may see the figures.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_is_planned(client uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_plan WHERE client_id = client AND closed_at IS NULL)
        AND EXISTS (SELECT 1 FROM clients_responsibility WHERE client_id = client
                    AND membership_id = tp_membership() AND ended_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION clients_load() RETURNS TABLE (membership uuid, intensity text, n bigint) {ASKED} AS $$
    SELECT held.membership_id, coalesce(goes_on.intensity, ''), count(*)
    FROM clients_responsibility held
        LEFT JOIN clients_plan goes_on ON goes_on.client_id = held.client_id AND goes_on.closed_at IS NULL
    WHERE held.ended_at IS NULL AND held.point_id = tp_point() AND tp_may('edit_roster')
    GROUP BY held.membership_id, coalesce(goes_on.intensity, '')
$$;

CREATE OR REPLACE FUNCTION clients_endings(since date, until date) RETURNS TABLE (how text, n bigint) {ASKED} AS $$
    SELECT over.ending, count(*) FROM clients_responsibility over
    WHERE tp_may('see_reports') AND over.point_id = tp_point() AND over.ending <> ''
        AND (over.ended_at AT TIME ZONE 'Europe/Helsinki')::date BETWEEN since AND until
    GROUP BY over.ending ORDER BY over.ending
$$;
"""

WALLS = {
    # Who answers for a person is the team's to know. One makes oneself responsible and nobody else; the end is set by
    # the one who answers, or by the colleague to whom it was offered, who takes over in the same transaction.
    "clients_responsibility": Wall(
        see=any_of(of_team("clients_responsibility.client_id"), opens_receipt("clients_responsibility.client_id")),
        add=all_of(
            may("edit_clients"),
            f"membership_id = {MEMBERSHIP}",
            f"since_by_id = {MEMBERSHIP}",
            f"point_id = {POINT}",
            "ended_at IS NULL",
            of_team("clients_responsibility.client_id"),
        ),
        change=all_of(
            may("edit_clients"),
            of_team("clients_responsibility.client_id"),
            any_of(
                f"membership_id = {MEMBERSHIP}",
                f"""EXISTS (SELECT 1 FROM clients_responsibilityoffer offered
                    WHERE offered.client_id = clients_responsibility.client_id AND {_WAITS}
                    AND offered.from_membership_id = clients_responsibility.membership_id
                    AND offered.to_membership_id = {MEMBERSHIP})""",
            ),
        ),
        only=("ended_at", "ending", "end_reason"),
    ),
    # An offer is made by the one who answers now, to a colleague of the same point, and moved by those two alone.
    "clients_responsibilityoffer": Wall(
        see=of_team("clients_responsibilityoffer.client_id"),
        add=all_of(
            may("edit_clients"),
            f"from_membership_id = {MEMBERSHIP}",
            f"to_membership_id IN (SELECT one.id FROM team_membership one WHERE one.point_id = {POINT})",
            "met_at IS NULL AND accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL",
            of_team("clients_responsibilityoffer.client_id"),
            f"""EXISTS (SELECT 1 FROM clients_responsibility held
                WHERE held.client_id = clients_responsibilityoffer.client_id
                AND held.membership_id = {MEMBERSHIP} AND held.ended_at IS NULL)""",
        ),
        change=all_of(
            may("edit_clients"),
            of_team("clients_responsibilityoffer.client_id"),
            any_of(f"from_membership_id = {MEMBERSHIP}", f"to_membership_id = {MEMBERSHIP}"),
        ),
        only=("met_at", "accepted_at", "declined_at", "decline_reason", "withdrawn_at"),
    ),
    # A companion is named by anybody of the team, and ended likewise.
    "clients_companion": Wall(
        see=of_team("clients_companion.client_id"),
        add=all_of(
            may("edit_clients"),
            f"since_by_id = {MEMBERSHIP}",
            f"membership_id IN (SELECT one.id FROM team_membership one WHERE one.point_id = {POINT})",
            "ended_at IS NULL",
            of_team("clients_companion.client_id"),
        ),
        change=all_of(may("edit_clients"), of_team("clients_companion.client_id")),
        only=("ended_at",),
    ),
}
