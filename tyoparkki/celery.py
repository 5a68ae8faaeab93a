"""The background worker's application; what happens by the clock stands in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")

app = Celery("tyoparkki")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
