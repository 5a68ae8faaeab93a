"""Who reads a plan and who writes in it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from clients.walls.link import opens_receipt, told_by_link
from tyoparkki.walls import MEMBERSHIP, POINT, Wall, all_of, any_of, may


def of_plan(table: str) -> str:
    """The row belongs to a plan that the actor sees."""
    return f"EXISTS (SELECT 1 FROM clients_plan kept WHERE kept.id = {table}.plan_id)"


def of_our_plan(table: str) -> str:
    """The row belongs to the plan of somebody whose file the actor's organisation keeps."""
    return f"""EXISTS (SELECT 1 FROM clients_plan ours WHERE ours.id = {table}.plan_id
        AND {kept("ours.client_id")})"""


WALLS = {
    # A plan is read by those who guide: where the file is kept, who also write in it, and where the person tells of it.
    "clients_plan": Wall(
        see=any_of(
            all_of(may("guide"), any_of(kept("clients_plan.client_id"), told("clients_plan.client_id", "plan"))),
            opens_receipt("clients_plan.client_id"),
            told_by_link("clients_plan.client_id", "plan"),
        ),
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
        only=("reached_at", "ended_at"),
    ),
    "clients_planstep": Wall(
        see=of_plan("clients_planstep"),
        add=all_of(may("guide"), of_our_plan("clients_planstep")),
        change=all_of(may("guide"), of_our_plan("clients_planstep")),
        only=("done_at", "ended_at", "next_step_id", "no_next_reason"),
    ),
    "clients_statutoryplan": Wall(
        see=of_plan("clients_statutoryplan"),
        add=all_of(
            may("guide"), f"recorded_by_id = {MEMBERSHIP}", "ended_at IS NULL", of_our_plan("clients_statutoryplan")
        ),
        change=all_of(may("guide"), of_our_plan("clients_statutoryplan")),
        only=("ended_at",),
    ),
    "clients_planversion": Wall(
        see=of_plan("clients_planversion"),
        add=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", of_our_plan("clients_planversion")),
        change=all_of(may("guide"), of_our_plan("clients_planversion")),
        only=("undone_at",),
    ),
}
