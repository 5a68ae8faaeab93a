"""The data folder: made once, closed to others, with the installation's own secret in it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from tyoparkki import environment

# What `demo` made, told as JSON.
DEMONSTRATION = "demo.json"


class Unavailable(environment.Misconfigured):
    """The embedded servers cannot run here; the text is one clear sentence for the operator."""


def make_folder(data: Path) -> None:
    """Make the data folder, or say in one sentence why it cannot be used."""
    if not os.path.isdir(data.parent):  # noqa: PTH112 - also says no where looking is not allowed
        raise Unavailable(f"The data folder {data} cannot be made: the folder above it does not exist or is closed.")
    try:
        data.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {data} cannot be made ({error.strerror}).") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise Unavailable(f"The data folder {data} cannot be written to.")


def holds_demonstration(data: Path) -> bool:
    """Whether the servers of this folder hold invented people; a database elsewhere says nothing of it here."""
    if environment.text("DATABASE_URL"):
        return False
    with suppress(PermissionError):  # a closed folder is told of when it is used
        return (data / DEMONSTRATION).exists()
    return False


def secret_key(data: Path) -> str:
    """The installation's own secret, made once and readable by its owner only."""
    make_folder(data)
    try:
        return write_once(data / "secret_key", secrets.token_urlsafe(64))
    except OSError as error:
        raise Unavailable(f"The data folder {data} cannot be used ({error.strerror}).") from error


def write_once(path: Path, text: str) -> str:
    """What the file says; of several processes that write it for the first time at once, one wins."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
