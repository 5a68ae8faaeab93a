"""The settings are safe without anybody's doing, and say in one sentence what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.site import free_port
from tyoparkki import checks, embedded, environment, roles

if TYPE_CHECKING:
    from django.test import Client

PRODUCTION = {
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijABCDEFGHIJ-_",
    "ALLOWED_HOSTS": "tyoparkki.example",
    "BEHIND_PROXY": "1",
    "BIND": "0.0.0.0",
}


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A process of the product with nothing of this one's environment but where Python lies."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=environment.BASE_DIR,
        env={"DATA_DIR": str(environment.data_dir()), **kept, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def production_setting(names: list[str]) -> dict[str, object]:
    code = (
        "import json, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tyoparkki.settings'\n"
        "from django.conf import settings\n"
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    done = run("-c", code, **PRODUCTION, DATABASE_URL="postgresql://tp_app@db.example/tyoparkki")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.django_db
def test_the_deployment_check_finds_nothing_in_production_settings() -> None:
    urls = {
        ("DATABASE_URL" if alias == "default" else f"DATABASE_{alias.upper()}_URL"): embedded.database_url(role)
        for alias, role in roles.ROLE_OF_ALIAS.items()
    }
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **urls)
    assert done.returncode == 0, done.stderr


def test_cookies_and_transport_are_closed_in_production() -> None:
    found = production_setting(
        [
            "DEBUG",
            "DEMO",
            "SESSION_COOKIE_NAME",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_NAME",
            "CSRF_COOKIE_SECURE",
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
            "PASSWORD_HASHERS",
            "SILENCED_SYSTEM_CHECKS",
        ]
    )
    assert found["DEBUG"] is False
    assert found["DEMO"] is False
    assert str(found["SESSION_COOKIE_NAME"]).startswith("__Host-")
    assert str(found["CSRF_COOKIE_NAME"]).startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert int(str(found["SECURE_HSTS_SECONDS"])) >= 31_536_000
    assert "Argon2" in str(found["PASSWORD_HASHERS"][0])
    assert found["SILENCED_SYSTEM_CHECKS"] == []


def test_the_admin_of_django_is_not_installed() -> None:
    assert "django.contrib.admin" not in str(production_setting(["INSTALLED_APPS"]))


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://db.example/x"}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "mysql://db.example/x", "DEMO": "1"}, "starts with postgresql://"),
        ({"PORT": "abc"}, "PORT must be a whole number"),
        ({"PORT": "0"}, "PORT must be from 1 to 65535, not 0."),
        ({"PORT": "70000"}, "PORT must be from 1 to 65535, not 70000."),
        ({"DEMO": "1", "TYOPARKKI_NOW": "tänään"}, "TYOPARKKI_NOW is no moment like"),
        ({"TYOPARKKI_NOW": "2026-11-18T14:36+02:00"}, "for demo and test settings only"),
        ({"DATA_DIR": "/nonexistent/folder"}, "the folder above it does not exist"),
        ({"DEMO": "1", "ALLOWED_HOSTS": "tyoparkki.example"}, "must not be reachable from outside"),
        ({"DEMO": "1", "BIND": "0.0.0.0"}, "must not be reachable from outside"),
        ({"DEMO": "1", "DATABASE_URL": "postgresql://x:secret@127.0.0.1:9/x"}, "127.0.0.1:9/x does not answer"),
        ({"DEMO": "1", "REDIS_URL": "redis://:secret@127.0.0.1:9/0"}, "127.0.0.1:9/0 (REDIS_URL) does not answer"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(env: dict[str, str], sentence: str, tmp_path_factory) -> None:
    folder = str(tmp_path_factory.mktemp("data"))
    done = run("manage.py", "serve", **{"DATA_DIR": folder, "PORT": str(free_port()), **env})
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_every_command_says_at_once_that_the_clock_cannot_be_read(tmp_path) -> None:
    done = run("manage.py", "help", DATA_DIR=str(tmp_path), DEMO="1", TYOPARKKI_NOW="tänään")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("TYOPARKKI_NOW is no moment like")


def test_a_command_in_the_folder_of_a_demonstration_works_in_it(tmp_path) -> None:
    set_clock = {"DATA_DIR": str(tmp_path), "TYOPARKKI_NOW": "2026-11-18T14:36+02:00"}
    assert run("manage.py", "help", **set_clock).returncode == 2
    (tmp_path / "demo.json").write_text("{}")
    assert run("manage.py", "help", **set_clock).returncode == 0
    elsewhere = {"DATABASE_URL": "postgresql://db.example/x", "SECRET_KEY": "x" * 60}
    assert run("manage.py", "help", **set_clock, **elsewhere).returncode == 2
    assert run("manage.py", "help", **set_clock, DEMO="0").returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["recount", "--check"], ["check_consistency", "--json"], ["create_admin", "a", "--name", "A"]]
)
def test_a_database_without_tables_is_said_in_one_sentence(command: list[str], tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("data")
    done = run("manage.py", *command, DATA_DIR=str(folder))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("The database lacks tables of this version")


def test_the_demonstration_never_meets_the_public(settings) -> None:
    settings.DEMO, settings.DEBUG, settings.BIND = True, False, "127.0.0.1"
    settings.ALLOWED_HOSTS = ["localhost"]
    assert checks.demo_stays_at_home(None) == []
    settings.ALLOWED_HOSTS = ["localhost", ".example"]
    assert [error.id for error in checks.demo_stays_at_home(None)] == ["tyoparkki.E001"]


@pytest.mark.django_db
def test_every_answer_carries_the_headers(client: Client) -> None:
    for path in ("/healthz", "/there-is-no-such-page/"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy.split("; "), "and nothing besides"
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert len(answer["X-Request-ID"]) >= 8


def test_a_log_line_holds_places_and_no_values() -> None:
    import logging

    from tyoparkki.headers import JsonLine

    try:
        raise ValueError("Aino Virtanen")
    except ValueError:
        record = logging.LogRecord("tyoparkki", logging.ERROR, __file__, 1, "it failed", None, sys.exc_info())
    line = json.loads(JsonLine().format(record))
    assert line["error"] == "ValueError"
    assert "test_settings.py" in line["where"]
    assert "Aino" not in json.dumps(line)
