from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The partner services that a visitor may be guided to."""

    name = "services"

    def ready(self) -> None:
        """Add the services to search and go, and their classes to the topics' form."""
        from services import matching, palette  # noqa: F401 - they register themselves; they need the models
