from django.apps import AppConfig


class EmployersConfig(AppConfig):
    """The other customers: employers, contacts with them, positions, placements."""

    name = "employers"
