"""Print who may open what; fail when an address says nothing."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from team import matrix


class Command(BaseCommand):
    """`access_matrix [--json]`: route × role, for the data protection officer and for tests."""

    help = "Print every address with whom it lets in; exit 1 when an address declares nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One choice."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the matrix; an undeclared address is an error."""
        rows = matrix.rows()
        silent = [row.route for row in matrix.undeclared()]
        if options["json"]:
            table = {"roles": list(matrix.ANYBODY), "routes": [row.as_json() for row in rows], "undeclared": silent}
            self.stdout.write(json.dumps(table, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                who = ", ".join(who for who, may in row.allowed.items() if may) or "nobody"
                self.stdout.write(f"{'|'.join(row.methods):<18} {row.route:<60} {who}")
        if silent:
            raise CommandError(f"{len(silent)} undeclared: {', '.join(silent)}", returncode=1)
