"""The background worker's application; what happens by the clock stands in settings."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tyoparkki.settings")

app = Celery("tyoparkki")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def say_that_it_lives(**_kwargs: Any) -> None:
    """Beat counts from its own start: the first heartbeat and the first look at the outbox come at once."""
    for task in ("tyoparkki.tasks.beat_heart", "tyoparkki.tasks.drain_outbox"):
        app.send_task(task, expires=20)
