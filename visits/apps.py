from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The desk: visits, encounters, guidance, queue and board."""

    name = "visits"

    def ready(self) -> None:
        """Say who may hear of changes."""
        from visits import channels  # noqa: F401 - registers itself; needs the models
