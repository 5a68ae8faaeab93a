"""Who sees, records and changes a person, the ways to reach them, their consents, and the trace of looks."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import OPEN, TO_OUR_TEAM, TO_TEAM, TO_US, known, of_team, reachable, tells
from clients.walls.link import opens_receipt, told_by_link
from clients.walls.recusal import not_barred
from tyoparkki.walls import ASKED, KIND, MEMBERSHIP, ORGANISATION, POINT, TODAY, Wall, all_of, any_of, may

_REACHED = f"""length(number) >= 3 AND NOT found.is_non_disclosure AND {reachable("found.id")}
    AND EXISTS (SELECT 1 FROM clients_contactpoint way
                WHERE way.client_id = found.id AND way.ended_at IS NULL AND position(number IN way.value_key) > 0)"""

_SITUATION = tells("found.id", "situation")

# Every typed word begins some word of the name, or sounds as one begins; every typed number is a year or in a number.
_WRITTEN_SO = """NOT EXISTS (SELECT 1 FROM unnest(words) AS word
        WHERE NOT starts_with(found.name_key, word) AND position(' ' || word IN found.name_key) = 0)"""
_SOUNDS_SO = """NOT EXISTS (SELECT 1 FROM unnest(voices, bones) AS heard (voice, bone)
        WHERE NOT EXISTS (SELECT 1 FROM unnest(found.sound_parts) AS part
            WHERE starts_with(part, heard.voice) OR (heard.bone <> '' AND starts_with(part, heard.bone))))"""
_NUMBERED = f"""NOT EXISTS (SELECT 1 FROM unnest(numbers) AS number
        WHERE NOT (found.year_of_birth::text IS NOT DISTINCT FROM number AND {_SITUATION}) AND NOT ({_REACHED}))"""

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

-- Whether the person lets the team of a point record background: whoever is told of it does not see that consent.
CREATE OR REPLACE FUNCTION clients_background_agreed(client uuid, point uuid) RETURNS boolean {ASKED} AS $$
    SELECT EXISTS (SELECT 1 FROM clients_consent agreed WHERE agreed.client_id = client
        AND agreed.purpose = 'background' AND agreed.recipient_point_id = point AND agreed.withdrawn_at IS NULL
        AND (agreed.expires_on IS NULL OR agreed.expires_on >= tp_today()))
    AND EXISTS (SELECT 1 FROM clients_consent kept WHERE kept.client_id = client
        AND kept.purpose = 'record' AND kept.recipient_point_id = point AND kept.withdrawn_at IS NULL
        AND (kept.expires_on IS NULL OR kept.expires_on >= tp_today()))
$$;

-- At which points background may be recorded now, told to whoever may read it: an open page asks whether that changed.
CREATE OR REPLACE FUNCTION clients_background_marks(client uuid) RETURNS text {ASKED} AS $$
    SELECT coalesce(string_agg(agreed.recipient_point_id::text, ' ' ORDER BY agreed.recipient_point_id), '')
    FROM clients_consent agreed WHERE agreed.client_id = client AND agreed.purpose = 'background'
        AND clients_background_agreed(client, agreed.recipient_point_id) AND tp_may('guide')
        AND agreed.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM clients_key WHERE clients_key.client_id = client
            AND (clients_key.of_team OR 'background' = ANY (clients_key.contents)))
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
DROP FUNCTION IF EXISTS clients_named(varchar[], varchar[], varchar[], int);
CREATE OR REPLACE FUNCTION clients_named(words varchar[], parts varchar[], numbers varchar[], voices varchar[],
    bones varchar[], heads varchar[], most int) RETURNS SETOF uuid {ASKED} ROWS 20 AS $$
    SELECT hit.id FROM (
        (SELECT found.id FROM clients_client found WHERE found.name_parts @> parts AND {_WRITTEN_SO} AND {_NUMBERED}
            AND {known("found.id")}
        ORDER BY found.name_key, found.id LIMIT most)
        UNION ALL
        (SELECT found.id FROM clients_client found WHERE found.sound_parts && heads AND {_SOUNDS_SO}
            AND NOT (found.name_parts @> parts AND {_WRITTEN_SO}) AND {_NUMBERED} AND {known("found.id")}
        LIMIT most)
    ) AS hit LIMIT most
$$;

CREATE OR REPLACE FUNCTION clients_alike(names varchar[], reached varchar, born int, most int) RETURNS SETOF uuid
    {ASKED} ROWS 100 AS $$
    SELECT hit.id FROM (
        SELECT way.client_id AS id FROM clients_contactpoint way JOIN clients_client found ON found.id = way.client_id
        WHERE reached <> '' AND way.value_key = reached AND way.ended_at IS NULL AND NOT found.is_non_disclosure
            AND {reachable("found.id")}
        UNION ALL
        SELECT found.id FROM clients_client found WHERE found.sound_parts && names
            AND (found.year_of_birth = born OR found.year_of_birth IS NULL OR born IS NULL) AND {known("found.id")}
    ) AS hit LIMIT most
$$;

CREATE OR REPLACE FUNCTION clients_near(ids uuid[]) RETURNS TABLE (one uuid, other uuid) {ASKED} ROWS 100 AS $$
    SELECT given.id, near.id FROM clients_client given CROSS JOIN LATERAL (
        SELECT found.id FROM clients_client found
        WHERE found.sound_parts && ARRAY(SELECT part FROM unnest(given.sound_parts) AS part WHERE part LIKE '%.')
            AND (found.year_of_birth = given.year_of_birth OR found.year_of_birth IS NULL
                 OR given.year_of_birth IS NULL)
            AND found.controller_id = given.controller_id
        UNION
        SELECT way.client_id FROM clients_contactpoint own, clients_contactpoint way
        WHERE way.value_key = own.value_key AND own.client_id = given.id
            AND own.ended_at IS NULL AND way.ended_at IS NULL
    ) AS near
    WHERE given.id = ANY (ids) AND near.id <> given.id AND {of_team("given.id")} AND {of_team("near.id")}
$$;

CREATE OR REPLACE FUNCTION clients_of_number(digits varchar, parts varchar[], born int) RETURNS SETOF uuid
    {ASKED} ROWS 1000 AS $$
    SELECT way.client_id FROM clients_contactpoint way JOIN clients_client found ON found.id = way.client_id
    WHERE cardinality(parts) > 0 AND way.value_parts @> parts AND position(digits IN way.value_key) > 0
        AND way.ended_at IS NULL AND NOT found.is_non_disclosure AND {reachable("found.id")}
    UNION ALL SELECT found.id FROM clients_client found WHERE found.year_of_birth = born AND {_SITUATION}
$$;
"""

WALLS = {
    "clients_client": Wall(
        # A tablet that was handed over shows whose turn it is, until the person has answered. Whoever holds the
        # person's own receipt is the person.
        see=any_of(
            known("clients_client.id"),
            f"{KIND} = 'device' AND clients_at_tablet(id)",
            opens_receipt("clients_client.id"),
            told_by_link("clients_client.id"),
        ),
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
        see=any_of(
            reachable("clients_contactpoint.client_id"), told_by_link("clients_contactpoint.client_id", "contact")
        ),
        add=all_of(may("edit_clients"), of_team("clients_contactpoint.client_id")),
        change=all_of(may("edit_clients"), of_team("clients_contactpoint.client_id")),
        only=("ended_at",),
    ),
    "clients_consent": Wall(
        see=any_of(
            all_of(
                may("see_clients"),
                not_barred("clients_consent.client_id"),
                any_of(
                    f"{OPEN} AND ({any_of(TO_TEAM, TO_US, TO_OUR_TEAM)})",
                    f"withdrawn_by_id = {MEMBERSHIP} AND (withdrawn_at AT TIME ZONE 'Europe/Helsinki')::date = {TODAY}",
                    "clients_is_told(client_id, recipient_organisation_id)",
                ),
            ),
            opens_receipt("clients_consent.client_id"),
        ),
        add=all_of(
            may("edit_clients"),
            f"recorded_by_id = {MEMBERSHIP}",
            "withdrawn_at IS NULL",
            f"recipient_point_id IS NULL OR recipient_point_id = {POINT} OR purpose = 'share'",
            any_of(
                of_team("clients_consent.client_id"),
                "purpose = 'record' AND recipient_organisation_id IS NULL AND NOT clients_on_file(client_id)",
                "clients_withdrew_today(client_id, purpose, recipient_point_id, recipient_organisation_id)",
            ),
        ),
        change=any_of(may("edit_clients"), opens_receipt("clients_consent.client_id")),
        leave=all_of(
            "withdrawn_at IS NOT NULL",
            any_of(
                f"withdrawn_by_id = {MEMBERSHIP}",
                f"withdrawn_by_id IS NULL AND expires_on < {TODAY}",
                all_of("withdrawn_by_id IS NULL", opens_receipt("clients_consent.client_id")),
            ),
        ),
        only=("withdrawn_at", "withdrawn_by_id"),
    ),
    # Who has looked at a person is told to the person's own team; what is written is written in one's own name.
    "tyoparkki_accessevent": Wall(
        see=all_of(
            "person_kind = 'client'",
            any_of(
                all_of(may("see_clients"), of_team("tyoparkki_accessevent.person_id")),
                opens_receipt("tyoparkki_accessevent.person_id"),
            ),
        ),
        add=f"membership_id IS NOT DISTINCT FROM {MEMBERSHIP}",
    ),
}
