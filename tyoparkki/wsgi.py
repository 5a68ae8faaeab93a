"""The pages, as a WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - the environment comes first

application = get_wsgi_application()
