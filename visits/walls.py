"""The wall around the desk: the queue belongs to its point, a record to those who took part or with whom it is shared.

What a visitor sees on the board, on the public page and on the own phone is today's queue: numbers and states. The
night's work and a colleague's leaving reach the queue of every point, but no record and no person.
"""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls import known
from clients.walls.referral import NOT_NEAR
from tyoparkki.walls import ASKED, KIND, MEMBERSHIP, POINT, TODAY, Wall, all_of, any_of, may

# The queue of the actor's own point. The view is the owner's: a wall behind a wall would be planned anew at each use.
VIEWS = {"visits_here": f"SELECT id, called_for_id FROM visits_visit WHERE point_id = {POINT}"}

_HERE = f"{KIND} = 'member' AND point_id = {POINT}"
_NIGHT = f"{KIND} = 'system'"
_TODAY = f"""day_id IN (SELECT today.id FROM team_serviceday today WHERE today."on" = {TODAY})"""
_SEEN = any_of(
    f"point_id = {POINT}",
    f"{KIND} = 'public' AND {_TODAY}",
    _NIGHT,
    may("manage_users"),
    "visits_shared_with_us(id)",
)

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION visits_took_part(sitting uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM visits_participation
                   WHERE encounter_id = sitting AND membership_id = tp_membership() AND undone_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION visits_may_read(sitting uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM visits_participation
                   WHERE encounter_id = sitting AND membership_id = tp_membership() AND undone_at IS NULL)
        OR EXISTS (SELECT 1 FROM visits_guidanceshare
                   WHERE encounter_id = sitting AND organisation_id = tp_organisation() AND ended_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION visits_shared_with_us(visit uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM visits_encounter sitting JOIN visits_guidanceshare opened
        ON opened.encounter_id = sitting.id AND opened.organisation_id = tp_organisation() AND opened.ended_at IS NULL
        WHERE sitting.visit_id = visit)
$$;

CREATE OR REPLACE FUNCTION visits_is_seen(visit uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM visits_visit WHERE id = visit AND ({_SEEN}))
$$;

CREATE OR REPLACE FUNCTION visits_referral_is_readable(referral uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM visits_encounterreferral made
                   WHERE made.referral_id = referral AND visits_may_read(made.encounter_id))
$$;

CREATE OR REPLACE FUNCTION visits_goes_with(asked uuid) RETURNS TABLE (what text, who text, due_on date) {ASKED} AS $$
    SELECT step.what, step.who, step.due_on FROM clients_referral sent JOIN visits_agreedstep step
        ON step.removed_at IS NULL AND step.encounter_id = coalesce(
            (SELECT made.encounter_id FROM visits_encounterreferral made
                JOIN visits_encounter sat ON sat.id = made.encounter_id AND sat.undone_at IS NULL
                JOIN visits_visitclient whose ON whose.visit_id = sat.visit_id AND whose.ended_at IS NULL
                    AND whose.client_id = sent.client_id
                WHERE made.referral_id = sent.id),
            (SELECT part.encounter_id FROM visits_participation part
                JOIN visits_encounter sitting ON sitting.id = part.encounter_id AND sitting.undone_at IS NULL
                JOIN visits_visitclient joined ON joined.visit_id = sitting.visit_id AND joined.ended_at IS NULL
                WHERE joined.client_id = sent.client_id AND part.membership_id = sent.sender_id
                AND part.undone_at IS NULL AND part.joined_at <= sent.sent_at
                ORDER BY part.joined_at DESC, part.id LIMIT 1))
    WHERE sent.id = asked AND sent.status <> 'draft' AND (
        clients_link_opens(asked, NULL) AND clients_link_tells(sent.client_id, 'guidance')
        OR tp_may('guide') AND sent.organisation_id = tp_organisation()
            AND EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = sent.client_id
                AND NOT clients_key.of_team AND 'guidance' = ANY (clients_key.contents)))
    ORDER BY step.agreed_at, step.id
$$;

CREATE OR REPLACE FUNCTION visits_point_of(visit uuid) RETURNS uuid {ASKED} AS $$
    SELECT point_id FROM visits_visit WHERE id = visit
$$;

CREATE OR REPLACE FUNCTION visits_point_of_sitting(sitting uuid) RETURNS uuid {ASKED} AS $$
    SELECT point_id FROM visits_encounter JOIN visits_visit ON visits_visit.id = visit_id
    WHERE visits_encounter.id = sitting
$$;

CREATE OR REPLACE FUNCTION visits_may_join(sitting uuid, colleague uuid) RETURNS boolean {ASKED} AS $$
    SELECT CASE WHEN EXISTS (SELECT 1 FROM visits_participation WHERE encounter_id = sitting
                             AND membership_id = colleague AND undone_at IS NULL) THEN true  -- back, by an undo
        ELSE colleague = tp_membership() AND tp_may('guide') AND (
            NOT EXISTS (SELECT 1 FROM visits_participation WHERE encounter_id = sitting)  -- the one who begins
            OR EXISTS (SELECT 1 FROM visits_invitation asked JOIN visits_encounter ON visits_encounter.id = sitting
                       WHERE asked.visit_id = visits_encounter.visit_id AND asked.invited_id = colleague
                       AND asked.state IN ('open', 'promised')))
        END
$$;
"""


def _visit_here(more: str = "") -> str:
    """The row's visit is in the queue of the actor's own point."""
    return f"EXISTS (SELECT 1 FROM visits_here WHERE visits_here.id = visit_id{more})"


def _visit_seen() -> str:
    """The row's visit is one that the actor sees, at the own point or elsewhere."""
    return any_of(_visit_here(), "visits_is_seen(visit_id)")


def _colleague(column: str) -> str:
    """The membership of this key is one of the actor's own point."""
    return f"{column} IN (SELECT one.id FROM team_membership one WHERE one.point_id = {POINT})"


WALLS = {
    "visits_visit": Wall(
        see=_SEEN,
        add=all_of(_HERE, may("log_arrival")),
        change=any_of(_HERE, _NIGHT, may("manage_users")),
    ),
    "visits_visittopic": Wall(
        see=_visit_seen(),
        add=_visit_here(),
        remove=_visit_here(),
    ),
    "visits_visitevent": Wall(
        see=any_of(f"point_id = {POINT}", _NIGHT, may("manage_users")),
        add=any_of(_HERE, _NIGHT, may("manage_users")),
    ),
    "visits_visitnote": Wall(
        see=any_of(all_of(may("see_desk"), _visit_here()), _NIGHT),
        # The note is written before its visit, whose number comes last.
        add=all_of(may("log_arrival"), f"coalesce(visits_point_of(visit_id), {POINT}) = {POINT}"),
        change=all_of(may("log_arrival"), _visit_here()),
        remove=_NIGHT,
    ),
    "visits_visitclient": Wall(
        see=all_of(
            may("see_clients"),
            any_of(_visit_here(), known("visits_visitclient.client_id")),
        ),
        add=all_of(
            may("see_clients"),
            f"joined_by_id = {MEMBERSHIP}",
            _visit_here(),
            known("visits_visitclient.client_id"),
        ),
        change=all_of(may("see_clients"), _visit_here()),
        only=("ended_at",),
    ),
    "visits_visitturn": Wall(
        see=any_of(
            f"{KIND} = 'public' AND (created_at AT TIME ZONE 'Europe/Helsinki')::date = {TODAY}",
            _visit_here(),
            _NIGHT,
        ),
        add=all_of(may("log_arrival"), _visit_here()),
        change=all_of(may("log_arrival"), _visit_here()),
        only=("secret_hash",),
        remove=_NIGHT,
    ),
    "visits_encounter": Wall(
        see=_visit_seen(),
        add=all_of(may("guide"), _visit_here(more=f" AND visits_here.called_for_id = {MEMBERSHIP}")),
        change=any_of(all_of(f"{KIND} = 'member'", _visit_here()), _NIGHT),
        only=("ended_at", "undone_at"),
    ),
    "visits_participation": Wall(
        see=any_of(
            f"membership_id = {MEMBERSHIP}",
            _colleague("membership_id"),
            f"{KIND} = 'public' AND ended_at IS NULL",
            _NIGHT,
            may("manage_users"),
            "visits_may_read(encounter_id)",
        ),
        add=all_of(f"visits_point_of_sitting(encounter_id) = {POINT}", "visits_may_join(encounter_id, membership_id)"),
        change=any_of(all_of(f"{KIND} = 'member'", _colleague("membership_id")), _NIGHT),
        only=("ended_at", "undone_at"),
    ),
    "visits_invitation": Wall(
        see=any_of(_colleague("invited_id"), _NIGHT, may("manage_users")),
        add=all_of(may("guide"), f"by_id = {MEMBERSHIP}", "visits_took_part(encounter_id)", _colleague("invited_id")),
        change=any_of(all_of(f"{KIND} = 'member'", _colleague("invited_id")), _NIGHT, may("manage_users")),
        only=("state", "answered_at"),
    ),
    "visits_guidance": Wall(
        see=all_of(may("guide"), "visits_may_read(encounter_id)"),
        add=all_of(may("guide"), "visits_took_part(encounter_id)"),
        change=all_of(may("guide"), "visits_took_part(encounter_id)"),
    ),
    "visits_guidanceshare": Wall(
        see=all_of(may("guide"), "visits_may_read(encounter_id)"),
        add=all_of(may("guide"), f"shared_by_id = {MEMBERSHIP}", "visits_took_part(encounter_id)"),
        change=all_of(may("guide"), "visits_took_part(encounter_id)"),
        only=("ended_at",),
    ),
    "visits_agreedstep": Wall(
        see=all_of(may("guide"), "visits_may_read(encounter_id)"),
        add=all_of(may("guide"), f"agreed_by_id = {MEMBERSHIP}", "visits_took_part(encounter_id)"),
        # Whoever reads the record tells at a later visit how the step went; its words are never changed.
        change=all_of(may("guide"), "visits_may_read(encounter_id)"),
        # Taken away by those who held the meeting alone; whoever tells, tells in the own name.
        leave=all_of(
            may("guide"),
            "visits_may_read(encounter_id)",
            any_of("removed_at IS NULL", "visits_took_part(encounter_id)"),
            any_of(f"told_by_id IS NULL OR told_by_id = {MEMBERSHIP}", "visits_took_part(encounter_id)"),
        ),
        only=("removed_at", "status", "told_at", "told_by_id"),
    ),
    # What is being typed is its writer's alone; the night takes away what nobody has touched for a month.
    "visits_draft": Wall(
        see=f"membership_id = {MEMBERSHIP}",
        add=all_of(may("guide"), f"membership_id = {MEMBERSHIP}", "visits_took_part(encounter_id)"),
        change=all_of(may("guide"), f"membership_id = {MEMBERSHIP}"),
        remove=f"membership_id = {MEMBERSHIP}",
    ),
    "visits_encounterreferral": Wall(
        see=all_of(may("guide"), "visits_may_read(encounter_id)"),
        add=all_of(
            may("guide"),
            "visits_took_part(encounter_id)",
            f"""EXISTS (SELECT 1 FROM clients_referral sent
                WHERE sent.id = referral_id AND sent.sender_id = {MEMBERSHIP})""",
        ),
    ),
}

# A record shows where the visitor was guided from it, to everybody who may read it.
ALSO_SEEN = {"clients_referral": all_of(may("guide"), "visits_referral_is_readable(id)", NOT_NEAR)}
