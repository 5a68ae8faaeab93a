"""The nightly job may make the logs' coming months: the owner's function, lent to the system's role for this alone."""

from django.db import migrations

LEND = """
ALTER FUNCTION make_trace_partition(date) SECURITY DEFINER SET search_path = public, pg_temp;
GRANT EXECUTE ON FUNCTION make_trace_partition(date) TO tp_system;
"""
TAKE_BACK = """
REVOKE EXECUTE ON FUNCTION make_trace_partition(date) FROM tp_system;
ALTER FUNCTION make_trace_partition(date) SECURITY INVOKER RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("tyoparkki", "0002_trace_partitions")]
    operations = [migrations.RunSQL(LEND, TAKE_BACK)]
