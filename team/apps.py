from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Who we are and when we are open: organisations, people, roles, points, days, shifts, devices."""

    name = "team"

    def ready(self) -> None:
        """Say who may hear of changes."""
        from team import channels  # noqa: F401 - registers itself; needs the models
