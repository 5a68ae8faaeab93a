#!/usr/bin/env python3
"""Every command of the project; without DATABASE_URL it reaches the embedded servers of DATA_DIR."""

import os
import sys

# These need no data, or start the servers themselves.
WITHOUT_SERVERS = {"serve", "help", "version", "--help", "--version", "init_database", "collectstatic", "messages"}


def main() -> None:
    """Start the embedded servers when nothing else is configured, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
    from django.core.management import execute_from_command_line

    from tyoparkki import embedded, environment

    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS:
        database, broker = (not environment.text(name) for name in ("DATABASE_URL", "REDIS_URL"))
        try:
            if database or broker:
                embedded.ensure(database=database, broker=broker)
        except embedded.Unavailable as reason:
            sys.stderr.write(f"{reason}\n")
            sys.exit(2)
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None):  # the server answered; this is a fault of another kind
            raise
        sys.stderr.write("The database does not answer; see DATABASE_URL or the folder DATA_DIR.\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
