"""Migrations run as the owner of the tables, whatever role the program works as."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from tyoparkki import roles


class Command(migrate.Command):
    """Django's migrate, through the owner's connection unless told otherwise."""

    def add_arguments(self, parser: Any) -> None:
        """The same options; the owner's connection is the default."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> Any:
        """Migrate, make the cache's table, and close Django's book of migrations to every role but the owner."""
        result = super().handle(*args, **options)
        if options["database"] == "owner" and not options.get("plan") and not options.get("check_unapplied"):
            call_command("createcachetable", database="owner", verbosity=0)
            with connections["owner"].cursor() as cursor:
                cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {roles.APP}, {roles.SYSTEM}")
        return result
