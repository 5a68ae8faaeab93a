#!/usr/bin/env python3
"""Every command of the project; without DATABASE_URL it reaches the embedded servers of DATA_DIR."""

import os
import sys

# These need no data, or start the servers themselves.
WITHOUT_SERVERS = {"serve", "help", "version", "--help", "--version", "init_database", "collectstatic", "messages"}
# A table or a column is not there.
NOT_MIGRATED = {"42P01", "42703"}


def main() -> None:
    """Run the command; what the operator can mend is said in one sentence, with exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from tyoparkki import environment

    try:
        run(sys.argv)
    except (environment.Misconfigured, ImproperlyConfigured) as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(2)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None):  # the server answered; this is a fault of another kind
            raise
        sys.stderr.write("The database does not answer; see DATABASE_URL or the folder DATA_DIR.\n")
        sys.exit(2)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) not in NOT_MIGRATED:
            raise
        sys.stderr.write("The database lacks tables of this version; run `manage.py migrate` or `make run` first.\n")
        sys.exit(2)


def run(arguments: list[str]) -> None:
    """Start the embedded servers when nothing else is configured, then run the command."""
    from django.core.management import execute_from_command_line

    from tyoparkki import embedded, environment

    if len(arguments) > 1 and arguments[1] not in WITHOUT_SERVERS:
        database, broker = (not environment.text(name) for name in ("DATABASE_URL", "REDIS_URL"))
        if database or broker:
            embedded.ensure(database=database, broker=broker)
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
