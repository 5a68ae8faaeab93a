from importlib import import_module

from django.apps import AppConfig


class TyoparkkiConfig(AppConfig):
    """The ground floor: settings, servers, trace, outbox, live channel."""

    name = "tyoparkki"

    def ready(self) -> None:
        """Bind the background worker's application and the checks; a clock that cannot be read is said at once."""
        import_module("tyoparkki.celery")
        import_module("tyoparkki.checks")
        from tyoparkki import clock

        clock.now()
