"""The account that runs the embedded servers: ours, or an unprivileged one, for PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import stat
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pwd
    from pathlib import Path

NAME = "tyoparkki"


def of_servers(pgdata: Path) -> pwd.struct_passwd | None:
    """Nobody else when we are not root; else the owner of what is there, or an account made for it."""
    if os.geteuid() != 0:
        return None
    import pwd  # only where root exists

    with suppress(FileNotFoundError, KeyError):
        if owner := pgdata.stat().st_uid:
            return pwd.getpwuid(owner)
    with suppress(KeyError):
        return pwd.getpwnam(NAME)
    with suppress(OSError, subprocess.SubprocessError):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=True, capture_output=True, timeout=20)
        return pwd.getpwnam(NAME)
    return pwd.getpwnam("nobody")


def let_pass(path: Path) -> None:
    """Let the servers' account walk through the folders above; it gains no right to list or read them."""
    for folder in path.resolve().parents:
        mode, owner = folder.stat().st_mode, folder.stat().st_uid
        if owner == 0 and not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
