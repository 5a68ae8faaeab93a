"""Who is reminded of what, who notes a contact or a review."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import of_team
from clients.walls.plan import of_our_plan, of_plan
from tyoparkki.walls import ASKED, MEMBERSHIP, ORGANISATION, POINT, Wall, all_of, any_of, may

_SEEN = any_of(
    all_of("audience = 'responsible' AND plan_id IS NULL", of_team("clients_reminder.client_id")),
    all_of("audience = 'responsible' AND plan_id IS NOT NULL", of_plan("clients_reminder")),
    f"audience = 'member' AND membership_id = {MEMBERSHIP}",
    all_of(f"audience = 'organisation' AND organisation_id = {ORGANISATION}", may("guide")),
    # Who leads the point hears how long somebody has waited and who answers; the row names nobody.
    all_of(f"audience = 'manager' AND point_id = {POINT}", may("edit_roster")),
)

# That a need waits for an act is told to nobody who may not see the need.
_KNOWN = all_of(_SEEN, "(kind <> 'need_waits' OR clients_background_seen(subject_id))")

# What was promised to people at the actor's point and how it went: days and kinds, no key of anybody.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_promised(kinds text[], since date)
    RETURNS TABLE (kind text, due_on date, settled_on date, how text) {ASKED} AS $$
    SELECT coalesce(told.promise_id::text, told.kind), told.due_on,
        (told.settled_at AT TIME ZONE 'Europe/Helsinki')::date, told.how
    FROM clients_reminder told WHERE tp_may('see_reports') AND told.point_id = tp_point()
        AND told.kind = ANY (kinds) AND told.due_on >= since
    ORDER BY told.due_on, told.id
$$;
"""

WALLS = {
    # Reminders come by the clock alone, as the role that tidies up; an act settles them.
    "clients_reminder": Wall(see=_KNOWN, change=_KNOWN, only=("settled_at", "settled_by_id", "how")),
    "clients_contactnote": Wall(
        see=of_team("clients_contactnote.client_id"),
        add=all_of(
            may("edit_clients"),
            f"membership_id = {MEMBERSHIP}",
            f"point_id = {POINT}",
            of_team("clients_contactnote.client_id"),
        ),
        change=all_of(may("edit_clients"), f"membership_id = {MEMBERSHIP}", of_team("clients_contactnote.client_id")),
        only=("undone_at",),
    ),
    "clients_planreview": Wall(
        see=of_plan("clients_planreview"),
        add=all_of(may("guide"), f"membership_id = {MEMBERSHIP}", of_our_plan("clients_planreview")),
        change=all_of(may("guide"), f"membership_id = {MEMBERSHIP}", of_our_plan("clients_planreview")),
        only=("undone_at",),
    ),
}
