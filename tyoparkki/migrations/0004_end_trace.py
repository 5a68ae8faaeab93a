"""The trace ends too: a function of the owner, which whoever tidies up may call, takes what is five years old."""

from django.db import migrations

# Nothing younger ever goes, whatever is asked: by the database's own calendar. A month that is over goes as a whole.
FUNCTION = """
CREATE FUNCTION end_trace(trace text, before date) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last timestamptz := least(before, current_date - 1825)::timestamp AT TIME ZONE 'Europe/Helsinki';
    gone bigint := 0;
    part record;
BEGIN
    IF trace NOT IN ('tyoparkki_auditevent', 'tyoparkki_accessevent') THEN
        RAISE EXCEPTION 'no trace of this name';
    END IF;
    EXECUTE format('DELETE FROM %I WHERE at < $1', trace) USING last;
    GET DIAGNOSTICS gone = ROW_COUNT;
    FOR part IN
        SELECT child.relname, to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' AS until
        FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = trace::regclass AND child.relname ~ '_[0-9]{4}_[0-9]{2}$'
    LOOP
        IF part.until AT TIME ZONE 'Europe/Helsinki' <= last THEN
            EXECUTE format('DROP TABLE %I', part.relname);
        END IF;
    END LOOP;
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION end_trace(text, date) FROM PUBLIC, tp_app, tp_stats;
"""


class Migration(migrations.Migration):
    dependencies = [("tyoparkki", "0003_trace_partitions_ahead")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION end_trace(text, date)")]
