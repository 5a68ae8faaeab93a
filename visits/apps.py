from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The desk: visits, encounters, guidance, queue and board."""

    name = "visits"
