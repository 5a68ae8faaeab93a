"""Who reads a joint assessment, who leads it, and who writes a part of it."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, told
from clients.walls.recusal import GUIDES
from tyoparkki.walls import ASKED, MEMBERSHIP, POINT, Wall, all_of, any_of, may


# Read by those who guide: where the file is kept, who also lead it, and where the person tells of assessments.
def _read(client: str) -> str:
    return all_of(may("guide"), any_of(kept(client), told(client, "assessments")))


# A part asks these, and not the wall of the assessment. What is concluded is open to nobody's pen.
VIEWS = {
    "clients_joint_read": f"""
        SELECT joint.id AS assessment_id, joint.concluded_at IS NULL AS goes_on
        FROM clients_jointassessment joint WHERE {_read("joint.client_id")}""",
    "clients_joint_led": f"""
        SELECT joint.id AS assessment_id FROM clients_jointassessment joint
        WHERE joint.concluded_at IS NULL AND {kept("joint.client_id")}""",
}

# Whom the person lets take part: of the team that keeps the file, or of whom a consent tells assessments. And whether
# an assessment still goes on, asked by one of its contributors, who holds it so until the own words are written down.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_joint_covers(assessment uuid, contributor uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_jointassessment joint
        JOIN clients_client file ON file.id = joint.client_id
        JOIN clients_consent given ON given.client_id = file.id AND given.withdrawn_at IS NULL
            AND (given.expires_on IS NULL OR given.expires_on >= tp_today())
        JOIN team_membership who ON who.id = contributor AND who.role IN ({GUIDES})
            AND who.valid_from <= tp_today() AND (who.valid_until IS NULL OR who.valid_until >= tp_today())
        WHERE joint.id = assessment AND (
            (given.purpose = 'record' AND given.recipient_point_id = who.point_id
                AND who.organisation_id = file.controller_id)
            OR (given.purpose = 'share' AND 'assessments' = ANY (given.contents)
                AND (given.recipient_organisation_id = who.organisation_id
                    OR given.recipient_point_id = who.point_id))))
$$;

CREATE OR REPLACE FUNCTION clients_joint_goes_on(assessment uuid, contributor uuid) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT joint.concluded_at IS NULL FROM clients_jointassessment joint WHERE joint.id = assessment
        AND EXISTS (SELECT 1 FROM clients_jointsection part
            WHERE part.assessment_id = joint.id AND part.contributor_id = contributor)
    FOR SHARE OF joint
$$;
"""


def _in(view: str, also: str = "true") -> str:
    return f"""EXISTS (SELECT 1 FROM {view} WHERE {view}.assessment_id = clients_jointsection.assessment_id
        AND {also})"""


_LED = all_of(may("guide"), _in("clients_joint_led"))
_UNWRITTEN = "words = '' AND written_at IS NULL AND stance = ''"
_KEPT = kept("clients_jointassessment.client_id")

WALLS = {
    # Frozen from its conclusion on; what was opened by mistake goes while nothing is written in it.
    "clients_jointassessment": Wall(
        see=_read("clients_jointassessment.client_id"),
        add=all_of(may("guide"), f"point_id = {POINT} AND opened_by_id = {MEMBERSHIP}", "concluded_at IS NULL", _KEPT),
        change=all_of(may("guide"), "concluded_at IS NULL", _KEPT),
        leave=all_of(may("guide"), any_of("concluded_at IS NULL", f"concluded_by_id = {MEMBERSHIP}"), _KEPT),
        only=(
            "meets_on",
            "strengths",
            "client_view",
            "conclusion",
            "conclusion_at",
            "conclusion_by_id",
            "conclusion_version",
            "concluded_at",
            "concluded_by_id",
        ),
        remove=all_of(
            may("guide"),
            f"opened_by_id = {MEMBERSHIP} AND concluded_at IS NULL",
            "strengths = '' AND client_view = '' AND conclusion = ''",
            _KEPT,
        ),
    ),
    # Asked for by those who keep the file, of nobody whom the person's consent does not cover; written by its own hand.
    "clients_jointsection": Wall(
        see=_in("clients_joint_read"),
        add=all_of(
            f"invited_by_id = {MEMBERSHIP}", _UNWRITTEN, _LED, "clients_joint_covers(assessment_id, contributor_id)"
        ),
        change=all_of(
            may("guide"),
            f"contributor_id = {MEMBERSHIP}",
            _in("clients_joint_read", "clients_joint_read.goes_on"),
        ),
        only=("words", "written_at", "stance", "stance_words", "stance_at", "stance_version"),
        remove=all_of(_UNWRITTEN, _LED),
    ),
}
