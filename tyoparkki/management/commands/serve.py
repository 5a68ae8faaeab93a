"""`make run`: everything that the product needs, under one parent."""

from __future__ import annotations

import fcntl
import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, NoReturn

import psycopg
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from tyoparkki import checks, clock, embedded, environment, external, folder, health
from tyoparkki.supervisor import Child, Supervisor, clear_leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator

READY_WITHIN_S = 90.0
HEAL_EVERY_S = 2.0
LISTEN_EVERY_S = 30.0


class Command(BaseCommand):
    """Start the databases, bring the tables up to date, and keep web, worker and beat running until told to stop."""

    help = "Runs the whole product: databases, migrations, web server, background worker and clock."
    requires_system_checks: list[str] = []  # its own sentences come below

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        clock.share()
        self.data = environment.data_dir()
        self.looked = self.listened = self.heard = time.monotonic()
        self.trouble = ""
        self.host = "localhost" if settings.BIND in {"127.0.0.1", "0.0.0.0", "::"} else settings.BIND  # noqa: S104 - compared, not bound
        supervisor: Supervisor | None = None
        try:
            self._refuse_what_is_wrong()
            lock = self._only_one()
            self._prepare()
            supervisor = self._supervisor()
            supervisor.start()
            self._wait_until_ready(supervisor)
            self._introduce()
            self._keep(supervisor)
        except environment.Misconfigured as reason:
            self._refuse(str(reason))
        except OSError as error:
            self._refuse(f"The product cannot run: {error.strerror or error} ({error.filename or self.data}).")
        except _Leave:
            self._say("Stopping …")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            if supervisor:
                supervisor.stop()
            connections.close_all()
            embedded.leave(self.data)
        lock.close()

    # --- words ------------------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        with suppress(OSError):  # nobody reads any more, or the disk is full: no reason to stop
            self.stdout.write(text)
            self.stdout.flush()

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self._say(f"  {name:<28} {time.monotonic() - started:5.1f} s")

    # --- before anything starts -------------------------------------------------------------------------------

    def _refuse_what_is_wrong(self) -> None:
        for error in checks.demo_stays_at_home(None):
            self._refuse(error.msg)
        clock.now()  # refuses a frozen clock where there is none

    def _only_one(self) -> IO[bytes]:
        """Hold the data folder's lock, clear what a crash left, and see that the port is free."""
        folder.make_folder(self.data)
        lock = (self.data / "serve.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._refuse(f"The product already runs with the data folder {self.data}.")
        for name in clear_leftovers(self.data):
            self._say(f"  ended a left-over process: {name}")
        family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                reason = "is taken" if error.errno in {48, 98} else f"cannot be used ({error.strerror})"
                self._refuse(
                    f"Port {settings.PORT} {reason}; choose another one, for example PORT={settings.PORT + 1}."
                )
        return lock

    # --- data -------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        own_database, own_broker = (not environment.text(name) for name in ("DATABASE_URL", "REDIS_URL"))
        with self._step("databases"):
            if not own_broker:
                self._greet_broker()
            if own_database or own_broker:
                embedded.ensure(self.data, database=own_database, broker=own_broker)
            if not own_database:
                self._greet_external()
        with self._step("tables"):
            try:
                call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            except DatabaseError as error:
                self._refuse(f"The tables could not be brought up to date ({type(error).__name__}).")
        with self._step("reference data"):
            call_command("load_reference", verbosity=0, skip_checks=True)
        with self._step("pages' files"):
            self._collect_static()
        if settings.DEMO and "demo" in get_commands():
            with self._step("demonstration data"):
                self._demo()
        connections.close_all()

    def _greet_external(self) -> None:
        try:
            external.prepare(environment.text("DATABASE_URL"))
        except psycopg.OperationalError:
            self._refuse(f"The database at {external.where(environment.text('DATABASE_URL'))} does not answer.")

    def _greet_broker(self) -> None:
        """The broker of REDIS_URL is asked thrice: a container beside may be starting."""
        for wait in (1, 1, 0):
            if health.broker_answers():
                return
            time.sleep(wait)
        self._refuse(f"The broker at {external.where(environment.text('REDIS_URL'))} (REDIS_URL) does not answer.")

    def _collect_static(self) -> None:
        """Gather and name the files by their content, when they have changed."""
        digest = hashlib.sha256()
        for place in settings.STATICFILES_DIRS:
            for path in sorted(place.rglob("*")):
                if path.is_file():
                    digest.update(
                        f"{path.relative_to(place)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode()
                    )
        digest.update((environment.BASE_DIR / "requirements" / "app.txt").read_bytes())
        stamp = self.data / "static.stamp"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, skip_checks=True)
        stamp.write_text(digest.hexdigest(), encoding="utf-8")

    def _demo(self) -> None:
        """Fill an empty database with the demonstration; one that holds anything is left as it is."""
        from django.contrib.auth import get_user_model

        from tyoparkki.models import Installation

        if get_user_model().objects.using("owner").exists():
            return
        Installation.objects.using("owner").update_or_create(id=1, defaults={"is_demo": True})
        command = [sys.executable, "manage.py", "demo", "--seed", "1", "--weeks", "8"]
        done = subprocess.run(command, cwd=environment.BASE_DIR, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            self._refuse("The demonstration data could not be made; the lines above say why.")

    # --- processes --------------------------------------------------------------------------------------------

    def _supervisor(self) -> Supervisor:
        logs = self.data / "log"
        logs.mkdir(mode=0o700, exist_ok=True)
        python = [sys.executable, "-m"]
        web = [*python, "tyoparkki.web"]
        celery = [*python, "celery", "-A", "tyoparkki"]
        worker = [*celery, "worker", "--concurrency", str(environment.number("WORKER_PROCESSES", 1, at_least=1))]
        worker += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
        return Supervisor(
            self.data,
            [
                Child("web", web, logs / "web.log", {"STATEMENT_TIMEOUT_MS": "10000"}),
                Child("worker", worker, logs / "worker.log"),
                Child("beat", beat, logs / "beat.log"),
            ],
            self._say,
        )

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        with self._step("web, worker and clock"):
            deadline = time.monotonic() + READY_WITHIN_S
            while not (answer := self._ask_ready()).get("ok"):
                self._look_after(supervisor)
                tired = next((child for child in supervisor.children if child.failures >= 4), None)
                late = time.monotonic() > deadline
                missing = [name for name, fine in answer.items() if not fine and name != "ok"] or ["web"]
                if late and not tired and set(missing) <= {"broker", "worker"}:
                    self._say(f"  missing: {', '.join(missing)}; everything but the figures works without")
                    return
                if tired or late:
                    words = f" {tired.name} said: {tired.last_words()}" if tired else ""
                    self._refuse(
                        f"The product is not ready (missing: {', '.join(missing)}); see {self.data / 'log'}.{words}"
                    )
                time.sleep(0.15)

    def _ask_ready(self) -> dict[str, Any]:
        host = settings.BIND if settings.BIND != "0.0.0.0" else "127.0.0.1"  # noqa: S104 - compared, not bound
        request = urllib.request.Request(
            f"http://{host}:{settings.PORT}/readyz",
            headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"},
        )
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310 - our own http address
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                try:
                    return dict(json.load(error))
                except ValueError:
                    return {}
        except (OSError, ValueError):
            return {}

    def _keep(self, supervisor: Supervisor) -> None:
        while True:
            self._look_after(supervisor)
            time.sleep(0.25)

    def _look_after(self, supervisor: Supervisor) -> None:
        """The children at each look, the embedded servers every two seconds."""
        supervisor.watch()
        if time.monotonic() - self.looked > HEAL_EVERY_S:
            self._heal_servers()
            self.looked = time.monotonic()
        if time.monotonic() - self.listened > LISTEN_EVERY_S:
            self._end_the_silent(supervisor)
            self.listened = time.monotonic()

    def _end_the_silent(self, supervisor: Supervisor) -> None:
        """A worker or beat may live and do nothing; silent for longer than any work may last, they start anew."""
        answer = self._ask_ready()
        if answer.get("worker") or not (answer.get("database") and answer.get("broker")):
            self.heard = time.monotonic()
        elif time.monotonic() - self.heard > settings.CELERY_TASK_TIME_LIMIT:
            self._say("worker and beat have not been heard of for too long; they are ended and start again")
            supervisor.end("worker", "beat")
            self.heard = time.monotonic()

    def _heal_servers(self) -> None:
        """The embedded servers are watched like children."""
        database = not environment.text("DATABASE_URL") and not embedded.database_answers(self.data)
        broker = not environment.text("REDIS_URL") and not embedded.broker_answers(self.data)
        if not (database or broker):
            return
        names = " and ".join(name for name, down in (("PostgreSQL", database), ("Valkey", broker)) if down)
        try:
            embedded.ensure(self.data, database=database, broker=broker)
        except (embedded.Unavailable, OSError) as reason:
            if str(reason) != self.trouble:
                self._say(f"{reason} Trying again.")
            self.trouble = str(reason)
        else:
            self._say(f"{names} had ended and was started again")
            self.trouble = ""

    # --- what to do with it -----------------------------------------------------------------------------------

    def _introduce(self) -> None:
        address = f"http://{self.host}:{settings.PORT}"
        self._say(f"\nTyöParkki is ready: {address}/")
        if settings.DEMO:
            self._introduce_demo(address)
        self._say("Ctrl-C stops everything.\n")

    def _introduce_demo(self, address: str) -> None:
        self._say("This is a demonstration with invented people; it answers on this machine only.")
        try:
            told = json.loads((self.data / folder.DEMONSTRATION).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        for name in told.get("sign_ins", ()):
            self._say(f"  sign in as  {name:<14} password  {told.get('password', '')}")
        for name, path in told.get("addresses", {}).items():
            self._say(f"  {name:<10}  {path if path.startswith('http') else address + path}")


class _Leave(BaseException):
    """Somebody asked the product to stop."""


def _leave(number: int, frame: Any) -> NoReturn:
    raise _Leave
