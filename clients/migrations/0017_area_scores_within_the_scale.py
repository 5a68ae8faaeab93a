"""The database itself refuses a score outside its scale, and a change of words that somebody has answered."""

from django.db import migrations

# Both ask as the owner: what the version says must be known even where the actor could not look.
MAKE = """
CREATE FUNCTION clients_score_within_scale() RETURNS trigger
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE asked boolean; scale_least smallint; scale_most smallint;
BEGIN
    SELECT version.areas @> jsonb_build_array(jsonb_build_object('key', NEW.area)), instrument.least, instrument.most
        INTO asked, scale_least, scale_most
        FROM clients_selfassessment assessment
        JOIN clients_instrumentversion version ON version.id = assessment.version_id
        JOIN clients_instrument instrument ON instrument.id = version.instrument_id
        WHERE assessment.id = NEW.assessment_id;
    IF asked IS NOT TRUE THEN
        RAISE EXCEPTION 'the version does not ask this area' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'area_score_of_version';
    END IF;
    IF NEW.value < scale_least OR NEW.value > scale_most THEN
        RAISE EXCEPTION 'the value is outside the scale' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'area_score_within_scale';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER area_score_within_scale BEFORE INSERT OR UPDATE ON clients_areascore
    FOR EACH ROW EXECUTE FUNCTION clients_score_within_scale();

CREATE FUNCTION clients_answered_words_stay() RETURNS trigger
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM clients_selfassessment WHERE version_id = OLD.id) THEN
        RAISE EXCEPTION 'somebody has answered this version' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'instrument_version_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER instrument_version_stays BEFORE UPDATE ON clients_instrumentversion
    FOR EACH ROW EXECUTE FUNCTION clients_answered_words_stay();
CREATE FUNCTION clients_scale_stays() RETURNS trigger
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.least, NEW.most, NEW.sensitivity) IS DISTINCT FROM (OLD.least, OLD.most, OLD.sensitivity) AND EXISTS (
        SELECT 1 FROM clients_selfassessment assessment
        JOIN clients_instrumentversion version ON version.id = assessment.version_id
        WHERE version.instrument_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'somebody has answered on this scale' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'instrument_scale_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER instrument_scale_stays BEFORE UPDATE ON clients_instrument
    FOR EACH ROW EXECUTE FUNCTION clients_scale_stays();
REVOKE ALL ON FUNCTION clients_score_within_scale(), clients_answered_words_stay(), clients_scale_stays() FROM PUBLIC;
"""
UNDO = """
DROP TRIGGER IF EXISTS area_score_within_scale ON clients_areascore;
DROP TRIGGER IF EXISTS instrument_version_stays ON clients_instrumentversion;
DROP TRIGGER IF EXISTS instrument_scale_stays ON clients_instrument;
DROP FUNCTION IF EXISTS clients_score_within_scale();
DROP FUNCTION IF EXISTS clients_answered_words_stay();
DROP FUNCTION IF EXISTS clients_scale_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0016_self_assessments_and_outcomes")]

    operations = [migrations.RunSQL(MAKE, UNDO)]
