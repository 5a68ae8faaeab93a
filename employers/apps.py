from django.apps import AppConfig


class EmployersConfig(AppConfig):
    """The other customers: employers, contacts with them, positions, placements."""

    name = "employers"

    def ready(self) -> None:
        """Say who hears of changes, and add the employers to search and go."""
        from employers import channels, palette  # noqa: F401 - register themselves; need the models
