"""The wall around the people on file: the rules of `visible_to`, as the database keeps them.

A person is seen by whom a consent in force lets in: the team of a point (to be recorded) or an organisation (to share).
So the consent comes first and the person second, in one transaction: the key is there before the door. A consent that
was withdrawn stays readable on that day to whoever withdrew it, who may give it again.
"""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from tyoparkki.walls import ASKED, DEVICE, KIND, MEMBERSHIP, ORGANISATION, POINT, TODAY, Wall, all_of, any_of, may

_OPEN = f"withdrawn_at IS NULL AND (expires_on IS NULL OR expires_on >= {TODAY})"
_TO_TEAM = f"purpose = 'record' AND recipient_point_id = {POINT}"
_TO_US = f"purpose = 'share' AND recipient_organisation_id = {ORGANISATION}"

# The keys that the actor holds. The view is the owner's: a wall behind a wall would be planned anew at each use.
VIEWS = {
    "clients_key": f"""
        SELECT client_id, purpose = 'record' AS of_team, contents FROM clients_consent
        WHERE {may("see_clients")} AND {_OPEN} AND ({_TO_TEAM} OR {_TO_US})""",
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


_REACHED = f"""length(number) >= 3 AND NOT found.is_non_disclosure AND {reachable("found.id")}
    AND EXISTS (SELECT 1 FROM clients_contactpoint way
                WHERE way.client_id = found.id AND way.ended_at IS NULL AND position(number IN way.value_key) > 0)"""

_SITUATION = tells("found.id", "situation")

# The two that find people answer with those only whom the actor may see; the indexes of name parts and of digits are
# closed to a query behind a wall, because their operators might tell of a hidden row.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_on_file(client uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_client WHERE id = client)
        OR EXISTS (SELECT 1 FROM clients_consent WHERE client_id = client)
$$;

CREATE OR REPLACE FUNCTION clients_is_told(client uuid, recipient uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_key WHERE client_id = client AND (of_team OR recipient = tp_organisation()))
$$;

CREATE OR REPLACE FUNCTION clients_withdrew_today(client uuid, what text, point uuid, organisation uuid) RETURNS boolean
    {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_consent ended WHERE ended.client_id = client AND ended.purpose = what
        AND ended.recipient_point_id IS NOT DISTINCT FROM point
        AND ended.recipient_organisation_id IS NOT DISTINCT FROM organisation
        AND ended.withdrawn_by_id = tp_membership()
        AND (ended.withdrawn_at AT TIME ZONE 'Europe/Helsinki')::date = tp_today())
$$;

CREATE OR REPLACE FUNCTION clients_at_tablet(client uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_handoversession turn
                   WHERE turn.client_id = client AND turn.device_id = tp_device() AND turn.ended_at IS NULL
                   AND (turn.created_at AT TIME ZONE 'Europe/Helsinki')::date = tp_today())
$$;

DROP FUNCTION IF EXISTS clients_named(varchar[], varchar[], varchar[]);
CREATE OR REPLACE FUNCTION clients_named(words varchar[], parts varchar[], numbers varchar[], most int)
    RETURNS SETOF uuid {ASKED} ROWS 20 AS $$
    SELECT found.id FROM clients_client found WHERE found.name_parts @> parts
        AND NOT EXISTS (SELECT 1 FROM unnest(words) AS word
                        WHERE NOT starts_with(found.name_key, word) AND position(' ' || word IN found.name_key) = 0)
        AND NOT EXISTS (SELECT 1 FROM unnest(numbers) AS number
                        WHERE NOT (found.year_of_birth::text IS NOT DISTINCT FROM number AND {_SITUATION})
                        AND NOT ({_REACHED}))
        AND {known("found.id")}
    ORDER BY found.name_key, found.id LIMIT most
$$;

CREATE OR REPLACE FUNCTION clients_of_number(digits varchar, parts varchar[], born int) RETURNS SETOF uuid
    {ASKED} ROWS 1000 AS $$
    SELECT way.client_id FROM clients_contactpoint way JOIN clients_client found ON found.id = way.client_id
    WHERE cardinality(parts) > 0 AND way.value_parts @> parts AND position(digits IN way.value_key) > 0
        AND way.ended_at IS NULL AND NOT found.is_non_disclosure AND {reachable("found.id")}
    UNION ALL SELECT found.id FROM clients_client found WHERE found.year_of_birth = born AND {_SITUATION}
$$;
"""


def _of_plan(table: str) -> str:
    """The row belongs to a plan that the actor sees."""
    return f"EXISTS (SELECT 1 FROM clients_plan kept WHERE kept.id = {table}.plan_id)"


def _kept(client: str) -> str:
    """The actor's organisation keeps the file of this person, for the team that the actor is one of."""
    return f"""{of_team(client)} AND EXISTS (SELECT 1 FROM clients_client file
        WHERE file.id = {client} AND file.controller_id = {ORGANISATION})"""


def _told(client: str, content: str) -> str:
    """The person of this key lets the actor's organisation know of a kind of content."""
    return f"""EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = {client}
        AND NOT clients_key.of_team AND '{content}' = ANY (clients_key.contents))"""


def _of_our_plan(table: str) -> str:
    """The row belongs to the plan of somebody whose file the actor's organisation keeps."""
    return f"""EXISTS (SELECT 1 FROM clients_plan ours WHERE ours.id = {table}.plan_id
        AND {_kept("ours.client_id")})"""


_SENT_OR_RECEIVED = any_of(f"organisation_id = {ORGANISATION}", f"sender_id = {MEMBERSHIP}")
_AT_TABLET = f"""{KIND} = 'device' AND point_id = {POINT} AND (device_id IS NULL OR device_id = {DEVICE})
    AND (SELECT tablet.kind FROM team_device tablet WHERE tablet.id = {DEVICE}) = 'handover'"""

_WAITS = "offered.accepted_at IS NULL AND offered.declined_at IS NULL AND offered.withdrawn_at IS NULL"

WALLS = {
    "clients_client": Wall(
        # A tablet that was handed over shows whose turn it is, until the person has answered.
        see=any_of(known("clients_client.id"), f"{KIND} = 'device' AND clients_at_tablet(id)"),
        add=all_of(
            may("edit_clients"),
            f"controller_id = {ORGANISATION}",
            f"point_id = {POINT}",
            f"created_by_id = {MEMBERSHIP}",
            of_team("clients_client.id"),
        ),
        change=all_of(may("edit_clients"), known("clients_client.id")),
    ),
    "clients_contactpoint": Wall(
        see=reachable("clients_contactpoint.client_id"),
        add=all_of(may("edit_clients"), of_team("clients_contactpoint.client_id")),
        change=all_of(may("edit_clients"), of_team("clients_contactpoint.client_id")),
        only=("ended_at",),
    ),
    "clients_consent": Wall(
        see=all_of(
            may("see_clients"),
            any_of(
                f"{_OPEN} AND ({any_of(_TO_TEAM, _TO_US)})",
                f"withdrawn_by_id = {MEMBERSHIP} AND (withdrawn_at AT TIME ZONE 'Europe/Helsinki')::date = {TODAY}",
                "clients_is_told(client_id, recipient_organisation_id)",
            ),
        ),
        add=all_of(
            may("edit_clients"),
            f"recorded_by_id = {MEMBERSHIP}",
            "withdrawn_at IS NULL",
            f"recipient_point_id IS NULL OR recipient_point_id = {POINT}",
            any_of(
                of_team("clients_consent.client_id"),
                "purpose = 'record' AND recipient_organisation_id IS NULL AND NOT clients_on_file(client_id)",
                "clients_withdrew_today(client_id, purpose, recipient_point_id, recipient_organisation_id)",
            ),
        ),
        change=may("edit_clients"),
        leave=all_of(
            "withdrawn_at IS NOT NULL",
            f"withdrawn_by_id = {MEMBERSHIP} OR (withdrawn_by_id IS NULL AND expires_on < {TODAY})",
        ),
        only=("withdrawn_at", "withdrawn_by_id"),
    ),
    "clients_referral": Wall(
        see=all_of(may("guide"), _SENT_OR_RECEIVED),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"sender_id = {MEMBERSHIP}",
            f"sender_organisation_id = {ORGANISATION}",
            "client_id IS NULL OR EXISTS (SELECT 1 FROM clients_client named WHERE named.id = client_id)",
        ),
        change=all_of(may("guide"), _SENT_OR_RECEIVED),
    ),
    "clients_referralevent": Wall(
        see="EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)",
        add=all_of(
            f"by_id = {MEMBERSHIP}", "EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id)"
        ),
        change=f"""EXISTS (SELECT 1 FROM clients_referral moved WHERE moved.id = referral_id
            AND (moved.organisation_id = {ORGANISATION} OR moved.sender_id = {MEMBERSHIP}))""",
        only=("undone_at",),
    ),
    # A plan is read by those who guide: where the file is kept, who also write in it, and where the person tells of it.
    "clients_plan": Wall(
        see=all_of(may("guide"), any_of(_kept("clients_plan.client_id"), _told("clients_plan.client_id", "plan"))),
        add=all_of(
            may("guide"),
            f"point_id = {POINT}",
            f"opened_by_id = {MEMBERSHIP}",
            _kept("clients_plan.client_id"),
        ),
        change=all_of(may("guide"), _kept("clients_plan.client_id")),
        only=(
            "intensity",
            "version",
            "approved_version",
            "approved_at",
            "approved_how",
            "approved_by_id",
            "closed_at",
        ),
    ),
    "clients_goal": Wall(
        see=_of_plan("clients_goal"),
        add=all_of(may("guide"), _of_our_plan("clients_goal")),
        change=all_of(may("guide"), _of_our_plan("clients_goal")),
        only=("reached_at", "ended_at"),
    ),
    "clients_planstep": Wall(
        see=_of_plan("clients_planstep"),
        add=all_of(may("guide"), _of_our_plan("clients_planstep")),
        change=all_of(may("guide"), _of_our_plan("clients_planstep")),
        only=("done_at", "ended_at"),
    ),
    "clients_planversion": Wall(
        see=_of_plan("clients_planversion"),
        add=all_of(may("guide"), f"recorded_by_id = {MEMBERSHIP}", _of_our_plan("clients_planversion")),
    ),
    # A turn at a tablet belongs to whoever opened it and, once its digits are typed, to that tablet alone.
    "clients_handoversession": Wall(
        see=any_of(f"opened_by_id = {MEMBERSHIP}", _AT_TABLET),
        add=all_of(
            may("edit_clients"),
            f"opened_by_id = {MEMBERSHIP}",
            f"point_id = {POINT}",
            # Who is asked first whether they may be recorded is not on file yet.
            any_of("client_id IS NULL", known("clients_handoversession.client_id")),
        ),
        change=any_of(f"opened_by_id = {MEMBERSHIP}", _AT_TABLET),
        only=("client_id", "device_id", "taken_at", "expires_at", "answers", "ended_at", "outcome"),
    ),
    # Who answers for a person is the team's to know. One makes oneself responsible and nobody else; the end is set by
    # the one who answers, or by the colleague to whom it was offered, who takes over in the same transaction.
    "clients_responsibility": Wall(
        see=of_team("clients_responsibility.client_id"),
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
        only=("ended_at", "end_reason"),
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
    # Who has looked at a person is told to the person's own team; what is written is written in one's own name.
    "tyoparkki_accessevent": Wall(
        see=all_of(may("see_clients"), "person_kind = 'client'", of_team("tyoparkki_accessevent.person_id")),
        add=f"membership_id IS NOT DISTINCT FROM {MEMBERSHIP}",
    ),
}

ALSO_SEEN: dict[str, str] = {}
