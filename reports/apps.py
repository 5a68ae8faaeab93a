from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures read from everything, read by nobody; demo and bench data."""

    name = "reports"
