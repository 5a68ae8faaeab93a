"""Prepares an external PostgreSQL for the product, once."""

from __future__ import annotations

import sys
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser

from tyoparkki import environment, external


class Command(BaseCommand):
    """Make the product's roles and rights in the database named by DATABASE_ADMIN_URL (else DATABASE_URL)."""

    help = "Creates the roles tp_owner, tp_app, tp_system and tp_stats and their rights in an external database."
    requires_system_checks: list[str] = []  # the checks need the roles

    def add_arguments(self, parser: CommandParser) -> None:
        """The administrator's address may also be given by hand."""
        parser.add_argument("--admin-url", default="", help="an address that may create roles")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, or say in one sentence why not."""
        url = options["admin_url"] or environment.text("DATABASE_ADMIN_URL") or environment.text("DATABASE_URL")
        if not url:
            self.stderr.write("Set DATABASE_ADMIN_URL; the embedded database needs no preparation.")
            sys.exit(2)
        try:
            external.prepare(url, set_passwords=True)
        except psycopg.OperationalError:
            self.stderr.write(f"The database at {external.where(url)} does not answer.")
            sys.exit(2)
        except psycopg.Error as reason:
            self.stderr.write(str(reason).strip().splitlines()[0])
            sys.exit(2)
        self.stdout.write(f"The database at {external.where(url)} is ready for `manage.py migrate`.")
