"""Who knows what a person says of their own situation, and who writes it down."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from clients.walls.link import told_by_link
from tyoparkki.walls import MEMBERSHIP, POINT, Wall, all_of, any_of, may

# A service ended for somebody who was referred to it: whoever closes the referral plans the question, though the
# person's file stays closed. Which referrals the actor may know of, their own wall says.
_REFERRED = """EXISTS (SELECT 1 FROM clients_referral ended WHERE ended.client_id = clients_assessmentask.client_id
    AND ended.service_id IS NOT DISTINCT FROM clients_assessmentask.service_id)"""


def _mine(table: str) -> str:
    """The row belongs to an assessment that the actor records."""
    return f"""EXISTS (SELECT 1 FROM clients_selfassessment mine WHERE mine.id = {table}.assessment_id
        AND mine.recorded_by_id = {MEMBERSHIP} AND mine.undone_at IS NULL AND {kept("mine.client_id")})"""


WALLS = {
    # Read by those who guide: where the file is kept, who also write, and where the person tells of it.
    "clients_selfassessment": Wall(
        see=any_of(
            all_of(
                may("guide"),
                any_of(
                    kept("clients_selfassessment.client_id"), told("clients_selfassessment.client_id", "assessments")
                ),
            ),
            told_by_link("clients_selfassessment.client_id", "assessments"),
        ),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"recorded_by_id = {MEMBERSHIP}",
            "undone_at IS NULL",
            kept("clients_selfassessment.client_id"),
        ),
        change=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", kept("clients_selfassessment.client_id")),
        only=("undone_at",),
    ),
    # An answer is corrected only while the person holds the tablet.
    "clients_areascore": Wall(
        see="EXISTS (SELECT 1 FROM clients_selfassessment said WHERE said.id = clients_areascore.assessment_id)",
        add=all_of(may("guide"), _mine("clients_areascore")),
        change=all_of(
            may("guide"),
            _mine("clients_areascore"),
            f"""EXISTS (SELECT 1 FROM clients_handoversession turn WHERE turn.opened_by_id = {MEMBERSHIP}
                AND turn.assessment_id = clients_areascore.assessment_id AND turn.ended_at IS NULL)""",
        ),
        only=("value",),
    ),
    "clients_assessmentask": Wall(
        see=all_of(may("guide"), kept("clients_assessmentask.client_id")),
        add=all_of(
            "assessment_id IS NULL AND ended_at IS NULL",
            any_of(f"{may('guide')} AND {kept('clients_assessmentask.client_id')}", _REFERRED),
        ),
        change=all_of(may("guide"), kept("clients_assessmentask.client_id")),
        only=("assessment_id", "ended_at"),
    ),
}
