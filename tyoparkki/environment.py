"""What the environment says: the only place where the outside tells the program how to run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class Misconfigured(Exception):
    """The environment asks for something that cannot be; the text is one clear sentence for the operator."""


def text(name: str, default: str = "") -> str:
    """One value; a file named in NAME_FILE (a mounted secret) is read when NAME itself is not set."""
    if name in os.environ:
        return os.environ[name].strip()
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no."""
    value = text(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int, *, at_least: int = 0, at_most: int | None = None) -> int:
    """A whole number, within its limits."""
    value = text(name)
    if value and not value.isdecimal():
        raise Misconfigured(f"{name} must be a whole number, not {value}.")
    found = int(value) if value else default
    if found < at_least or (at_most is not None and found > at_most):
        limits = f"from {at_least} to {at_most}" if at_most is not None else f"at least {at_least}"
        raise Misconfigured(f"{name} must be {limits}, not {value}.")
    return found


def secure_address(name: str) -> str:
    """A web address that is spoken to over TLS, or one of this very machine."""
    value = text(name)
    parts = urlsplit(value)
    near = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if value and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and near))):
        raise Misconfigured(f"{name} must be an address that starts with https://.")
    return value


def items(name: str) -> list[str]:
    """Values separated by commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def data_dir() -> Path:
    """The folder that holds the embedded servers' data, secret key and logs."""
    return Path(text("DATA_DIR") or BASE_DIR / ".data").expanduser().absolute()


def database(url: str, *, role: str | None, statement_timeout_ms: int, lock_timeout_ms: int) -> dict[str, Any]:
    """Django's description of the database behind a postgresql:// address, working as `role`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise Misconfigured("A database address (DATABASE_URL) starts with postgresql://.")
    query = dict(parse_qsl(parts.query))
    options = [query.pop("options", ""), f"-c role={role}" if role else ""]
    options += [f"-c statement_timeout={statement_timeout_ms}", f"-c lock_timeout={lock_timeout_ms}"]
    # Statements that ask to be prepared are planned once, and nothing else is (tyoparkki/prepared.py).
    options += ["-c idle_in_transaction_session_timeout=60000", "-c plan_cache_mode=force_generic_plan"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "tyoparkki",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {
            "connect_timeout": 5,
            "prepare_threshold": 0,
            **query,
            "options": " ".join(option for option in options if option),
        },
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
