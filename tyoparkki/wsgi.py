"""The pages, as a WSGI application."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from tyoparkki import checks

application = get_wsgi_application()

# What starting has made stays: the collector of garbage need not look through it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 50)

for error in checks.demo_stays_at_home(None):
    raise ImproperlyConfigured(error.msg)
