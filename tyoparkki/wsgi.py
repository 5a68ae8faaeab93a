"""The pages, as a WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from tyoparkki import checks

application = get_wsgi_application()

for error in checks.demo_stays_at_home(None):
    raise ImproperlyConfigured(error.msg)
