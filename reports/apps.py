from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures read from everything, read by nobody; demo and bench data."""

    name = "reports"

    def ready(self) -> None:
        """Keep what the figures need of whoever is erased."""
        from clients import rights as of_person
        from reports.actions import keep_months

        of_person.when_erased("reports", keep_months)
