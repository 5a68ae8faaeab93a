"""Migrations run as the owner of the tables, whatever role the program works as."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tyoparkki import clock, roles, tombstones, walls


class Command(migrate.Command):
    """Django's migrate, through the owner's connection unless told otherwise."""

    def add_arguments(self, parser: Any) -> None:
        """The same options; the owner's connection is the default."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> Any:
        """Migrate, make the cache's table, close Django's book of migrations, stand the walls up, erase again."""
        in_earnest = options["database"] == "owner" and not options.get("plan") and not options.get("check_unapplied")
        if in_earnest and self._is_behind():
            walls.open_ground()
        result = super().handle(*args, **options)
        if in_earnest:
            call_command("createcachetable", database="owner", verbosity=0)
            with connections["owner"].cursor() as cursor:
                cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {roles.APP}, {roles.SYSTEM}")
            walls.stand_up()
            if not self._is_behind():  # an earlier state of the tables knows nobody who could be erased
                tombstones.again(at=clock.now(), using="owner")
        return result

    def _is_behind(self) -> bool:
        """Whether the tables are about to change."""
        executor = MigrationExecutor(connections["owner"])
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
