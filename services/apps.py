from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The partner services that a visitor may be guided to."""

    name = "services"

    def ready(self) -> None:
        """Add the services to search and go."""
        from services import palette  # noqa: F401 - registers itself; needs the models
