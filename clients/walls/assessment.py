"""Who knows what a person says of their own situation, and who writes it down."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from clients.walls.link import asks, told_by_link
from tyoparkki.walls import ASKED, KIND, MEMBERSHIP, POINT, Wall, all_of, any_of, may

_MOVES = ASKED.replace("LANGUAGE sql STABLE", "LANGUAGE plpgsql VOLATILE")

# A service ended for somebody who was referred to it: whoever closes the referral plans the question, though the
# person's file stays closed. Which referrals the actor may know of, their own wall says.
_REFERRED = """EXISTS (SELECT 1 FROM clients_referral ended WHERE ended.client_id = clients_assessmentask.client_id
    AND ended.service_id IS NOT DISTINCT FROM clients_assessmentask.service_id)"""


# Read by those who guide: where the file is kept, who also write, and where the person tells of it; by a link that was
# given for a referral, as the person tells; and by the link with which the person answers.
def _read(row: str) -> str:
    client = f"{row}.client_id"
    return any_of(
        all_of(may("guide"), any_of(kept(client), told(client, "assessments"))),
        told_by_link(client, "assessments"),
        asks(f"asked.link_id = {row}.link_id"),
    )


# What hangs on an assessment asks these, and not the assessment's own wall.
VIEWS = {
    "clients_assessment_read": f"""
        SELECT said.id AS assessment_id FROM clients_selfassessment said WHERE {_read("said")}""",
    "clients_assessment_written": f"""
        SELECT mine.id AS assessment_id FROM clients_selfassessment mine
        WHERE mine.recorded_by_id = {MEMBERSHIP} AND mine.undone_at IS NULL AND {kept("mine.client_id")}""",
    "clients_assessment_asked": """
        SELECT said.id AS assessment_id FROM clients_asked asked
        JOIN clients_selfassessment said ON said.link_id = asked.link_id
        WHERE said.undone_at IS NULL AND asked.is_open""",
}


def _in(view: str) -> str:
    """The row belongs to an assessment of the view."""
    return f"EXISTS (SELECT 1 FROM {view} WHERE {view}.assessment_id = clients_areascore.assessment_id)"


# Whoever holds a link with questions answers them once, in the name of who made it, and reads the own answers.
_BEGUN_BY_LINK = all_of(
    "how = 'link' AND undone_at IS NULL",
    asks("""asked.link_id = clients_selfassessment.link_id AND asked.client_id = clients_selfassessment.client_id
        AND asked.version_id = clients_selfassessment.version_id AND asked.point_id = clients_selfassessment.point_id
        AND asked.maker_id = clients_selfassessment.recorded_by_id"""),
)
_SCORE_BY_LINK = f"{KIND} = 'link' AND {_in('clients_assessment_asked')}"
_ASK_BY_LINK = asks("asked.ask_id = clients_assessmentask.id")

# The end of a service was taken back: whoever took it back ends the questions that it planned, in the same moment. They
# may be somebody who sees nothing of the person's file.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_unask(of_referral uuid, moment timestamptz) RETURNS SETOF uuid {_MOVES} AS $$
BEGIN
    RETURN QUERY UPDATE clients_assessmentask asked SET ended_at = moment
        FROM clients_referral over JOIN clients_referralevent was ON was.referral_id = over.id
        WHERE over.id = of_referral AND (over.organisation_id = tp_organisation() OR over.sender_id = tp_membership())
            AND was.status = 'ended' AND was.undone_at = moment AND asked.planned_at = was.at
            AND asked.client_id = over.client_id AND asked.service_id IS NOT DISTINCT FROM over.service_id
            AND asked.ended_at IS NULL AND asked.assessment_id IS NULL
        RETURNING asked.id;
END $$;
"""

WALLS = {
    "clients_selfassessment": Wall(
        see=_read("clients_selfassessment"),
        add=any_of(
            all_of(
                may("guide"),
                f"point_id = {POINT}",
                f"recorded_by_id = {MEMBERSHIP}",
                "undone_at IS NULL AND link_id IS NULL",
                kept("clients_selfassessment.client_id"),
            ),
            _BEGUN_BY_LINK,
        ),
        change=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", kept("clients_selfassessment.client_id")),
        only=("undone_at",),
    ),
    # An answer is corrected only while the person holds the tablet or the link.
    "clients_areascore": Wall(
        see=_in("clients_assessment_read"),
        add=any_of(all_of(may("guide"), _in("clients_assessment_written")), _SCORE_BY_LINK),
        change=any_of(
            all_of(
                may("guide"),
                _in("clients_assessment_written"),
                f"""EXISTS (SELECT 1 FROM clients_handoversession turn WHERE turn.opened_by_id = {MEMBERSHIP}
                    AND turn.assessment_id = clients_areascore.assessment_id AND turn.ended_at IS NULL)""",
            ),
            _SCORE_BY_LINK,
        ),
        only=("value",),
    ),
    "clients_assessmentask": Wall(
        see=any_of(all_of(may("guide"), kept("clients_assessmentask.client_id")), _ASK_BY_LINK),
        add=all_of(
            "assessment_id IS NULL AND ended_at IS NULL",
            any_of(f"{may('guide')} AND {kept('clients_assessmentask.client_id')}", _REFERRED),
        ),
        change=any_of(all_of(may("guide"), kept("clients_assessmentask.client_id")), _ASK_BY_LINK),
        only=("assessment_id", "ended_at"),
    ),
}
