"""Who reads a plan and who writes in it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from clients.walls.link import opens_receipt, told_by_link
from tyoparkki.walls import ASKED, MEMBERSHIP, POINT, Wall, all_of, any_of, may


# A plan is read by those who guide: where the file is kept, who also write in it, and where the person tells of it.
def _read(client: str) -> str:
    return any_of(
        all_of(may("guide"), any_of(kept(client), told(client, "plan"))),
        opens_receipt(client),
        told_by_link(client, "plan"),
    )


# What hangs on a plan asks these, and not the plan's own wall: a wall behind a wall is planned anew at each use.
VIEWS = {
    "clients_plan_read": f"SELECT plan.id AS plan_id FROM clients_plan plan WHERE {_read('plan.client_id')}",
    "clients_plan_kept": f"SELECT plan.id AS plan_id FROM clients_plan plan WHERE {kept('plan.client_id')}",
}


def of_plan(table: str) -> str:
    """The row belongs to a plan that the actor sees."""
    return f"EXISTS (SELECT 1 FROM clients_plan_read WHERE clients_plan_read.plan_id = {table}.plan_id)"


def of_our_plan(table: str) -> str:
    """The row belongs to the plan of somebody whose file the actor's organisation keeps."""
    return f"EXISTS (SELECT 1 FROM clients_plan_kept WHERE clients_plan_kept.plan_id = {table}.plan_id)"


# Of people whom the team still may record: what ends by a day, by who answers, without naming anybody.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_ending_soon(until date)
    RETURNS TABLE (membership uuid, without bigint, explained bigint, first_on date) {ASKED} AS $$
    SELECT held.membership_id, count(*) FILTER (WHERE NOT told.all_said), count(*) FILTER (WHERE told.all_said),
        min(ends.ends_on) FILTER (WHERE NOT told.all_said)
    FROM clients_planstep ends JOIN clients_plan ours ON ours.id = ends.plan_id AND ours.closed_at IS NULL
        LEFT JOIN clients_responsibility held ON held.client_id = ours.client_id AND held.ended_at IS NULL
        LEFT JOIN clients_planstep follows ON follows.id = ends.next_step_id AND follows.ended_at IS NULL
        CROSS JOIN LATERAL (SELECT follows.id IS NOT NULL OR ends.no_next_reason <> '' AS all_said) told
    WHERE tp_may('edit_roster') AND ours.point_id = tp_point() AND ends.ends_on <= until
        AND ends.done_at IS NULL AND ends.ended_at IS NULL AND EXISTS (SELECT 1 FROM clients_consent recorded
            WHERE recorded.client_id = ours.client_id AND recorded.purpose = 'record'
            AND recorded.recipient_point_id = ours.point_id
            AND recorded.withdrawn_at IS NULL
            AND (recorded.expires_on IS NULL OR recorded.expires_on >= tp_today()))
    GROUP BY held.membership_id
$$;
"""

WALLS = {
    "clients_plan": Wall(
        see=_read("clients_plan.client_id"),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"opened_by_id = {MEMBERSHIP}",
            kept("clients_plan.client_id"),
        ),
        change=all_of(may("guide"), kept("clients_plan.client_id")),
        only=(
            "intensity",
            "phase",
            "phase_since_at",
            "version",
            "approved_version",
            "approved_at",
            "approved_how",
            "approved_by_id",
            "closed_at",
            "closed_by_id",
            "ending",
            "result",
            "summary",
        ),
    ),
    "clients_goal": Wall(
        see=of_plan("clients_goal"),
        add=all_of(may("guide"), of_our_plan("clients_goal")),
        change=all_of(may("guide"), of_our_plan("clients_goal")),
        only=("words", "reached_at", "ended_at"),
    ),
    "clients_planstep": Wall(
        see=of_plan("clients_planstep"),
        add=all_of(may("guide"), of_our_plan("clients_planstep")),
        change=all_of(may("guide"), of_our_plan("clients_planstep")),
        only=("by_on", "done_at", "ended_at", "next_step_id", "no_next_reason", "followed_at"),
    ),
    "clients_statutoryplan": Wall(
        see=of_plan("clients_statutoryplan"),
        add=all_of(
            may("guide"), f"recorded_by_id = {MEMBERSHIP}", "ended_at IS NULL", of_our_plan("clients_statutoryplan")
        ),
        change=all_of(may("guide"), of_our_plan("clients_statutoryplan")),
        only=("ended_at", "status", "status_at", "sent_on", "confirmed_on", "confirmer"),
    ),
    "clients_planversion": Wall(
        see=of_plan("clients_planversion"),
        add=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", of_our_plan("clients_planversion")),
        change=all_of(may("guide"), of_our_plan("clients_planversion")),
        only=("undone_at",),
    ),
}
