"""Merging two files and putting them apart again: done by the owner's functions, asked by those who keep both files."""

# ruff: noqa: S608 - conditions composed of our own words; nothing from outside comes in
from __future__ import annotations

from clients.walls.keys import kept, of_team
from tyoparkki.walls import MEMBERSHIP, Wall, all_of, may

_DOES = "LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Every table with a key to clients_client, from the catalogue: its name, that column and its own key.
_HANGING = """SELECT own.relname::text AS name, link.attname::text AS link, key.attname::text AS key
        FROM pg_constraint fk JOIN pg_class own ON own.oid = fk.conrelid
        JOIN pg_attribute link ON link.attrelid = own.oid AND link.attnum = fk.conkey[1]
        JOIN pg_constraint pk ON pk.conrelid = own.oid AND pk.contype = 'p'
        JOIN pg_attribute key ON key.attrelid = own.oid AND key.attnum = pk.conkey[1]
        WHERE fk.contype = 'f' AND fk.confrelid = 'public.clients_client'::regclass ORDER BY own.relname"""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION clients_merge(record uuid, keeping uuid, leaving uuid, aside jsonb, moment timestamptz)
    RETURNS void {_DOES} AS $$
DECLARE
    hanging record;
    batch jsonb;
    away jsonb := '{{}}';
    lost jsonb;
    moved jsonb := '{{}}';
    gone jsonb;
    before jsonb;
    after jsonb;
BEGIN
    IF keeping = leaving OR NOT (tp_may('edit_clients') AND {kept("keeping")} AND {kept("leaving")}) THEN
        RAISE insufficient_privilege;
    END IF;
    PERFORM id FROM clients_client WHERE id IN (keeping, leaving) ORDER BY id FOR UPDATE;
    SELECT to_jsonb(file) INTO gone FROM clients_client file WHERE id = leaving;
    SELECT to_jsonb(file) INTO before FROM clients_client file WHERE id = keeping;
    -- Whoever is barred from either file stays barred; which colleagues that are, the merging member does not see.
    aside := aside || jsonb_build_object('clients_recusal', (SELECT coalesce(jsonb_agg(theirs.id::text), '[]')
        FROM clients_recusal theirs JOIN clients_recusal ours ON ours.user_id = theirs.user_id
        WHERE theirs.client_id = leaving AND ours.client_id = keeping
            AND theirs.ended_at IS NULL AND ours.ended_at IS NULL));
    -- Background without a consent that holds, or taken away, comes to no other file: it waits here for the undo.
    aside := aside || jsonb_build_object('clients_background', (SELECT coalesce(jsonb_agg(one.id::text), '[]')
        FROM clients_background one WHERE one.client_id IN (keeping, leaving)
        AND (one.ended_at IS NOT NULL OR NOT clients_background_agreed(one.client_id, one.point_id))));
    -- What the clock told of a responsibility that is set aside names it no more, until the undo.
    WITH told AS (UPDATE clients_reminder one SET responsibility_id = NULL FROM clients_reminder was
        WHERE was.id = one.id AND was.responsibility_id::text IN
            (SELECT jsonb_array_elements_text(coalesce(aside -> 'clients_responsibility', '[]')))
        RETURNING was.id, was.responsibility_id)
    SELECT coalesce(jsonb_agg(to_jsonb(told)), '[]') INTO lost FROM told;
    FOR hanging IN {_HANGING} LOOP
        EXECUTE format('WITH out AS (DELETE FROM %1$I WHERE %2$I IN ($1, $2) AND %3$I::text = ANY (ARRAY(
            SELECT jsonb_array_elements_text($3))) RETURNING *)
            SELECT coalesce(jsonb_agg(to_jsonb(out)), ''[]'') FROM out',
            hanging.name, hanging.link, hanging.key)
            INTO batch USING keeping, leaving, coalesce(aside -> hanging.name, '[]');
        IF batch <> '[]' THEN away := away || jsonb_build_object(hanging.name, batch); END IF;
        EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(one)), ''[]'') FROM %1$I one WHERE %2$I = $1',
            hanging.name, hanging.link) INTO batch USING leaving;
        IF batch <> '[]' THEN moved := moved || jsonb_build_object(hanging.name, batch); END IF;
        EXECUTE format('UPDATE %1$I SET %2$I = $1 WHERE %2$I = $2', hanging.name, hanging.link) USING keeping, leaving;
    END LOOP;
    UPDATE clients_client file SET
        year_of_birth = coalesce(file.year_of_birth, other.year_of_birth),
        municipality_id = coalesce(file.municipality_id, other.municipality_id),
        language = coalesce(nullif(file.language, ''), other.language),
        is_non_disclosure = file.is_non_disclosure OR other.is_non_disclosure,
        last_visit_on = greatest(file.last_visit_on, other.last_visit_on),
        version = file.version + 1
    FROM clients_client other WHERE file.id = keeping AND other.id = leaving;
    DELETE FROM clients_client WHERE id = leaving;
    SELECT to_jsonb(file) INTO after FROM clients_client file WHERE id = keeping;
    INSERT INTO clients_mergerecord (id, kept_id, gone_id, merged_at, merged_by_id, rows)
    VALUES (record, keeping, leaving, moment, tp_membership(), jsonb_build_object(
        'gone', gone, 'before', before, 'after', after, 'moved', moved, 'aside', away, 'lost', lost));
END $$;

CREATE OR REPLACE FUNCTION clients_unmerge(record uuid, moment timestamptz) RETURNS text {_DOES} AS $$
DECLARE
    hanging record;
    merge clients_mergerecord;
    now_kept jsonb;
    changed boolean;
BEGIN
    SELECT * INTO merge FROM clients_mergerecord WHERE id = record AND undone_at IS NULL FOR UPDATE;
    IF merge.id IS NULL THEN RETURN 'over'; END IF;
    IF NOT (tp_may('edit_clients') AND {kept("merge.kept_id")}) THEN RAISE insufficient_privilege; END IF;
    IF EXISTS (SELECT 1 FROM clients_mergerecord later WHERE later.kept_id = merge.kept_id AND later.undone_at IS NULL
               AND (later.merged_at, later.id) > (merge.merged_at, merge.id)) THEN RETURN 'later_merge'; END IF;
    SELECT to_jsonb(file) INTO now_kept FROM clients_client file WHERE id = merge.kept_id FOR UPDATE;
    IF now_kept - 'last_visit_on' <> (merge.rows -> 'after') - 'last_visit_on' THEN RETURN 'clients_client'; END IF;
    -- A consent that was set aside comes back only while its like still holds: what was withdrawn stays withdrawn.
    IF EXISTS (SELECT 1 FROM jsonb_populate_recordset(
            NULL::clients_consent, coalesce(merge.rows -> 'aside' -> 'clients_consent', '[]')) was
        WHERE was.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM clients_consent held
            WHERE held.client_id = merge.kept_id AND held.withdrawn_at IS NULL AND held.purpose = was.purpose
            AND held.recipient_organisation_id IS NOT DISTINCT FROM was.recipient_organisation_id
            AND held.recipient_point_id IS NOT DISTINCT FROM was.recipient_point_id)) THEN
        RETURN 'clients_consent';
    END IF;
    INSERT INTO clients_client SELECT (jsonb_populate_record(NULL::clients_client, merge.rows -> 'gone')).*;
    FOR hanging IN {_HANGING} LOOP
        IF merge.rows -> 'moved' ? hanging.name THEN
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM jsonb_array_elements($1) AS was
                LEFT JOIN %1$I one ON one.%3$I::text = was ->> %3$L
                WHERE one.%3$I IS NULL OR one.%2$I <> $2 OR to_jsonb(one) - %2$L <> was - %2$L)',
                hanging.name, hanging.link, hanging.key)
                INTO changed USING merge.rows -> 'moved' -> hanging.name, merge.kept_id;
            IF changed THEN RETURN hanging.name; END IF;
            EXECUTE format('UPDATE %1$I SET %2$I = $1 WHERE %3$I::text IN (
                SELECT was ->> %3$L FROM jsonb_array_elements($2) AS was)', hanging.name, hanging.link, hanging.key)
                USING merge.gone_id, merge.rows -> 'moved' -> hanging.name;
        END IF;
        IF merge.rows -> 'aside' ? hanging.name THEN
            EXECUTE format('INSERT INTO %1$I SELECT * FROM jsonb_populate_recordset(NULL::%1$I, $1)', hanging.name)
                USING merge.rows -> 'aside' -> hanging.name;
        END IF;
    END LOOP;
    UPDATE clients_reminder one SET responsibility_id = was.responsibility_id
        FROM jsonb_to_recordset(coalesce(merge.rows -> 'lost', '[]')) AS was (id uuid, responsibility_id bigint)
        WHERE one.id = was.id;
    -- Whoever has been barred since the merge stays barred from both files.
    INSERT INTO clients_recusal (id, client_id, user_id, point_id, marked_at, marked_by_id, end_reason)
        SELECT gen_random_uuid(), merge.gone_id, since.user_id, since.point_id, since.marked_at, since.marked_by_id, ''
        FROM clients_recusal since
        WHERE since.client_id = merge.kept_id AND since.ended_at IS NULL AND since.marked_at > merge.merged_at;
    UPDATE clients_client file SET
        year_of_birth = was.year_of_birth, municipality_id = was.municipality_id, language = was.language,
        is_non_disclosure = was.is_non_disclosure, version = was.version,
        last_visit_on = CASE WHEN now_kept -> 'last_visit_on' = merge.rows -> 'after' -> 'last_visit_on'
            THEN was.last_visit_on ELSE file.last_visit_on END
    FROM jsonb_populate_record(NULL::clients_client, merge.rows -> 'before') AS was WHERE file.id = merge.kept_id;
    UPDATE clients_mergerecord SET undone_at = moment, undone_by_id = tp_membership(), rows = '{{}}' WHERE id = record;
    RETURN '';
END $$;
"""

_AT_FILE = all_of(may("edit_clients"), of_team("clients_notsame.client_id"))

WALLS = {
    # Written by the two functions alone; read by those who keep the file that stayed.
    "clients_mergerecord": Wall(see=all_of(may("edit_clients"), of_team("clients_mergerecord.kept_id"))),
    # Said by whoever keeps both files; seen and ended by whoever edits the file at which it is told.
    "clients_notsame": Wall(
        see=_AT_FILE,
        add=all_of(
            may("edit_clients"),
            f"marked_by_id = {MEMBERSHIP}",
            "ended_at IS NULL",
            kept("clients_notsame.client_id"),
            kept("clients_notsame.other_id"),
        ),
        change=_AT_FILE,
        only=("ended_at", "ended_by_id"),
    ),
}
