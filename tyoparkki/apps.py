from django.apps import AppConfig


class TyoparkkiConfig(AppConfig):
    """The ground floor: settings, servers, trace, outbox, live channel."""

    name = "tyoparkki"

    def ready(self) -> None:
        """Bind the background worker's application and the checks; a clock that cannot be read is said at once."""
        from tyoparkki import celery, checks, clock  # noqa: F401 - registers itself; needs the apps loaded

        clock.now()
