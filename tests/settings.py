"""The product's settings in the environment of the tests: a data folder of their own and nothing from outside."""

import os
from pathlib import Path

from tyoparkki import embedded

ROOT = Path(__file__).resolve().parent.parent
for name in [name for name in os.environ if name.startswith(("DATABASE_", "REDIS_", "OIDC_"))]:
    if not os.environ.get("TYOPARKKI_TEST_DATABASE"):  # a process that the tests started brings its addresses
        del os.environ[name]
os.environ.setdefault("DATA_DIR", str(ROOT / ".data-test"))
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "30000")
os.environ["TYOPARKKI_TESTING"] = "1"
# Off by default: here it is on, for its field and addresses are looked at and pressed like all others.
os.environ["TYOPARKKI_IDENTITY_CODES"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop in the tests' thread
for name in ("DEBUG", "DEMO", "ALLOWED_HOSTS", "BIND"):
    os.environ.pop(name, None)

# Processes that test side by side have their own shelves: two of the sixteen for each.
SHELF = 2 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8)
os.environ.setdefault("REDIS_URL", embedded.redis_url(shelf=SHELF))
os.environ.setdefault("REDIS_CACHE_URL", embedded.redis_url(shelf=SHELF + 1))

from tyoparkki.settings import *  # noqa: E402, F403 - the environment comes first

Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns when it is missing
if os.environ.get("TYOPARKKI_FAST_HASH", "1") == "1":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
IS_STARTED_BY_TESTS = bool(os.environ.get("TYOPARKKI_TEST_DATABASE"))
OUTBOX_NUDGES = IS_STARTED_BY_TESTS  # in the tests' own process nobody listens
# There, each new test browser would list all the pages' files anew, before its first request.
WHITENOISE_AUTOREFRESH = not IS_STARTED_BY_TESTS
