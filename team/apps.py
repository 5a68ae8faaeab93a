from django.apps import AppConfig


class TeamConfig(AppConfig):
    """Who we are and when we are open: organisations, people, roles, points, days, shifts, devices."""

    name = "team"
