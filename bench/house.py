"""The benchmark's own database, servers and signed-in people; nothing of it touches any other data folder."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import psycopg

from bench import day
from bench.bare import TODAY
from tyoparkki import environment

SCALES = {"small": (3_000, 6_000), "full": (100_000, 300_000)}


@dataclass
class House:
    """What the measures work with."""

    scale: str
    url: str
    bare_url: str
    dsn: str
    facts: dict[str, Any]
    web: subprocess.Popen[bytes]
    people: dict[str, Person] = field(default_factory=dict)
    advisors: list[Person] = field(default_factory=list)
    idle: list[psycopg.Connection] = field(default_factory=list)

    def set_up(self, **numbers: Any) -> None:
        """Replace today's visits, so that each measure begins with the same day (bench/day.py)."""
        day.set_up(self.facts, [person.membership_id for person in self.advisors], **numbers)

    def rows(self, statement: str, values: list[Any] | None = None) -> list[Any]:
        """What the system's role does in the database to set the scene: it waits for no disk, and its connection stays,
        so that the presses which are measured are not slowed by it."""
        try:
            connection = self.idle.pop()
        except IndexError:
            connection = psycopg.connect(self.dsn, autocommit=True, options="-c synchronous_commit=off")
        found = connection.execute(statement, values).fetchall()
        self.idle.append(connection)
        return found


class Browser:
    """A kept-alive connection and its cookies: as little work as possible, so that the server is measured."""

    def __init__(self, url: str, cookies: dict[str, str] | None = None) -> None:
        self.host = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.cookies = cookies or {}

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """One request; its status and body."""
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):  # it was idle for too long
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel["path"] in ("", "/"):
                    self.cookies[name] = morsel.value
        return answer.status, answer.read()


@dataclass
class Person:
    """A signed-in member of staff with a browser of their own."""

    username: str
    user_id: str
    membership_id: str
    session: str
    browser: Browser
    token: str = ""

    def get(self, path: str, *, part: bool = False) -> bytes:
        """Fetch a page, or a part as htmx does; it must answer 200."""
        status, body = self.browser.send("GET", path, None, {"HX-Request": "true"} if part else {})
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return body

    def post(self, path: str, data: dict[str, Any]) -> bytes:
        """Press a button as htmx does; it must answer 200."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.token,
            "HX-Request": "true",
        }
        body = urlencode({**data, "submission_key": str(uuid4())}).encode()
        status, answer = self.browser.send("POST", path, body, headers)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return answer

    def open_desk(self) -> None:
        """Fetch the first page, which hands out the CSRF token."""
        page = self.get("/tanaan/").decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.token = found.group(1) if found else ""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def built(scale: str) -> Iterator[House]:
    """Data of a scale, the product's web and the bare floor beside it, and everybody signed in."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    facts = _data(scale)
    # The bare floor works behind the same walls as the product; what only sets the scene does not.
    floor, dsn = _dsn(settings.DATABASES["default"]), _dsn(settings.DATABASES["system"])
    port, bare_port = free_port(), free_port()
    environment = {**os.environ, "BENCH_DSN": floor, "PORT": str(port)}
    web = subprocess.Popen([sys.executable, "-m", "tyoparkki.web"], env=environment)
    bare = subprocess.Popen([*_BARE, "--port", str(bare_port), "bench.bare:application"], env=environment)
    house = House(scale, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}", dsn, facts, web)
    try:
        for url in (f"{house.url}/healthz", house.bare_url):
            _wait_for(url)
        _sign_in(house)
        yield house
    finally:
        for connection in house.idle:
            connection.close()
        for process in (web, bare):
            process.terminate()
            process.wait(20)


def _dsn(values: dict[str, Any]) -> str:
    parts = {"host": values["HOST"], "port": values["PORT"], "dbname": values["NAME"], "user": values["USER"]}
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)


def _data(scale: str) -> dict[str, Any]:
    """The data of a scale, made anew; with BENCH_REUSE=1 those of the last run, if they are of the same scale."""
    from io import StringIO

    from django.conf import settings
    from django.core.management import call_command

    kept = settings.DATA_DIR / "bench.json"
    if environment.flag("BENCH_REUSE") and kept.is_file():
        facts: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if facts["scale"] == scale:
            return facts
    kept.unlink(missing_ok=True)
    clients, visits = SCALES[scale]
    said = StringIO()
    began = time.perf_counter()
    call_command("bench_load", clients=clients, visits=visits, seed=1, stdout=said)
    facts = {**json.loads(said.getvalue()), "scale": scale}
    kept.write_text(json.dumps(facts), encoding="utf-8")
    print(
        f"  {facts['clients']} clients, {facts['visits']} visits loaded in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    return facts


_BARE = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--host", "127.0.0.1"]
_BARE += ["--http", "1", "--no-http1-keep-alive", "--log-level", "error"]


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} does not answer.")


def _sign_in(house: House) -> None:
    """Sessions made in the database: the password's slow hash is not what is measured."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from team.models import Membership

    for membership in Membership.objects.filter(point_id=house.facts["point"]).select_related("user"):
        store = SessionStore()
        store[SESSION_KEY] = str(membership.user_id)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
        store.save()
        browser = Browser(house.url, {settings.SESSION_COOKIE_NAME: str(store.session_key)})
        person = Person(
            membership.user.username, str(membership.user_id), str(membership.pk), str(store.session_key), browser
        )
        house.people[person.username] = person
    for username in ("vastaanotto", *ADVISORS, "esihenkilo"):
        house.people[username].open_desk()
    house.advisors = [house.people[username] for username in ADVISORS]
    today = f'SELECT id::text FROM team_serviceday WHERE point_id = %s AND "on" = {TODAY}'  # noqa: S608 - our own words
    house.facts["today"] = house.rows(today, [house.facts["point"]])[0][0]
    house.facts["desk"] = house.people["vastaanotto"].membership_id


ADVISORS = ("jukka", "kumppani", "neuvoja", "elif", "mikael", "petri", "riikka", "outi")
