"""The benchmark's own database, servers and signed-in people; nothing of it touches any other data folder."""

from __future__ import annotations

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
from typing import Any
from uuid import uuid4

import httpx

SCALES = {"small": (5_000, 12_000), "full": (100_000, 300_000)}


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


@dataclass
class Person:
    """A signed-in member of staff with a browser of their own."""

    username: str
    user_id: str
    membership_id: str
    session: str
    browser: httpx.Client
    token: str = ""

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Fetch a page; it must answer 200."""
        answer = self.browser.get(path, **more)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer

    def post(self, path: str, data: dict[str, Any]) -> httpx.Response:
        """Press a button as htmx does."""
        headers = {"X-CSRFToken": self.token, "HX-Request": "true"}
        return self.browser.post(path, data={**data, "submission_key": str(uuid4())}, headers=headers)

    def open_desk(self) -> None:
        """Fetch the first page, which hands out the CSRF token."""
        page = self.get("/tanaan/").text
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
    values = settings.DATABASES["default"]
    parts = {"host": values["HOST"], "port": values["PORT"], "dbname": values["NAME"], "user": values["USER"]}
    dsn = " ".join(f"{name}={value}" for name, value in parts.items() if value)
    port, bare_port = free_port(), free_port()
    environment = {**os.environ, "BENCH_DSN": dsn, "PORT": str(port)}
    web = _granian(environment, port, "asgi", "tyoparkki.asgi:application")
    bare = _granian(environment, bare_port, "wsgi", "bench.bare:application")
    try:
        house = House(scale, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}", dsn, facts, web)
        for url in (f"{house.url}/healthz", house.bare_url):
            _wait_for(url)
        _sign_in(house)
        yield house
    finally:
        for process in (web, bare):
            process.terminate()
            process.wait(20)


def _data(scale: str) -> dict[str, Any]:
    from io import StringIO

    from django.core.management import call_command

    clients, visits = SCALES[scale]
    said = StringIO()
    began = time.perf_counter()
    call_command("bench_load", clients=clients, visits=visits, seed=1, stdout=said)
    facts: dict[str, Any] = json.loads(said.getvalue())
    print(
        f"  {facts['clients']} clients, {facts['visits']} visits loaded in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    return facts


def _granian(environment: dict[str, str], port: int, interface: str, target: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "granian", "--interface", interface, "--workers", "2", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-ws", "--log-level", "error", target]
    return subprocess.Popen(command, env=environment)


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
        browser = httpx.Client(
            base_url=house.url, timeout=30, cookies={settings.SESSION_COOKIE_NAME: str(store.session_key)}
        )
        person = Person(
            membership.user.username, str(membership.user_id), str(membership.pk), str(store.session_key), browser
        )
        house.people[person.username] = person
    for username in ("vastaanotto", *ADVISORS):
        house.people[username].open_desk()


ADVISORS = ("jukka", "kumppani", "neuvoja", "elif", "mikael", "petri", "riikka", "outi")
