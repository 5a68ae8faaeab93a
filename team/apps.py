from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Who we are and when we are open: organisations, people, roles, points, days, shifts, devices."""

    name = "team"

    def ready(self) -> None:
        """Say who may hear of changes, and which professions the product ships."""
        from team import channels  # noqa: F401 - registers itself; needs the models
        from team.actions import vocabulary
        from tyoparkki import reference

        reference.on_load("new professions", lambda at: vocabulary.load_professions(at=at))
