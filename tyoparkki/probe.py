"""Asked by containers every few seconds whether their process lives; light, without Django.

`python -m tyoparkki.probe web` asks this machine's web server; `… clock` looks at the heartbeat that beat orders and
the worker writes. Exit 0 means yes.
"""

import sys
import urllib.error
import urllib.request

import psycopg

from tyoparkki import environment

SILENCE_SECONDS = 90


def web() -> bool:
    """The web server of this machine answers."""
    host = (environment.items("ALLOWED_HOSTS") or ["localhost"])[0].lstrip(".*") or "localhost"
    address = f"http://127.0.0.1:{environment.number('PORT', 8000)}/healthz"
    request = urllib.request.Request(address, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def clock() -> bool:
    """Beat, broker, worker and database have worked together within the last minute and a half."""
    try:
        with psycopg.connect(environment.text("DATABASE_URL"), connect_timeout=4) as connection:
            row = connection.execute(
                "SELECT extract(epoch FROM now() - at) FROM tyoparkki_heartbeat WHERE name = 'worker'"
            ).fetchone()
    except psycopg.Error:
        return False
    return row is not None and float(row[0]) < SILENCE_SECONDS


if __name__ == "__main__":
    question = {"web": web, "clock": clock}.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if question is None:
        sys.stderr.write("Ask for web or clock.\n")
        sys.exit(2)
    sys.exit(0 if question() else 1)
