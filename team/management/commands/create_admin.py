"""Let the first administrator in, and make the first service point when there is none."""

from __future__ import annotations

import getpass
import sys
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from team.actions import organisation as organisations
from team.actions import point as points
from team.actions import user as users
from team.actions.organisation import OrganisationFacts
from team.actions.point import PointFacts
from team.actions.user import Profile
from team.models import Organisation, ServicePoint, User
from tyoparkki import clock, reference
from tyoparkki.actor import SYSTEM, bind
from tyoparkki.errors import Refused
from tyoparkki.models import Municipality


class Command(BaseCommand):
    """`create_admin [USERNAME] [--name NAME] [--point SLUG | --new-point NAME …]`; asks for what is missing."""

    help = "Add an administrator to a service point; prints a one-time password unless one is given. Runs as tp_app."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and where."""
        parser.add_argument("username", nargs="?", default="")
        parser.add_argument("--name", default="", help="first and last name")
        parser.add_argument("--email", default="")
        parser.add_argument("--point", help="slug of the service point; needed when there are several")
        parser.add_argument("--new-point", metavar="NAME", help="make a service point with this name")
        parser.add_argument("--organisation", metavar="NAME", help="the organisation of the new point")
        parser.add_argument("--municipality", default="109", help="its municipality's code (109 is Hämeenlinna)")
        parser.add_argument("--street", default="", help="its street address")
        parser.add_argument("--postal-code", default="", help="its postal code")
        parser.add_argument("--password", action="store_true", help="ask for the password instead of making one")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the user; a password that was made is printed once."""
        options["username"] = options["username"] or self._asked("User name", "USERNAME")
        options["name"] = options["name"] or self._asked("First and last name", "--name")
        password = self._password(options)
        at = clock.now()
        with transaction.atomic():
            bind(SYSTEM)
            reference.load(at=at)
            try:
                point = self._point(options)
                made = users.add_first_admin(
                    Profile(name=options["name"], email=options["email"]),
                    at=at,
                    username=options["username"],
                    point=point,
                    password=password,
                )
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=2) from None
        self.stdout.write(f"{made.user.username} is an administrator of {point.slug}.")
        if password is None:
            self.stdout.write(f"Password for the first sign-in: {made.password}")

    def _asked(self, question: str, argument: str) -> str:
        """Ask the operator; a script must say it beforehand."""
        answer = input(f"{question}: ").strip() if sys.stdin.isatty() else ""
        if not answer:
            raise CommandError(f"{question} is missing: give {argument}.", returncode=2)
        return answer

    def _password(self, options: dict[str, Any]) -> str | None:
        if options["password_stdin"]:
            password = sys.stdin.readline().rstrip("\n")
        elif options["password"]:
            password = getpass.getpass("Password: ")
        else:
            return None
        try:
            validate_password(password, User(username=options["username"], name=options["name"]))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        return password

    def _point(self, options: dict[str, Any]) -> ServicePoint:
        if options["new_point"]:
            return self._new_point(options)
        rows = ServicePoint.objects.filter(is_active=True)
        if options["point"]:
            rows = rows.filter(slug=options["point"])
        found = list(rows.order_by("slug")[:2])
        if len(found) == 1:
            return found[0]
        if options["point"]:
            raise CommandError("No such service point.", returncode=2)
        if not found:
            options["new_point"] = self._asked("Name of the first service point", "--new-point")
            return self._new_point(options)
        raise CommandError("There are several service points: choose one with --point SLUG.", returncode=2)

    def _new_point(self, options: dict[str, Any]) -> ServicePoint:
        house = options["organisation"] or self._asked("The organisation that keeps it", "--organisation")
        municipality = Municipality.objects.filter(pk=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"There is no municipality {options['municipality']} in Finland.", returncode=2)
        at = clock.now()
        facts = PointFacts(
            names={"fi": options["new_point"]},
            municipality=municipality,
            street_address=options["street"],
            postal_code=options["postal_code"],
        )
        return points.open_point(facts, at=at, organisation=self._organisation(house, at))

    def _organisation(self, name: str, at: datetime) -> Organisation:
        """The one of this name, or a new one."""
        known = Organisation.objects.filter(names__fi__iexact=name).order_by("pk").first()
        facts = OrganisationFacts(names={"fi": name}, kind=Organisation.Kind.MUNICIPALITY)
        return known or organisations.add_organisation(facts, at=at)
